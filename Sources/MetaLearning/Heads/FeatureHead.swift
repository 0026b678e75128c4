public import Networks
public import Tensors

/// A head with a rule instead of weights that adapt: it tells classes apart by comparing features with the support's.
///
/// A new head is one new file and one line in ``HeadRegistry``. It is inductive: every query image is judged by the
/// support alone.
public protocol FeatureHead: Sendable {
  /// The name in `--head`.
  static var name: String { get }
  /// What it does, in a few words, for help.
  static var summary: String { get }
  /// Its own settings, for `--head-option key=value`.
  static var options: [NamedOption] { get }
  /// Whether its scores have exact derivatives, so that training can go through them.
  static var isDifferentiable: Bool { get }

  /// The head with given settings, its parameters declared with the role `head`.
  ///
  /// - Parameters:
  ///   - options: Its settings; absent ones take their defaults.
  ///   - features: D, the features of an image.
  ///   - layout: Where its parameters are declared. No inner loop changes them; training does.
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout) throws(ConfigurationError)

  /// Class scores `[N, ways]` of features `[N, D]`, given those of the support.
  func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor

  /// What the head makes of the support, without the support: the same probabilities as by ``scores(of:given:_:)``.
  func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier

  /// What inner steps minimise: how badly the support tells its own classes, one number.
  ///
  /// With two or more images in every class an image has no part in what it is compared with, where the head has a
  /// formula for that.
  func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor
}

/// Features of images whose classes are known.
public struct LabelledFeatures: Sendable {
  /// One row for each image, `[S, D]`.
  public let features: Tensor
  /// S class indices in `0..<ways`.
  public let labels: [Int]
  /// How many classes there are.
  public let ways: Int

  /// Features and their labels.
  ///
  /// - Precondition: there is one label in range for every row.
  public init(_ features: Tensor, labels: [Int], ways: Int) {
    precondition(
      features.shape.rank == 2 && features.shape[0] == labels.count
        && labels.allSatisfy { 0 <= $0 && $0 < ways },
      "\(labels.count) labels below \(ways) for features of shape \(features.shape)")
    self.features = features
    self.labels = labels
    self.ways = ways
  }

  /// How many images there are, S.
  public var count: Int { labels.count }

  /// How many images each class has.
  public var classSizes: [Int] { (0..<ways).map { c in labels.count { $0 == c } } }

  /// Whether every class still has an image when one is left out.
  var canLeaveOneOut: Bool { classSizes.allSatisfy { $0 > 1 } }

  /// The same images and labels with other features, such as normalised ones.
  func with(_ features: Tensor) -> LabelledFeatures {
    LabelledFeatures(features, labels: labels, ways: ways)
  }

  /// The mean of each feature over the images of each class, `[ways, D]`.
  ///
  /// mean[c] = (1/|S_c|) Σ_{i in S_c} features[i]
  ///
  /// - Precondition: every class has an image.
  /// - Source: Snell et al. 2017, eq. 1.
  public var means: Tensor {
    let sizes = classSizes
    precondition(sizes.allSatisfy { $0 > 0 }, "a class without support images has no mean")
    let weights = (0..<ways).flatMap { c in labels.map { $0 == c ? 1 / Scalar(sizes[c]) : 0 } }
    return matmul(Tensor(weights, shape: [ways, count]), features)
  }

  /// For each image the mean over the others of its class, `[S, D]`.
  ///
  /// - Precondition: ``canLeaveOneOut``.
  var meansWithoutSelf: Tensor {
    let sizes = classSizes
    let weights = labels.indices.flatMap { i in
      labels.indices.map { j in
        i != j && labels[i] == labels[j] ? 1 / Scalar(sizes[labels[i]] - 1) : 0
      }
    }
    return matmul(Tensor(weights, shape: [count, count]), features)
  }

  /// 1 where a row meets its own class, 0 elsewhere, `[S, ways]`.
  var oneHot: Tensor {
    Tensor(labels.flatMap { label in (0..<ways).map { $0 == label ? 1 : 0 } }, shape: [count, ways])
  }
}

extension Tensor {
  /// Every row of `[N, D]` at length one: x / √(‖x‖² + 10⁻¹²), so that a row of zeros stays one.
  package var unitRows: Tensor {
    self * ((self * self).rowSums + 1e-12).power(-0.5).expandedRows(to: shape[1])
  }
}
