internal import Kernels
public import Networks
public import Tensors

/// Multinomial logistic regression on features of length one, fitted to convergence.
///
/// It minimises C·Σᵢ crossEntropy(zᵢ·Wᵀ + b, yᵢ) + ½‖W‖² for z = x/‖x‖; b is not penalised.
///
/// - Source: Tian et al. 2020 (RFS), who call scikit-learn's LogisticRegression; its defaults are these.
public struct LogisticHead: FeatureHead {
  /// The name in `--head`.
  public static let name = "logistic"
  /// What it does.
  public static let summary = "logistic regression on features of length one (RFS)"
  /// How much a mistake weighs against the penalty.
  public static let options = [
    NamedOption("c", default: "1", "weight of the support's losses against half the squared weights, above 0")
  ]
  /// A fit is a search: its scores have no formula.
  public static let isDifferentiable = false

  private let c: Double

  /// The head; it has no parameters.
  ///
  /// - Throws: If a value is out of range.
  public init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout)
    throws(ConfigurationError)
  {
    c = try options.positive("c", through: 1e9)
  }

  /// z·Wᵀ + b at the minimum, as constants in W and b.
  public func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    scores(of: asked.unitRows, by: fit(known.features.unitRows.detached, known), ways: known.ways)
  }

  /// W and b at the minimum, on features of length one.
  public func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier {
    let (weight, bias) = layer(fit(known.features.unitRows.detached, known), ways: known.ways)
    return TaskClassifier(weight: weight, bias: bias, hasUnitRows: true)
  }

  /// The minimum itself, per image: mean cross-entropy and ‖W‖²/(2·C·S).
  ///
  /// Its first derivative towards the features is exact although W and b count as constants: at a minimum the loss does
  /// not change with them (the envelope theorem).
  ///
  /// - Source: ours.
  public func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    let z = known.features.unitRows
    let fit = fit(z.detached, known)
    let penalty = fit.squaredWeights / (2 * c * Double(known.count))
    return crossEntropy(scores(of: z, by: fit, ways: known.ways), known.labels) + Scalar(penalty)
  }

  private func fit(_ z: Tensor, _ known: LabelledFeatures) -> LogisticFit {
    LogisticFit(
      rows: z.scalars.map { Double($0) }, labels: known.labels, ways: known.ways, weight: c)
  }

  private func scores(of z: Tensor, by fit: LogisticFit, ways: Int) -> Tensor {
    let (weight, bias) = layer(fit, ways: ways)
    return linear(z, weight: weight, bias: bias)
  }

  private func layer(_ fit: LogisticFit, ways: Int) -> (weight: Tensor, bias: Tensor) {
    (
      Tensor(fit.weights.map { Scalar($0) }, shape: [ways, fit.weights.count / ways]),
      Tensor(fit.bias.map { Scalar($0) }, shape: [ways])
    )
  }
}
