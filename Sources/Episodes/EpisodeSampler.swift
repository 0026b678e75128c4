public import Images
import Randomness

/// Draws episodes, each a pure function of (seed, split, index).
///
/// Classes come in random order, so a label says nothing about a class. Support and query share no image, by
/// path and by content, within a class and across the classes of an episode. Two rotations of one class in
/// an episode use the same support images and the same query images, each turned; where classes are of variable size, one
/// may have more of these support images than the other.
///
/// Where the data are a union, all classes of an episode come from one data set: of those that have classes in the split
/// one is drawn first, all alike.
///
/// - Source: Triantafillou et al. 2020 (Meta-Dataset), section 3.2, for episodes of a union.
public struct EpisodeSampler: Sendable {
  /// The split the classes come from.
  public let split: Split

  /// The size of every episode, or how each draws its own.
  public let shape: EpisodeShape

  /// How rotation makes classes.
  public let rotations: RotationPolicy

  /// The seed of all episodes.
  public let seed: UInt64

  let classes: [Candidate]
  /// The data sets that have classes in the split; one unless the data are a union.
  package let sets: [SampledSet]
  /// Support and query images of each class, where they do not vary from episode to episode.
  private let given: [(shots: Int, queries: Int)]

  /// A class with its images numbered by content: images with one number are the same picture.
  struct Candidate {
    let name: String
    let images: [String]
    let keys: [UInt64]
    let sizes: [UInt64: Int]
    /// The first image of each content, where classes are of variable size.
    let different: [Int]

    init(_ item: ImageClass, _ store: ImageStore) {
      name = item.name
      images = item.images
      keys = item.images.map { store.contentKey(of: $0) ?? 0 }
      sizes = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
      var seen: Set<UInt64> = []
      different = keys.indices.filter { [keys] in seen.insert(keys[$0]).inserted }
    }

    /// Support and query images that the class gives of those wanted.
    func gives(_ shape: EpisodeShape) -> (shots: Int, queries: Int) {
      guard shape.sizes == .available else { return (shape.shots, shape.queries) }
      let copies = Array(sizes.values)
      let most = max(1, min(shape.shots, copies.count - 1))
      return (most, min(shape.queries, imagesLeft(copies, after: most)))
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
    try Self.refuseFewWays(store, split, shape, rotations)
    let classes = found.map { Candidate($0, store) }
    if let small = Self.smallClasses(store, split: split, shape: shape) { throw .tooFewImages(small) }
    self.split = split
    self.shape = shape
    self.rotations = rotations
    self.seed = seed
    self.classes = classes
    given = classes.map { $0.gives(shape) }
    sets = try SampledSet.all(of: store, split, shape, rotations)
  }

  /// The classes that have fewer different images than an episode would take, and give what they have.
  public var shortClasses: [String] {
    guard shape.sizes == .available else { return [] }
    return zip(classes, given).filter { $1 != (shape.shots, shape.queries) }.map(\.0.name)
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
    // Nothing is drawn where there is no choice: plain episodes are those of earlier versions.
    let pools = (sets.count > 1 ? sets[stream.below(sets.count)] : sets[0]).pools
    let pool = pools.count > 1 ? pools[stream.below(pools.count)] : pools[0]
    let most = min(shape.ways, pool.count * turns)
    let ways = shape.fewestWays + (most > shape.fewestWays ? stream.below(most - shape.fewestWays + 1) : 0)
    let picks = stream.distinct(ways, below: pool.count * turns)
    var degrees = picks.map { $0 % turns * 90 }
    if rotations == .episode { degrees = picks.map { _ in stream.below(4) * 90 } }
    let sources = picks.map { pool[$0 / turns] }
    guard
      let images = shape.sizes == .variable
        ? variableImages(of: sources, &stream) : countedImages(of: sources, &stream)
    else { return nil }
    func paths(_ chosen: [[Int]]) -> [[String]] {
      zip(sources, chosen).map { source, chosen in chosen.map { classes[source].images[$0] } }
    }
    let names = zip(sources, degrees).map { source, degrees in
      rotations == .class && degrees > 0 ? "\(classes[source].name)@\(degrees)" : classes[source].name
    }
    return EpisodeDescription(
      index: index, classes: names, rotations: degrees, support: paths(images.support),
      query: paths(images.query))
  }

