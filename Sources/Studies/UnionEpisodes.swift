internal import Episodes
internal import Evaluation
internal import Images
internal import Results
internal import Statistics
internal import Training

/// The test episodes of a union by the data set that their classes come from: an episode has classes of one alone.
struct UnionEpisodes: Sendable {
  /// A data set with its episodes.
  struct Part: Sendable {
    /// Its name, which stands in front of the names of its classes.
    let name: String
    /// The SHA-256 over its files.
    let hash: String
    /// The number of its test classes.
    let classes: Int
    /// The number of their images.
    let images: Int
    /// Positions of its episodes among the test episodes.
    let positions: [Int]
    /// The episodes.
    let episodes: [EpisodeDescription]

    /// The values of its episodes among those of all.
    func values(_ all: [Double]) -> [Double] { positions.map { all[$0] } }

    /// What stands for it in comparisons.
    var condition: Condition { .dataSet(name) }
  }

  /// The data sets that have two test episodes or more, in the order of their folders; none where there is no union.
  let parts: [Part]

  /// Names of data sets that have test classes, but fewer than two test episodes.
  let left: [String]

  /// Sorts test episodes.
  init(_ episodes: [EpisodeDescription], of store: ImageStore) {
    let roots = store.roots
    guard roots.isUnion else {
      (parts, left) = ([], [])
      return
    }
    let positions = Dictionary(grouping: episodes.indices) { roots.position(of: episodes[$0].classes[0]) }
    var (parts, left): ([Part], [String]) = ([], [])
    for (i, root) in roots.all.enumerated() {
      let classes = store.classes(in: .test).filter { roots.position(of: $0.name) == i }
      guard let own = positions[i], own.count > 1 else {
        if !classes.isEmpty { left.append(root.name) }
        continue
      }
      parts.append(
        Part(
          name: root.name, hash: store.rootHashes[i], classes: classes.count,
          images: classes.reduce(0) { $0 + $1.images.count }, positions: own,
          episodes: own.map { episodes[$0] }))
    }
    (self.parts, self.left) = (parts, left)
  }

  /// How an arm does on each data set; nil where there is no union.
  ///
  /// - Parameters:
  ///   - measures: The arm's trainings on all test episodes.
  ///   - shape: What the episodes were drawn as.
  /// - Returns: A row for each data set: each episode counts with its mean over the trainings.
  func results(_ measures: [SpeedMeasures], _ shape: EpisodeShape) -> [DataSetResult]? {
    guard !parts.isEmpty else { return nil }
    let means = columnMeans(measures.map(\.trainedAccuracies))
    return parts.map { part in
      DataSetResult(
        name: part.name, hash: part.hash, classes: part.classes, images: part.images, ways: shape.ways,
        shots: shape.sizes == .variable ? nil : shape.shots, queries: shape.queries,
        sizes: shape.isPlain ? nil : RunResult.EpisodeSizes(of: part.episodes, shape),
        episodes: part.positions.count, accuracy: Estimate(part.values(means)))
    }
  }
}
