internal import Kernels
public import Networks
public import Tensors

/// What makes one kind of learner different from another: a loss on the support and scores on the query.
///
/// Query labels are in neither signature, so they cannot leak into what is learned.
public protocol TaskObjective: Sendable {
  /// What the inner loop minimises: one number.
  func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor

  /// Class scores `[N, ways]` of the query images, given the support.
  ///
  /// - Parameters:
  ///   - images: The query, `[N, H, W, C]`.
  ///   - support: What may be compared with.
  ///   - parameters: Those after adaptation.
  ///   - statistics: What the network normalises by.
  /// - Returns: One row per query image.
  func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor

  /// Where a task starts: the meta-parameters, with what is made of the support before the first inner step.
  ///
  /// Differentiable towards the parameters. By default they are the start themselves.
  func taskStart(_ parameters: Parameters, on support: Batch) -> Parameters

  /// Whether the start tells classes apart; if not, accuracy before the first step must be at chance.
  var startsInformed: Bool { get }

  /// The same objective, of whose passes a derivative keeps less and makes more again; by default itself.
  var sparing: any TaskObjective { get }

  /// The images that pass through the network together when the query is asked; by default the query alone.
  func batch(asking images: Tensor, given support: Batch) -> Tensor

  /// What the network normalises by when images pass as one batch; by default nothing, for want of a network.
  func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics]

  /// What is left of the support at the parameters after adaptation, where that is a layer on features; by default nil.
  ///
  /// - Parameters:
  ///   - support: What was learned from.
  ///   - parameters: Those after adaptation.
  ///   - statistics: What the network normalises by.
  /// - Returns: The layer.
  func classifier(
    given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> TaskClassifier?

  /// What the outer loss adds to the tasks' mean query loss, at the parameters every task starts from: one number.
  ///
  /// By default nil: nothing.
  func regularizer(_ parameters: Parameters) -> Tensor?
}

extension TaskObjective {
  /// The meta-parameters themselves.
  public func taskStart(_ parameters: Parameters, on support: Batch) -> Parameters { parameters }

  /// Nothing is known of a task before its first step.
  public var startsInformed: Bool { false }

  /// There is nothing to spare.
  public var sparing: any TaskObjective { self }

  /// The query images alone, `[N, H, W, C]`.
  public func batch(asking images: Tensor, given support: Batch) -> Tensor { images }

  /// Nothing, for want of a network.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] { [] }

  /// No layer on features.
  public func classifier(
    given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> TaskClassifier? { nil }

  /// Nothing joins the outer loss.
  public func regularizer(_ parameters: Parameters) -> Tensor? { nil }
}

/// Two batches of images `[N, H, W, C]` as one, the first's images first.
func concatenated(_ a: Tensor, _ b: Tensor) -> Tensor {
  let image = a.count / a.shape[0]
  let total = a.shape[0] + b.shape[0]
  let first = a.reshaped([a.shape[0], image]).padded(to: [total, image], row: 0, column: 0)
  let second = b.reshaped([b.shape[0], image]).padded(to: [total, image], row: a.shape[0], column: 0)
  return (first + second).reshaped([total, a.shape[1], a.shape[2], a.shape[3]])
}