  /// As many images of each class as the shape says, or as the class has; nil where contents meet across classes.
  private func countedImages(
    of sources: [Int], _ stream: inout RandomStream
  ) -> (support: [[Int]], query: [[Int]])? {
    var order: [Int: [Int]] = [:]
    var support: [Int: [Int]] = [:]
    var supportKeys: Set<UInt64> = []
    for source in sources where support[source] == nil {
      let item = classes[source]
      let shuffled = stream.distinct(item.images.count, below: item.images.count)
      let chosen = Self.choose(given[source], from: item.keys, sizes: item.sizes, order: shuffled)
      order[source] = shuffled
      support[source] = chosen
      supportKeys.formUnion(chosen.map { item.keys[$0] })
    }
    var query: [Int: [Int]] = [:]
    for (source, shuffled) in order {
      let free = shuffled.lazy.filter { !supportKeys.contains(classes[source].keys[$0]) }
      let wanted = given[source].queries
      let chosen = Array(free.prefix(wanted))
      guard chosen.count == wanted else { return nil }
      query[source] = chosen
    }
    return (sources.map { support[$0] ?? [] }, sources.map { query[$0] ?? [] })
  }

  /// Images of classes of variable size, each content once; nil where contents meet across classes.
  ///
  /// Of one random order of a class the support has the first and the query the last, so that two turns of it agree.
  private func variableImages(
    of sources: [Int], _ stream: inout RandomStream
  ) -> (support: [[Int]], query: [[Int]])? {
    let sizes = EpisodeSizes(
      of: sources.map { classes[$0].different.count }, queries: shape.queries, &stream)
    var orders: [Int: [Int]] = [:]
    for source in sources where orders[source] == nil {
      let different = classes[source].different
      orders[source] = stream.distinct(different.count, below: different.count).map { different[$0] }
    }
    let support = zip(sources, sizes.shots).map { Array((orders[$0] ?? []).prefix($1)) }
    let query = sources.map { Array((orders[$0] ?? []).suffix(sizes.queries)) }
    func keys(_ images: [[Int]]) -> Set<UInt64> {
      Set(zip(sources, images).flatMap { source, images in images.map { classes[source].keys[$0] } })
    }
    return keys(support).isDisjoint(with: keys(query)) ? (support, query) : nil
  }

  /// Support images of one class, such that enough images of other content remain for the query.
  ///
  /// An image is passed over if taking its content away leaves too few. Where identical images make that
  /// fail, the contents with the fewest copies are taken, which `imagesLeft` has found to be enough.
  private static func choose(
    _ wanted: (shots: Int, queries: Int), from keys: [UInt64], sizes: [UInt64: Int], order: [Int]
  ) -> [Int] {
    func pick(_ order: [Int]) -> [Int] {
      var (chosen, used, left): ([Int], Set<UInt64>, Int) = ([], [], keys.count)
      // The second round takes further copies of contents that the first round took.
      for _ in 0..<2 {
        for i in order where chosen.count < wanted.shots && !chosen.contains(i) {
          let cost = used.contains(keys[i]) ? 0 : sizes[keys[i], default: 1]
          guard left - cost >= wanted.queries else { continue }
          used.insert(keys[i])
          chosen.append(i)
          left -= cost
        }
      }
      return chosen
    }
    let chosen = pick(order)
    if chosen.count == wanted.shots { return chosen }
    let ascending = order.sorted {
      (sizes[keys[$0], default: 1], keys[$0]) < (sizes[keys[$1], default: 1], keys[$1])
    }
    return pick(ascending)
  }

}

/// Images left for the query when contents, fewest copies first, fill the support; 0 if they cannot.
func imagesLeft(_ copies: [Int], after shots: Int) -> Int {
  var taken = 0
  for size in copies.sorted() where taken < shots { taken += size }
  return taken < shots ? 0 : copies.reduce(0, +) - taken
}
