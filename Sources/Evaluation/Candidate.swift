public import MetaLearning
public import Networks
internal import Statistics

/// One trained network in an evaluation: all candidates of one evaluation meet the same tasks.
///
/// It knows nothing of folders, plans or seeds, so that any trained network can be evaluated.
public struct Candidate: Sendable {
  /// Short name, unique within an evaluation.
  public let name: String
  /// The network, for its kernels and layers.
  public let network: Network
  /// How it learns a task: objective, inner loop, and what the backward pass keeps.
  public internal(set) var learner: MetaLearner
  /// The trained meta-parameters, at which every task starts: initial parameters and inner rates.
  public let point: MetaParameters
  /// Multiply-adds of the convolutions in one inner step on one image.
  public let macsPerImageStep: Int
  /// Statistics for ``NormalisationStatistics/running``, one per normalisation in the order of a pass; empty until
  /// ``knowingRunningStatistics(of:workers:)``.
  public internal(set) var running: [ChannelStatistics] = []

  /// A candidate that is asked under the statistics it was trained with.
  ///
  /// - Parameters:
  ///   - name: Short name, unique within an evaluation.
  ///   - network: The network.
  ///   - learner: How it learns a task; its layout is the network's.
  ///   - point: The trained meta-parameters.
  ///   - macsPerImageStep: Multiply-adds of the convolutions in one inner step on one image.
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

extension [Candidate] {
  /// How the trainings of one arm do after the trained steps, on one task after another.
  ///
  /// - Parameters:
  ///   - tasks: The tasks that they adapt to.
  ///   - workers: Tasks at a time; the result does not depend on it.
  ///   - caches: One per training that keeps finished tasks; nil for none.
  ///   - advance: Called after every task of every training, from any thread.
  /// - Returns: `[training][task]`.
  /// - Throws: What the tasks or the caches throw, or `CancellationError`.
  public func scores(
    on tasks: TaskSource, workers: Int, keeping caches: [any ResultCache]? = nil,
    advance: @escaping @Sendable () -> Void = {}
  ) async throws -> [[TaskScore]] {
    var all: [[TaskScore]] = []
    for (k, candidate) in enumerated() {
      all.append(
        try await mapTasks(tasks.count, workers: workers, keeping: caches?[k]) { i in
          defer { advance() }
          return candidate.learner.score(from: candidate.point, on: try tasks.task(i))
        })
    }
    return all
  }
}

/// Accuracy of an arm on some tasks: the mean over its trainings task by task, then over tasks.
public struct ArmAccuracy: Sendable {
  /// Query accuracy as a share in 0...1, with its 95 % interval over tasks.
  public let accuracy: Estimate
  /// How many times a training's numbers were not finite in a task, which counts as wholly wrong; nil for never.
  public let nonfinite: Int?

  /// The accuracy of scores `[training][task]`.
  ///
  /// - Precondition: there is a training and a task, and all trainings have as many tasks.
  public init(_ scores: [[TaskScore]]) {
    accuracy = Estimate(columnMeans(scores.map { $0.map(\.accuracy) }))
    let count = scores.joined().count { !$0.isFinite }
    nonfinite = count == 0 ? nil : count
  }
}
