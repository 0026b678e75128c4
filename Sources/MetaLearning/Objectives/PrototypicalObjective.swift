internal import Kernels
public import Networks
public import Tensors

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
