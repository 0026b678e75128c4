public import MetaLearning
public import Networks

/// One trained network in an evaluation: all contestants of one evaluation meet the same tasks.
public struct Contestant: Sendable {
  /// Short name, unique within an evaluation.
  public let name: String
  /// The network, for its kernels and layers.
  public let network: Network
  /// How it learns a task.
  public let learner: MetaLearner
  /// Where every task starts.
  public let point: MetaParameters
  /// Multiply-adds of the convolutions in one inner step on one image.
  public let macsPerImageStep: Int

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
