internal import Images
internal import Randomness

extension EpisodeSampler {
  /// Episodes that share no image with each other, as many as the images allow.
  ///
  /// Means over such episodes are means over independent draws of images, so their interval covers the choice of the
  /// images too; with replacement, episodes share images and the interval speaks for this set of images only.
  ///
  /// Every picture is used once at most, by content: of several copies, in one class or in many, one takes part. An
  /// episode takes the classes that have most left, equals being chosen at random, so images are used up evenly and no
  /// other order gives more episodes. With rotations an image is used in one of its turns only, so the classes of an
  /// episode are all different also without their turns.
  ///
  /// The data sets of a union take turns, and all end where one has no more, so that each gives as many episodes.
  ///
  /// - Parameter most: How many episodes are wanted; none are made where their sizes vary.
  /// - Returns: The same list for the same sampler, numbered from 0; fewer than wanted, or none, where images run out.
  /// - Source: Lafargue et al. 2024 (arXiv 2409.02850), for the use of such episodes; the order of drawing is ours.
  public func disjointEpisodes(upTo most: Int) -> [EpisodeDescription] {
    guard shape.isPlain else { return [] }
    var stream = RandomStream(seed: seed, purpose: "episodes/disjoint/\(split.rawValue)")
    let perClass = shape.shots + shape.queries
    var left = unsharedImages(&stream)
    var episodes: [EpisodeDescription] = []
    while episodes.count < most {
      // Whole parts count: what is left over after the last of them cannot be used.
      let parts = left.map { $0.count / perClass }
      let members = sets[episodes.count % sets.count].members
      let order = stream.distinct(members.count, below: members.count).map { members[$0] }
      let positions = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
      let ranked = order.filter { parts[$0] > 0 }
        .sorted { (parts[$1], positions[$0] ?? 0) < (parts[$0], positions[$1] ?? 0) }
      guard ranked.count >= shape.ways else { break }
      let chosen = Array(ranked.prefix(shape.ways))
      // The richest came first: shuffled again, so that a label says nothing.
      let sources = stream.distinct(shape.ways, below: shape.ways).map { chosen[$0] }
      episodes.append(episode(episodes.count, of: sources, taking: &left, &stream))
    }
    episodes.removeLast(episodes.count % sets.count)
    return episodes
  }

  /// The images of each class in random order, each content once in the whole split.
  private func unsharedImages(_ stream: inout RandomStream) -> [[String]] {
    var seen: Set<UInt64> = []
    return classes.map { item in
      stream.distinct(item.images.count, below: item.images.count)
        .filter { seen.insert(item.keys[$0]).inserted }.map { item.images[$0] }
    }
  }

  private func episode(
    _ index: Int, of sources: [Int], taking left: inout [[String]], _ stream: inout RandomStream
  ) -> EpisodeDescription {
    let degrees = sources.map { _ in rotations == .none ? 0 : stream.below(4) * 90 }
    let names = zip(sources, degrees).map { source, degrees in
      rotations == .class && degrees > 0 ? "\(classes[source].name)@\(degrees)" : classes[source].name
    }
    var (support, query): ([[String]], [[String]]) = ([], [])
    for source in sources {
      support.append(Array(left[source].suffix(shape.shots)))
      left[source].removeLast(shape.shots)
      query.append(Array(left[source].suffix(shape.queries)))
      left[source].removeLast(shape.queries)
    }
    return EpisodeDescription(
      index: index, classes: names, rotations: degrees, support: support, query: query)
  }
}
