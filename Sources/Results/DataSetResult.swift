package import Evaluation

/// How an arm does on the episodes of one further data set at one number of shots.
package struct DataSetResult: Codable, Sendable {
  /// The name of the data set: the end of its path.
  package var name: String
  /// The SHA-256 over all its files; see `ContentHash.dataset`.
  package var hash: String
  /// The number of classes.
  package var classes: Int
  /// The number of images.
  package var images: Int
  /// Classes of an episode; where they vary, the most.
  package var ways: Int
  /// Support images of each class; nil where they vary by the rules of Meta-Dataset.
  package var shots: Int?
  /// Query images of each class; where they vary, the most.
  package var queries: Int
  /// How large the episodes are; nil where all are alike.
  package var sizes: RunResult.EpisodeSizes?
  /// The number of episodes.
  package var episodes: Int
  /// Query accuracy after the trained steps.
  package var accuracy: Estimate
  /// How many times a training's numbers were not finite in an episode, which counts as wholly wrong; nil for never.
  package var nonfinite: Int?

  /// From its parts.
  package init(
    name: String, hash: String, classes: Int, images: Int, ways: Int, shots: Int?, queries: Int,
    sizes: RunResult.EpisodeSizes? = nil, episodes: Int, accuracy: Estimate, nonfinite: Int? = nil
  ) {
    (self.name, self.hash, self.classes, self.images) = (name, hash, classes, images)
    (self.ways, self.shots, self.queries, self.sizes) = (ways, shots, queries, sizes)
    (self.episodes, self.accuracy, self.nonfinite) = (episodes, accuracy, nonfinite)
  }
}
