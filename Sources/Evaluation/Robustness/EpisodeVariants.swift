internal import Corruptions
internal import Episodes
internal import Images
internal import MetaLearning
internal import Randomness

/// One episode and all changed forms of its images; every picture is decoded at most once.
///
/// All randomness comes from streams of (seed, episode, what is done, which image), so nothing depends on the order or
/// number of calls. The severity is not among them: it makes the same random change stronger.
struct EpisodeVariants {
  let description: EpisodeDescription
  let store: ImageStore
  let seed: UInt64
  let clean: MetaTask
  private var corruptions: CorruptedImages
  private var batches: [String: Changed] = [:]

  /// Changed images and how far they are from the clean ones.
  struct Changed {
    let batch: Batch
    let change: SquaredChange
  }

  init(
    _ description: EpisodeDescription, of store: ImageStore, corruptedAt place: CorruptionPlace, seed: UInt64
  ) throws(DatasetError) {
    self.description = description
    self.store = store
    self.seed = seed
    corruptions = CorruptedImages(of: store, at: place)
    clean = MetaTask(try store.episode(description))
  }

  /// The random stream of one kind of change in this episode.
  func stream(_ purpose: String) -> RandomStream {
    RandomStream(
      seed: seed, purpose: "robustness/\(purpose)", index: UInt64(bitPattern: Int64(description.index)))
  }

  /// The support or query after a corruption of every image by itself.
  mutating func corrupted(
    _ side: Side, by corruption: any Corruption, severity: Int
  ) throws(DatasetError) -> Changed {
    let key = "\(side.rawValue)/\(corruption.name)/\(severity)"
    if let known = batches[key] { return known }
    let paths = side == .support ? description.support : description.query
    var change = SquaredChange()
    let images = try store.images(paths, rotations: description.rotations) {
      path, label, number throws(DatasetError) in
      var stream = self.stream("\(corruption.name)/\(side.rawValue)/\(label)/\(number)")
      let image = try corruptions.corrupted(path, by: corruption, severity: severity, &stream)
      change += image.change
      return image.bytes[...]
    }
    let changed = Changed(batch: Batch(images, ways: description.classes.count), change: change)
    batches[key] = changed
    return changed
  }

  /// Forgets changed images; decoded originals stay.
  mutating func forgetBatches() { batches = [:] }

  /// The support with wrong labels, or with outliers instead of some images.
  ///
  /// - Parameters:
  ///   - noise: The kind of noise.
  ///   - share: The share of all support images, 0...1.
  ///   - others: The source of outliers.
  /// - Returns: The changed support.
  /// - Throws: If an outlier cannot be read.
  func relabelled(
    by noise: LabelNoise, share: Double, outliers others: OutlierSource
  ) throws(DatasetError) -> Batch {
    let ways = description.classes.count
    let shots = description.support.first?.count ?? 0
    var stream = self.stream("labels/\(noise.rawValue)")
    let labels = noise.labels(share: share, ways: ways, shots: shots, &stream)
    guard noise == .outlier else {
      return Batch(images: clean.support.images, labels: labels, ways: ways)
    }
    var picked: [Int: ArraySlice<UInt8>] = [:]
    for i in labels.indices where labels[i] == ways { picked[i] = try others.draw(description, &stream) }
    let images = try store.images(description.support, rotations: description.rotations) {
      path, label, number throws(DatasetError) in
      guard let bytes = picked[label * shots + number] ?? store.bytes(of: path) else {
        throw .unknownImage(path: path)
      }
      return bytes
    }
    return Batch(images, ways: ways)
  }
}

/// Images of classes that an episode does not have.
struct OutlierSource: Sendable {
  /// Prepared as the episodes' images are.
  let store: ImageStore
  /// Whether it is another data set, where class names mean nothing.
  let isForeign: Bool

  /// The classes that are not in an episode: those of the same split, in a union of the same folder where it has
  /// any, or all of another data set.
  func classes(outside description: EpisodeDescription) -> [ImageClass] {
    guard !isForeign else { return store.classes.filter { !$0.images.isEmpty } }
    let own = Set(description.support.joined()).union(description.query.joined())
    let inside = store.classes.filter { !own.isDisjoint(with: $0.images) }
    let splits = Set(inside.map(\.split))
    let roots = Set(inside.map { store.roots.position(of: $0.name) })
    let names = Set(inside.map(\.name))
    let others = store.classes.filter {
      !$0.images.isEmpty && splits.contains($0.split) && !names.contains($0.name)
    }
    let near = others.filter { roots.contains(store.roots.position(of: $0.name)) }
    return near.isEmpty ? others : near
  }

  func draw(
    _ description: EpisodeDescription, _ stream: inout RandomStream
  ) throws(DatasetError) -> ArraySlice<UInt8> {
    let classes = classes(outside: description)
    precondition(!classes.isEmpty, "outliers: every class is in the episode")
    let images = classes[stream.below(classes.count)].images
    let path = images[stream.below(images.count)]
    guard let bytes = store.bytes(of: path) else { throw .unknownImage(path: path) }
    return bytes
  }
}
