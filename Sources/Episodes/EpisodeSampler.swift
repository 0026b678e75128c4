public import Images
import Randomness

/// Draws episodes, each a pure function of (seed, split, index).
///
/// Classes come in random order, so a label says nothing about a class. Support and query share no image, by
/// path and by content, within a class and across the classes of an episode. Two rotations of one class in
/// an episode use the same support images and the same query images, each turned.
public struct EpisodeSampler: Sendable {
  /// The split the classes come from.
  public let split: Split

  /// The ways, shots and queries of every episode.
  public let shape: EpisodeShape

  /// How rotation makes classes.
  public let rotations: RotationPolicy

  /// The seed of all episodes.
  public let seed: UInt64

  let classes: [Candidate]

  /// A class with its images numbered by content: images with one number are the same picture.
  struct Candidate {
    let name: String
    let images: [String]
    let keys: [UInt64]
    let sizes: [UInt64: Int]

    init(_ item: ImageClass, _ store: ImageStore) {
      name = item.name
      images = item.images
      keys = item.images.map { store.contentKey(of: $0) ?? 0 }
      sizes = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
    }
  }

  /// Makes a sampler over the classes of a split.
  ///
  /// - Parameters:
  ///   - store: The images.
  ///   - split: Where the classes come from.
  ///   - shape: Ways, shots and queries.
  ///   - rotations: What rotation does to the classes.
  ///   - seed: Different seeds give independent episodes.
  /// - Throws: `DatasetError` if there are too few classes, or a class has too few images.
  public init(
    _ store: ImageStore, split: Split, shape: EpisodeShape, rotations: RotationPolicy = .none, seed: UInt64
  ) throws(DatasetError) {
    let found = store.classes(in: split)
    let ways = Self.ways(store, split, rotations)
    guard ways >= shape.ways else { throw .tooFewClasses(split: split, found: ways, ways: shape.ways) }
    let classes = found.map { Candidate($0, store) }
    if let small = Self.smallClasses(store, split: split, shape: shape) { throw .tooFewImages(small) }
    self.split = split
    self.shape = shape
    self.rotations = rotations
    self.seed = seed
    self.classes = classes
  }

  /// The episode with a number; the same for every order and number of calls.
  ///
  /// - Throws: `DatasetError.inseparable` if identical images across classes leave no way to draw it.
  public func episode(_ index: Int) throws(DatasetError) -> EpisodeDescription {
    var stream = RandomStream(
      seed: seed, purpose: "episodes/\(split.rawValue)", index: UInt64(bitPattern: Int64(index)))
    // The first attempt succeeds unless classes of the episode hold identical images.
    for _ in 0..<200 {
      if let episode = attempt(index, &stream) { return episode }
    }
    throw .inseparable(split: split, index: index)
  }

  private func attempt(_ index: Int, _ stream: inout RandomStream) -> EpisodeDescription? {
    let turns = rotations == .class ? 4 : 1
    let picks = stream.distinct(shape.ways, below: classes.count * turns)
    var degrees = picks.map { $0 % turns * 90 }
    if rotations == .episode { degrees = picks.map { _ in stream.below(4) * 90 } }
    let sources = picks.map { $0 / turns }

    var order: [Int: [Int]] = [:]
    var support: [Int: [Int]] = [:]
    var supportKeys: Set<UInt64> = []
    for source in sources where support[source] == nil {
      let item = classes[source]
      let shuffled = stream.distinct(item.images.count, below: item.images.count)
      let chosen = Self.choose(shape, from: item.keys, sizes: item.sizes, order: shuffled)
      order[source] = shuffled
      support[source] = chosen
      supportKeys.formUnion(chosen.map { item.keys[$0] })
    }
    var query: [Int: [Int]] = [:]
    for (source, shuffled) in order {
      let free = shuffled.lazy.filter { !supportKeys.contains(classes[source].keys[$0]) }
      let chosen = Array(free.prefix(shape.queries))
      guard chosen.count == shape.queries else { return nil }
      query[source] = chosen
    }
    func paths(_ chosen: [Int: [Int]]) -> [[String]] {
      sources.map { source in (chosen[source] ?? []).map { classes[source].images[$0] } }
    }
    let names = zip(sources, degrees).map { source, degrees in
      rotations == .class && degrees > 0 ? "\(classes[source].name)@\(degrees)" : classes[source].name
    }
    return EpisodeDescription(
      index: index, classes: names, rotations: degrees, support: paths(support), query: paths(query))
  }

  /// Support images of one class, such that enough images of other content remain for the query.
  ///
  /// An image is passed over if taking its content away leaves too few. Where identical images make that
  /// fail, the contents with the fewest copies are taken, which `imagesLeft` has found to be enough.
  private static func choose(
    _ shape: EpisodeShape, from keys: [UInt64], sizes: [UInt64: Int], order: [Int]
  ) -> [Int] {
    func pick(_ order: [Int]) -> [Int] {
      var (chosen, used, left): ([Int], Set<UInt64>, Int) = ([], [], keys.count)
      // The second round takes further copies of contents that the first round took.
      for _ in 0..<2 {
        for i in order where chosen.count < shape.shots && !chosen.contains(i) {
          let cost = used.contains(keys[i]) ? 0 : sizes[keys[i], default: 1]
          guard left - cost >= shape.queries else { continue }
          used.insert(keys[i])
          chosen.append(i)
          left -= cost
        }
      }
      return chosen
    }
    let chosen = pick(order)
    if chosen.count == shape.shots { return chosen }
    let ascending = order.sorted {
      (sizes[keys[$0], default: 1], keys[$0]) < (sizes[keys[$1], default: 1], keys[$1])
    }
    return pick(ascending)
  }

  /// Images left for the query when contents, fewest copies first, fill the support; 0 if they cannot.
  static func imagesLeft(_ copies: [Int], after shots: Int) -> Int {
    var taken = 0
    for size in copies.sorted() where taken < shots { taken += size }
    return taken < shots ? 0 : copies.reduce(0, +) - taken
  }
}
