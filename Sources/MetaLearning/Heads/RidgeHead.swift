internal import Foundation
internal import Kernels
public import Networks
public import Tensors

/// Ridge regression onto the classes, in closed form: the exact minimiser of ‖X·W − Y‖² + λ‖W‖².
///
/// W = Xᵀ·(X·Xᵀ + λI)⁻¹·Y, by Woodbury's identity, so that the matrix that is inverted has a row for each support image
/// and not for each feature.
///
/// - Source: Bertinetto et al. 2019 (R2D2), whose λ and scale are learned, as here; their starts are ours.
public struct RidgeHead: FeatureHead {
  /// The name in `--head`.
  public static let name = "ridge"
  /// What it does.
  public static let summary = "ridge regression in closed form (R2D2)"
  /// The penalty, the scale, and whether training changes them.
  public static let options = [
    NamedOption("lambda", default: "1", "the penalty λ on squared weights, above 0; learned from there"),
    NamedOption("scale", default: "10", "what predictions are multiplied by, above 0; learned from there"),
    NamedOption("learned", default: "on", "on or off: whether training changes both"),
  ]
  /// Its scores have exact derivatives.
  public static let isDifferentiable = true

  private let fixed: (lambda: Scalar, scale: Scalar)
  /// log λ and log of the scale, `[1]` each; nil for fixed ones.
  private let logs: (lambda: ParameterRef, scale: ParameterRef)?

  /// The head.
  ///
  /// - Throws: If a value is out of range.
  public init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout)
    throws(ConfigurationError)
  {
    let lambda = try options.positive("lambda", through: 1e12)
    let scale = try options.positive("scale", through: 1e6)
    fixed = (Scalar(lambda), Scalar(scale))
    guard try options.flag("learned") else {
      logs = nil
      return
    }
    logs = (
      layout.declare("head.log-lambda", [1], .head, .constant(Scalar(log(lambda)))),
      layout.declare("head.log-scale", [1], .head, .constant(Scalar(log(scale))))
    )
  }

  /// scale · x·W.
  public func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    let weights = matmul(inverse(known, parameters), known.oneHot)
    let products = matmul(asked, known.features, transposeB: true)
    return scaled(matmul(products, weights), parameters)
  }

  /// scale · Wᵀ.
  public func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier {
    let weights = matmul(known.features.transposed, matmul(inverse(known, parameters), known.oneHot))
    return TaskClassifier(
      weight: scaled(weights.transposed, parameters), bias: Tensor(repeating: 0, shape: [known.ways]))
  }

  /// The mean cross-entropy of the support's own predictions, each of a fit without the image where that can be.
  ///
  /// A prediction without its own image is yᵢ − (M·Y)ᵢ/Mᵢᵢ with M = (X·Xᵀ + λI)⁻¹.
  ///
  /// - Source: the leave-one-out formula of ridge regression, as in Hastie et al., *The Elements of Statistical
  ///   Learning*, 7.10; its use here is ours.
  public func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    guard known.canLeaveOneOut else {
      return crossEntropy(scores(of: known.features, given: known, parameters), known.labels)
    }
    let (s, ways) = (known.count, known.ways)
    let inverse = inverse(known, parameters)
    let diagonal = (inverse * Self.identity(s)).rowSums.power(-1).expandedRows(to: ways)
    let predictions = known.oneHot - matmul(inverse, known.oneHot) * diagonal
    return crossEntropy(scaled(predictions, parameters), known.labels)
  }

  /// (X·Xᵀ + λI)⁻¹, `[S, S]`.
  private func inverse(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    let identity = Self.identity(known.count)
    let penalty =
      logs.map { identity.scaled(by: parameters[$0.lambda].exponential) } ?? fixed.lambda * identity
    return (matmul(known.features, known.features, transposeB: true) + penalty).symmetricInverse
  }

  private func scaled(_ predictions: Tensor, _ parameters: Parameters) -> Tensor {
    guard let logs else { return fixed.scale * predictions }
    return predictions.scaled(by: parameters[logs.scale].exponential)
  }

  private static func identity(_ n: Int) -> Tensor {
    Tensor((0..<n * n).map { $0 % (n + 1) == 0 ? 1 : 0 }, shape: [n, n])
  }
}
