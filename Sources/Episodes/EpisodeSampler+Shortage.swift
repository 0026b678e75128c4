package import Images

extension EpisodeSampler {
  /// How many classes an episode can choose from, turned ones counted where they are classes of their own.
  static func ways(_ store: ImageStore, _ split: Split, _ rotations: RotationPolicy) -> Int {
    store.classes(in: split).count * (rotations == .class ? 4 : 1)
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
    return SmallClasses(items: items, needs: [need], root: store.root)
  }

  /// Refuses a data set that cannot give the episodes wanted of its splits, with all that is missing at once.
  ///
  /// - Parameters:
  ///   - store: The images.
  ///   - shapes: What an episode of each split needs, in the order train, validation, test.
  ///   - rotations: What rotation does to the classes.
  ///   - division: How the classes were divided, in a few words.
  /// - Throws: `DatasetError.unfitDivision` or `.tooFewImages`.
  package static func refuseShortage(
    of store: ImageStore, for shapes: [EpisodeShape], rotations: RotationPolicy, division: String
  ) throws(DatasetError) {
    let found = Split.allCases.map { ways(store, $0, rotations) }
    let wanted = shapes.map(\.ways)
    if zip(found, wanted).contains(where: { $0 < $1 }) {
      let only = store.classes.count == 1 ? store.classes.first?.name : nil
      throw .unfitDivision(
        UnfitDivision(found: found, ways: wanted, division: division, onlyClass: only))
    }
    let small = zip(Split.allCases, shapes).compactMap { smallClasses(store, split: $0, shape: $1) }
    if let first = small.first {
      throw .tooFewImages(small.dropFirst().reduce(first) { $0.with($1) })
    }
  }
}
