internal import Kernels
internal import MetaLearning
package import Networks
package import Studies
internal import Tensors
internal import Training

/// A support set that a run's network has been adapted to, with the support still at hand.
package struct LearnedTask: Sendable {
  /// The run.
  package let run: TrainedRun
  /// What was learned from.
  package let support: SupportSet
  /// What a user should know, a sentence each.
  package let notes: [String]
  /// Inner steps taken.
  package let steps: Int
  /// Name of the arm that was adapted.
  package let armName: String
  /// How long adaptation took, milliseconds.
  package let milliseconds: Double
  private let learner: MetaLearner
  private let parameters: Parameters
  private let batch: Batch
  private let bodyPaths: [String]
  private let hasRunningStatistics: Bool

  /// Adapts.
  ///
  /// - Parameters:
  ///   - run: The trained arm.
  ///   - support: What to learn from.
  ///   - settings: How, where that is not the run's way.
  ///   - families: All families.
  /// - Throws: ``ConfigurationError`` if the settings contradict each other or the network.
  package init(
    _ run: TrainedRun, to support: SupportSet, _ settings: TaskSettings, families: [any ConvFamily.Type]
  ) throws(ConfigurationError) {
    let task = try TaskArm(run, settings, classes: support.classes.count, families: families)
    self.run = run
    self.support = support
    batch = support.batch
    steps = task.steps
    armName = task.arm.name
    notes = support.notes + task.notes
    learner = task.arm.learner
    hasRunningStatistics = task.arm.network.hasRunningStatistics
    let clock = ContinuousClock()
    let start = clock.now
    parameters = learner.fit(task.point, to: batch, steps: steps)
    milliseconds = (clock.now - start) / .milliseconds(1)
    let layout = task.arm.network.layout
    bodyPaths =
      steps == 0 ? [] : learner.innerLoop.refs.map { layout[$0] }.filter { $0.role != .head }.map(\.path)
  }

  /// What is kept of it to judge every picture alone.
  package func kept() -> AdaptedTask {
    var alone = learner
    alone.queryStatistics = hasRunningStatistics ? .batch : .support
    let source = alone.statistics(given: batch, parameters)
    guard let classifier = alone.objective.classifier(given: batch, parameters, statistics: source) else {
      preconditionFailure("a learner of runs ends in a layer on features")
    }
    let statistics: [ChannelStatistics] = if case .given(let found) = source { found } else { [] }
    let layout = learner.layout
    return AdaptedTask(
      classes: support.classes,
      adapted: bodyPaths.compactMap { path in
        layout.ref(at: path).map { (path: path, value: parameters[$0].detached) }
      },
      classifier: TaskClassifier(
        weight: classifier.weight.detached, bias: classifier.bias.detached,
        centre: classifier.centre?.detached, hasUnitRows: classifier.hasUnitRows),
      statistics: statistics.map {
        ChannelStatistics(mean: $0.mean.detached, variance: $0.variance.detached)
      })
  }

  /// Whether pictures that are asked together have a part in each other's answers, unless each is judged alone.
  package var dependsOnBatch: Bool { !hasRunningStatistics }

  /// Class scores `[N, K]` of images `[N, H, W, C]` that are asked as one batch, as the run's evaluation asks.
  func scores(together images: Tensor) -> Tensor {
    learner.logits(for: images, given: batch, parameters)
  }
}
