public import MetaLearning
public import Networks
internal import Statistics

/// One trained network in an evaluation: all contestants of one evaluation meet the same tasks.
public struct Contestant: Sendable {
  /// Short name, unique within an evaluation.
  public let name: String
  /// The network, for its kernels and layers.
  public let network: Network
  /// How it learns a task.
  public internal(set) var learner: MetaLearner
  /// Where every task starts.
  public let point: MetaParameters
  /// Multiply-adds of the convolutions in one inner step on one image.
  public let macsPerImageStep: Int
  /// Statistics for ``NormalisationStatistics/running``, one per normalisation in the order of a pass; empty until
  /// ``knowingRunningStatistics(of:workers:)``.
  public internal(set) var running: [ChannelStatistics] = []

  /// A contestant.
  public init(
    name: String, network: Network, learner: MetaLearner, point: MetaParameters, macsPerImageStep: Int
  ) {
    self.name = name
    self.network = network
    self.learner = learner
    self.point = point
    self.macsPerImageStep = macsPerImageStep
  }

  /// Inner steps T it was trained with; 0 for a learner that does not step.
  public var trainedSteps: Int { learner.innerLoop.steps }
}

extension [Contestant] {
  /// Query accuracy after the trained steps, task by task, mean over the trainings of one arm.
  ///
  /// - Parameters:
  ///   - tasks: What they adapt to.
  ///   - workers: Tasks at a time; the result does not depend on it.
  ///   - shelf: Keeps finished tasks; nil for none.
  /// - Returns: One accuracy per task.
  /// - Throws: What the tasks throw, or `CancellationError`.
  public func accuracies(
    on tasks: TaskSource, workers: Int, keeping shelf: (any TaskShelf)? = nil
  ) async throws -> [Double] {
    try await mapTasks(tasks.count, workers: workers, keeping: shelf) { i in
      let task = try tasks.task(i)
      return Summary(map { $0.learner.score(from: $0.point, on: task).accuracy }).mean
    }
  }
}
