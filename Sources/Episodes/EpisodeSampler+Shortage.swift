package import Images

extension EpisodeSampler {
  /// How many classes a split has, turned ones counted where they are classes of their own.
  static func ways(_ store: ImageStore, _ split: Split, _ rotations: RotationPolicy) -> Int {
    store.classes(in: split).count * (rotations == .class ? 4 : 1)
  }

  /// The same of each folder of the data.
  private static func waysByRoot(_ store: ImageStore, _ split: Split, _ rotations: RotationPolicy) -> [Int] {
    let counts = Dictionary(
      store.classes(in: split).map { (store.roots.position(of: $0.name), 1) }, uniquingKeysWith: +)
    return store.roots.all.indices.map { (counts[$0] ?? 0) * (rotations == .class ? 4 : 1) }
  }

  /// Refuses a split with too few classes for its episodes; of a union, one in which a data set that has classes at all
  /// has fewer than the smallest episode takes, or no data set has those of the largest.
  static func refuseFewWays(
    _ store: ImageStore, _ split: Split, _ shape: EpisodeShape, _ rotations: RotationPolicy
  ) throws(DatasetError) {
    let found = waysByRoot(store, split, rotations)
    let most = found.max() ?? 0
    guard most >= shape.ways else {
      let largest = store.roots.isUnion ? found.firstIndex(of: most).map { store.roots.all[$0].name } : nil
      throw .tooFewClasses(split: split, found: most, ways: shape.ways, dataSet: largest)
    }
    for (root, own) in zip(store.roots.all, found) where own > 0 && own < shape.fewestWays {
      throw .tooFewClasses(split: split, found: own, ways: shape.fewestWays, dataSet: root.name)
    }
  }

  /// The classes of a split that have too few different images for its episodes; nil if all have enough.
  static func smallClasses(_ store: ImageStore, split: Split, shape: EpisodeShape) -> SmallClasses? {
    // Classes that give what they have need an image for each side.
    let (shots, queries) = shape.sizes == .equal ? (shape.shots, shape.queries) : (1, 1)
    var items: [SmallClasses.Item] = []
    var (mostQueries, fewest) = (Int.max, Int.max)
    for item in store.classes(in: split) {
      let candidate = Candidate(item, store)
      let left = imagesLeft(Array(candidate.sizes.values), after: shots)
      mostQueries = min(mostQueries, left)
      fewest = min(fewest, candidate.sizes.count)
      if left < queries {
        items.append(
          .init(name: item.name, split: split, images: item.images.count, different: candidate.sizes.count))
      }
    }
    guard !items.isEmpty else { return nil }
    let need = SmallClasses.Need(
      split: split, shots: shots, queries: queries, mostQueries: mostQueries,
      fewestDifferent: fewest, classes: store.classes(in: split).count)
    return SmallClasses(items: items, needs: [need], roots: store.roots)
  }

  /// Refuses a data set that cannot give the episodes wanted of its splits, with all that is missing at once.
  ///
  /// - Parameters:
  ///   - store: The images.
  ///   - shapes: What an episode of each split needs, in the order train, validation, test.
  ///   - rotations: What rotation does to the classes.
  ///   - divisions: How the classes of each folder were divided, in a few words.
  /// - Throws: `DatasetError.unfitDivision` or `.tooFewImages`.
  package static func refuseShortage(
    of store: ImageStore, for shapes: [EpisodeShape], rotations: RotationPolicy, divisions: [String]
  ) throws(DatasetError) {
    let found = Split.allCases.map { ways(store, $0, rotations) }
    let wanted = shapes.map(\.ways)
    if zip(found, wanted).contains(where: { $0 < $1 }) {
      let only = store.classes.count == 1 ? store.classes.first?.name : nil
      throw .unfitDivision(
        UnfitDivision(
          found: found, ways: wanted, division: Set(divisions).sorted().joined(separator: "; "),
          onlyClass: only))
    }
    try refuseSmallSet(of: store, for: shapes, rotations: rotations, divisions: divisions)
    let small = zip(Split.allCases, shapes).compactMap { smallClasses(store, split: $0, shape: $1) }
    if let first = small.first {
      throw .tooFewImages(small.dropFirst().reduce(first) { $0.with($1) })
    }
  }

  /// Refuses a union in which a data set has classes in a split, but too few for an episode.
  private static func refuseSmallSet(
    of store: ImageStore, for shapes: [EpisodeShape], rotations: RotationPolicy, divisions: [String]
  ) throws(DatasetError) {
    guard store.roots.isUnion else { return }
    let found = Split.allCases.map { waysByRoot(store, $0, rotations) }
    for (i, root) in store.roots.all.enumerated() {
      let own = found.map { $0[i] }
      // A set that takes part in no split is left out by the list that divides the classes.
      guard zip(own, shapes).contains(where: { $0 > 0 && $0 < $1.fewestWays }) else { continue }
      throw .unfitDivision(
        UnfitDivision(
          found: own, ways: shapes.map(\.fewestWays), division: divisions[i], dataSet: root.name))
    }
    for (split, shape) in zip(Split.allCases, shapes) {
      try refuseFewWays(store, split, shape, rotations)
    }
  }
}
