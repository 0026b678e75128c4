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

  /// The images that pass through the network together when the query is asked; by default the query alone.
  func batch(asking images: Tensor, given support: Batch) -> Tensor

  /// What the network normalises by when images pass as one batch; by default nothing, for want of a network.
  func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics]

  /// What the outer loss adds to the tasks' mean query loss, at the parameters every task starts from: one number.
  ///
  /// By default nil: nothing.
  func regularizer(_ parameters: Parameters) -> Tensor?
}

extension TaskObjective {
  /// The query images alone, `[N, H, W, C]`.
  public func batch(asking images: Tensor, given support: Batch) -> Tensor { images }

  /// Nothing, for want of a network.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] { [] }

  /// Nothing joins the outer loss.
  public func regularizer(_ parameters: Parameters) -> Tensor? { nil }
}

/// Classification by the network's linear head, which adapts with the rest: MAML and its relatives.
///
/// - Source: Finn et al. 2017.
public struct LinearHeadObjective: TaskObjective {
  private let network: Network

  /// Classifies by the head of this network.
  public init(_ network: Network) { self.network = network }

  /// The mean cross-entropy of the support.
  public func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    crossEntropy(network.logits(support.images, parameters), support.labels)
  }

  /// The head's scores; the support has done its work in the parameters.
  public func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    network.logits(images, parameters, statistics: statistics)
  }

  /// Those of the network.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] {
    network.statistics(of: images, parameters)
  }

  /// That of the network's convolution family.
  public func regularizer(_ parameters: Parameters) -> Tensor? { network.regularizer(parameters) }
}

/// Classification by the squared Euclidean distance to class means in feature space.
///
/// - Source: Snell et al. 2017. Support and query pass through the network as one batch, as in the authors' code.
public struct PrototypicalObjective: TaskObjective {
  private let network: Network

  /// Classifies in the feature space of this network.
  public init(_ network: Network) { self.network = network }

  /// The mean cross-entropy of the support against its own prototypes, for optional inner steps.
  ///
  /// With two or more shots an image is left out of the prototype it is compared with. With one shot each image
  /// is its own prototype, so the loss can only push classes apart.
  ///
  /// - Source: ours.
  public func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    let x = network.features(support.images, parameters)
    let sizes = support.classSizes
    let distances = Self.negativeSquaredDistances(x, Self.prototypes(x, support))
    guard sizes.allSatisfy({ $0 > 1 }) else { return crossEntropy(distances, support.labels) }
    // Without itself the mean moves: x − p₋ = (x − p)·s/(s − 1), so the distance to the own class grows by that squared.
    let factors = support.labels.flatMap { label in
      (0..<support.ways).map { k -> Scalar in
        guard k == label else { return 1 }
        let s = Scalar(sizes[k])
        return (s / (s - 1)) * (s / (s - 1))
      }
    }
    return crossEntropy(
      distances * Tensor(factors, shape: [support.count, support.ways]), support.labels)
  }

  /// Negative squared distances to the prototypes.
  public func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    let both = batch(asking: images, given: support)
    let x = network.features(both, parameters, statistics: statistics)
    let known = x.slice(rows: 0..<support.count)
    let asked = x.slice(rows: support.count..<x.shape[0])
    return Self.negativeSquaredDistances(asked, Self.prototypes(known, support))
  }

  /// Support and query, since prototypes are made when the query is asked.
  public func batch(asking images: Tensor, given support: Batch) -> Tensor {
    concatenated(support.images, images)
  }

  /// Those of the network.
  public func statistics(of images: Tensor, _ parameters: Parameters) -> [ChannelStatistics] {
    network.statistics(of: images, parameters)
  }

  /// That of the network's convolution family.
  public func regularizer(_ parameters: Parameters) -> Tensor? { network.regularizer(parameters) }

  /// The mean of each feature over the images of each class, `[ways, D]`.
  ///
  /// prototype[c] = (1/|S_c|) Σ_{i in S_c} features[i]
  ///
  /// - Source: Snell et al. 2017, eq. 1.
  static func prototypes(_ features: Tensor, _ support: Batch) -> Tensor {
    let sizes = support.classSizes
    precondition(sizes.allSatisfy { $0 > 0 }, "a class without support images has no prototype")
    let weights = (0..<support.ways).flatMap { c in
      support.labels.map { $0 == c ? 1 / Scalar(sizes[c]) : 0 }
    }
    return matmul(Tensor(weights, shape: [support.ways, support.count]), features)
  }

  /// −‖x − p‖² for every row of `x [N, D]` and of `prototypes [K, D]`, as `[N, K]`.
  static func negativeSquaredDistances(_ x: Tensor, _ prototypes: Tensor) -> Tensor {
    let (n, k) = (x.shape[0], prototypes.shape[0])
    let own = (x * x).rowSums.expandedRows(to: k)
    let theirs = (prototypes * prototypes).rowSums.expandedRows(to: n).transposed
    return 2 * matmul(x, prototypes, transposeB: true) - own - theirs
  }
}

extension Batch {
  /// How many images each class has.
  var classSizes: [Int] { (0..<ways).map { c in labels.count { $0 == c } } }
}

/// Two batches of images `[N, H, W, C]` as one, the first's images first.
func concatenated(_ a: Tensor, _ b: Tensor) -> Tensor {
  let image = a.count / a.shape[0]
  let total = a.shape[0] + b.shape[0]
  let first = a.reshaped([a.shape[0], image]).padded(to: [total, image], row: 0, column: 0)
  let second = b.reshaped([b.shape[0], image]).padded(to: [total, image], row: a.shape[0], column: 0)
  return (first + second).reshaped([total, a.shape[1], a.shape[2], a.shape[3]])
}
