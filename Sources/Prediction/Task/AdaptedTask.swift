package import MetaLearning
package import Networks
package import Studies
package import Tensors
internal import Training

/// A task that a network has learned: what of it changed, and the layer that tells its classes apart.
///
/// The rest is the run's network, shared by all its tasks. Every picture is judged alone: by running statistics where the
/// network has some, else by those of the support at the adapted parameters.
package struct AdaptedTask: Sendable {
  /// The classes, in the order of the layer's rows.
  package let classes: [String]
  /// The tensors of the body that adapted, by their paths.
  package let adapted: [(path: String, value: Tensor)]
  /// Scores of features.
  package let classifier: TaskClassifier
  /// What the network normalises by; empty where it has running statistics.
  package let statistics: [ChannelStatistics]

  /// A task from its parts.
  package init(
    classes: [String], adapted: [(path: String, value: Tensor)], classifier: TaskClassifier,
    statistics: [ChannelStatistics]
  ) {
    (self.classes, self.adapted) = (classes, adapted)
    (self.classifier, self.statistics) = (classifier, statistics)
  }

  /// The point of a run's network that has learned the task.
  package func parameters(of run: TrainedRun) -> Parameters {
    let start = run.point.initial.detached
    let refs = adapted.compactMap { start.layout.ref(at: $0.path) }
    return start.replacing(refs, with: adapted.map(\.value))
  }

  /// What the network normalises by.
  package var source: StatisticsSource { statistics.isEmpty ? .batch : .given(statistics) }

  /// Class scores `[N, K]` of images `[N, H, W, C]`.
  func scores(of images: Tensor, _ run: TrainedRun, _ parameters: Parameters) -> Tensor {
    classifier.scores(of: run.arm.network.features(images, parameters, statistics: source))
  }
}
