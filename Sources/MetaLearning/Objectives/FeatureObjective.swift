internal import Kernels
public import Networks
public import Tensors

/// Classification by a head with a rule, on the network's features: prototypical networks and their relatives.
///
/// - Source: Snell et al. 2017. Support and query pass through the network as one batch, as in the authors' code.
public struct FeatureObjective: TaskObjective {
  private var network: Network
  /// How classes are told apart.
  public let head: any FeatureHead

  /// Classifies by a rule.
  ///
  /// - Parameters:
  ///   - network: Where features come from; its layout has the head's parameters.
  ///   - head: The rule; by default the distance to class means.
  public init(_ network: Network, head: any FeatureHead = CentroidHead()) {
    self.network = network
    self.head = head
  }

  /// That of the head.
  public func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    head.supportLoss(LabelledFeatures(network.features(support.images, parameters), of: support), parameters)
  }

  /// Scores of the query by the head, given the support's features.
  public func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    let both = batch(asking: images, given: support)
    let x = network.features(both, parameters, statistics: statistics)
    let known = x.slice(rows: 0..<support.count)
    let asked = x.slice(rows: support.count..<x.shape[0])
    return head.scores(of: asked, given: LabelledFeatures(known, of: support), parameters)
  }

  /// The head's, of the support's features.
  public func classifier(
    given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> TaskClassifier? {
    let features = network.features(support.images, parameters, statistics: statistics)
    return head.classifier(given: LabelledFeatures(features, of: support), parameters)
  }

  /// Support and query, since the rule is made when the query is asked.
  public func batch(asking images: Tensor, given support: Batch) -> Tensor {
    concatenated(support.images, images)
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

extension LabelledFeatures {
  /// Features of a batch, with its labels.
  init(_ features: Tensor, of batch: Batch) {
    self.init(features, labels: batch.labels, ways: batch.ways)
  }
}
