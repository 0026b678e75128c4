internal import Kernels
public import Networks
public import Tensors

/// The squared Euclidean distance to class means.
///
/// - Source: Snell et al. 2017 (prototypical networks).
public struct CentroidHead: FeatureHead {
  /// The name in `--head`.
  public static let name = "centroid"
  /// What it does.
  public static let summary = "the nearest class mean (prototypical networks)"
  /// It has no settings.
  public static let options: [NamedOption] = []
  /// Its scores are polynomials of features.
  public static let isDifferentiable = true

  /// The head; it has neither settings nor parameters.
  public init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout) {}

  /// The head.
  public init() {}

  /// −‖x − p‖² for every class mean p.
  public func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    Self.negativeSquaredDistances(asked, known.means)
  }

  /// 2·x·p − ‖p‖² for every class mean p.
  public func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier {
    TaskClassifier(means: known.means)
  }

  /// The mean cross-entropy of the support against its own class means.
  ///
  /// With two or more shots an image is left out of the mean it is compared with. With one shot each image is its own
  /// mean, so the loss can only push classes apart.
  ///
  /// - Source: ours.
  public func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    crossEntropy(Self.ownScores(known), known.labels)
  }

  /// Scores of the support against its own class means.
  static func ownScores(_ known: LabelledFeatures) -> Tensor {
    let distances = negativeSquaredDistances(known.features, known.means)
    guard known.canLeaveOneOut else { return distances }
    // Without itself the mean moves: x − p₋ = (x − p)·s/(s − 1), so the distance to the own class grows by that squared.
    let sizes = known.classSizes
    let factors = known.labels.flatMap { label in
      (0..<known.ways).map { k -> Scalar in
        guard k == label else { return 1 }
        let s = Scalar(sizes[k])
        return (s / (s - 1)) * (s / (s - 1))
      }
    }
    return distances * Tensor(factors, shape: [known.count, known.ways])
  }

  /// −‖x − p‖² for every row of `x [N, D]` and of `means [K, D]`, as `[N, K]`.
  static func negativeSquaredDistances(_ x: Tensor, _ means: Tensor) -> Tensor {
    let (n, k) = (x.shape[0], means.shape[0])
    let own = (x * x).rowSums.expandedRows(to: k)
    let theirs = (means * means).rowSums.expandedRows(to: n).transposed
    return 2 * matmul(x, means, transposeB: true) - own - theirs
  }
}
