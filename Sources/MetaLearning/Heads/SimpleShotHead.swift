internal import Kernels
public import Networks
public import Tensors

/// The nearest class mean of features that are centred by the base classes' mean and brought to length one (CL2N).
///
/// - Source: Wang et al. 2019 (SimpleShot).
public struct SimpleShotHead: FeatureHead {
  /// The name in `--head`.
  public static let name = "simpleshot"
  /// What it does.
  public static let summary = "the nearest class mean of centred features of length one (SimpleShot)"
  /// It has no settings.
  public static let options: [NamedOption] = []
  /// It belongs behind a network that is trained: the base mean is measured there.
  public static let isDifferentiable = false

  /// The path of the base mean.
  public static let baseMeanPath = "head.base-mean"

  /// The mean features of the base classes, `[D]`: measured, not learned.
  private let baseMean: ParameterRef

  /// The head; its base mean is zero until it is measured.
  public init(_ options: OptionValues, features: Int, in layout: inout ParameterLayout) {
    baseMean = layout.declare(
      Self.baseMeanPath, [features], .measured, isMetaTrained: false, .constant(0))
  }

  /// −‖z − p‖² for every class mean p of z = (x − base mean)/‖x − base mean‖.
  public func scores(of asked: Tensor, given known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    CentroidHead.negativeSquaredDistances(
      centred(asked, parameters), known.with(centred(known.features, parameters)).means)
  }

  /// 2·z·p − ‖p‖² for every class mean p of centred features of length one.
  public func classifier(given known: LabelledFeatures, _ parameters: Parameters) -> TaskClassifier {
    TaskClassifier(
      means: known.with(centred(known.features, parameters)).means, centre: parameters[baseMean],
      hasUnitRows: true)
  }

  /// As for ``CentroidHead``, on the centred features.
  public func supportLoss(_ known: LabelledFeatures, _ parameters: Parameters) -> Tensor {
    crossEntropy(
      CentroidHead.ownScores(known.with(centred(known.features, parameters))), known.labels)
  }

  private func centred(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    (x - parameters[baseMean].repeated(rows: x.shape[0])).unitRows
  }
}
