public import Networks
public import Tensors

/// Classification by the network's linear head, which adapts with the rest: MAML and its relatives.
///
/// - Source: Finn et al. 2017.
public struct LinearHeadObjective: TaskObjective {
  private var network: Network
  /// Where the head starts in a task.
  public let headStart: HeadStart

  /// Classifies by the head of this network, or, in a task of fewer classes, by the first of its rows.
  ///
  /// - Precondition: the network has a head; one that starts elsewhere than at its parameters is dense.
  public init(_ network: Network, headStart: HeadStart = .parameters) {
    precondition(
      headStart == .parameters || network.hasDenseHead, "a head that starts at \(headStart) must be dense")
    self.network = network
    self.headStart = headStart
  }

  /// The parameters with the head where a task starts it.
  public func taskStart(_ parameters: Parameters, on support: Batch) -> Parameters {
    headStart.start(of: network, parameters, on: support)
  }

  /// Whether the head starts at prototypes.
  public var startsInformed: Bool { headStart == .prototypes }

  /// The mean cross-entropy of the support.
  public func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    crossEntropy(scores(of: support.images, parameters, ways: support.ways), support.labels)
  }

  /// The head's scores; the support has done its work in the parameters.
  public func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    scores(of: images, parameters, ways: support.ways, statistics: statistics)
  }

  private func scores(
    of images: Tensor, _ parameters: Parameters, ways: Int, statistics: StatisticsSource = .batch
  ) -> Tensor {
    let all = network.logits(images, parameters, statistics: statistics)
    return ways < all.shape[1] ? all.slice(rows: 0..<all.shape[0], columns: 0..<ways) : all
  }

  /// The head itself, which the support has moved.
  public func classifier(
    given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> TaskClassifier? {
    network.head(parameters).map { TaskClassifier(weight: $0.weight, bias: $0.bias) }
  }

  /// The same with a network that is.
  public var sparing: any TaskObjective {
    var other = self
    other.network = network.sparing
    return other
  }

  /// Those of the network.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] {
    network.statistics(of: images, parameters)
  }

  /// That of the network's convolution family.
  public func regularizer(_ parameters: Parameters) -> Tensor? { network.regularizer(parameters) }
}
