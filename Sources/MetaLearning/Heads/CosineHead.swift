internal import Foundation
internal import Kernels
public import Networks
public import Tensors

/// τ times the cosine between features and class means.
///
/// - Source: Chen et al. 2021 (Meta-Baseline), where τ is learned and starts at 10; Gidaris and Komodakis 2018.
public struct CosineHead: FeatureHead {
  /// The name in `--head`.
  public static let name = "cosine"
  /// What it does.
  public static let summary = "the cosine to class means"
  /// The temperature, and whether training changes it.
  public static let options = [
    NamedOption("temperature", default: "10", "what cosines are multiplied by, above 0; learned from there"),
    NamedOption("learned", default: "on", "on or off: whether training changes the temperature"),
  ]
  /// Its scores have exact derivatives.
  public static let isDifferentiable = true

  private let fixed: Scalar
  /// log τ, `[1]`; nil for a fixed one.
  private let logTemperature: ParameterRef?

  /// The head.
  ///
  /// - Throws: If a value is out of range.
  public init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout)
    throws(ConfigurationError)
  {
    let temperature = try options.positive("temperature", through: 1e6)
    fixed = Scalar(temperature)
    logTemperature =
      try options.flag("learned")
      ? layout.declare("head.log-temperature", [1], .head, .constant(Scalar(log(temperature)))) : nil
  }

  /// τ·cos(x, p) for every class mean p.
  public func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    warm(matmul(asked.unitRows, known.means.unitRows, transposeB: true), parameters)
  }

  /// τ·p/‖p‖ as the row of every class mean p, on features of length one.
  public func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier {
    TaskClassifier(
      weight: warm(known.means.unitRows, parameters), bias: Tensor(repeating: 0, shape: [known.ways]),
      hasUnitRows: true)
  }

  /// The mean cross-entropy of the support against its own class means, an image left out of its own where it can be.
  ///
  /// - Source: ours.
  public func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    let x = known.features.unitRows
    var cosines = matmul(x, known.means.unitRows, transposeB: true)
    if known.canLeaveOneOut {
      let own = (x * known.meansWithoutSelf.unitRows).rowSums.expandedRows(to: known.ways)
      cosines = cosines + (own - cosines) * known.oneHot
    }
    return crossEntropy(warm(cosines, parameters), known.labels)
  }

  private func warm(_ cosines: Tensor, _ parameters: Parameters) -> Tensor {
    guard let logTemperature else { return fixed * cosines }
    return cosines.scaled(by: parameters[logTemperature].exponential)
  }
}
