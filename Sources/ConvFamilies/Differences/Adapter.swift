internal import Kernels
internal import Networks
internal import Tensors

/// Task-specific adapters (TSA): dense kernels, beside each a residual 1×1 matrix, and a matrix behind the features.
///
/// The output of a convolution is W∗x + A·x, at the convolution's own stride: A adds to the centre tap of W. The features
/// f become B·f before any head sees them. The role `adapter` is every A and B. They belong to a task: A starts it at
/// zero and B at the identity, so that it starts at the network itself, and neither takes part in the outer loop, where
/// A would be the centre tap a second time.
///
/// - Source: Li et al. 2022 (CVPR), where A starts at 10⁻⁴ and each has a rate of its own; ours start exactly at the
///   network, and the inner loop has learned rates.
struct AdapterFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "adapter"
  /// One sentence for the list of families.
  static let summary = "dense kernels, a residual matrix beside each, and one behind the features (TSA)"
  /// The settings.
  static let options = [
    NamedOption("alignment", default: "on", "on: a matrix of the task's own behind the features; off: none"),
    NamedOption("stem", default: "standard", "the first layer: standard, or adapter like the others"),
    NamedOption("evaluation", default: "auto", "dense, factored, or auto: the cheaper one per layer"),
  ]
  /// All matrices.
  static let defaultAdaptation = "adapter"
  /// The matrices beside the kernels have the size that these have; that behind the features can be left out.
  static let size: SizeOption? = SizeOption("alignment", ["off", "on"])

  enum Stem: String, CaseIterable, Sendable { case standard, adapter }

  private let aligns: Bool
  private let stem: Stem
  private let evaluation: KernelEvaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is none of its words.
  init(_ options: OptionValues) throws(ConfigurationError) {
    aligns = try options.flag("alignment")
    stem = try options.choice("stem")
    evaluation = try options.choice("evaluation")
  }

  /// Declares `<path>.kernel [O, C, k, k]` and `.adapter [O, C]` of every site.
  ///
  /// - Throws: If a kernel has no centre tap.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [Placed<AdapterConvolution>]
  {
    var placed: [Placed<AdapterConvolution>] = []
    for site in sites {
      let whole = StandardConvolution(at: site, in: &layout)
      guard !(site.isStem && stem == .standard) else {
        placed.append(.standard(whole))
        continue
      }
      guard site.kernel % 2 == 1 else {
        throw ConfigurationError(
          field: "family", value: Self.name,
          reason: "the kernel of \(site.path) has an even side of \(site.kernel), so it has no centre tap",
          remedy: "Use a backbone whose kernels have odd sides, or another family")
      }
      let matrix = layout.declare(
        site.path + ".adapter", [site.outputs, site.inputs], .adapter, layer: site.owningLayer,
        isMetaTrained: false, .constant(0))
      placed.append(.own(AdapterConvolution(whole: whole, matrix: matrix, evaluation: evaluation)))
    }
    return placed
  }

  /// Declares `alignment.matrix [D, D]`, the identity, unless it is left out.
  func alignment(features: Int, in layout: inout ParameterLayout) -> ParameterRef? {
    guard aligns else { return nil }
    return layout.declare(
      "alignment.matrix", [features, features], .adapter, isMetaTrained: false, .identity)
  }

  /// The kernels as they are, and nothing beside them.
  func fitting(_ own: [AdapterConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    zip(own, kernels).reduce(start) { point, item in
      let (convolution, kernel) = item
      let none = Tensor(repeating: 0, shape: point[convolution.matrix].shape)
      return convolution.whole.replacingKernel(with: kernel, in: point)
        .replacing([convolution.matrix], with: [none])
    }
  }
}

/// One dense convolution with a residual 1×1 matrix.
struct AdapterConvolution: Convolution {
  let whole: StandardConvolution
  /// `[O, C]`.
  let matrix: ParameterRef
  let evaluation: KernelEvaluation

  var site: ConvSite { whole.site }

  func kernel(_ parameters: Parameters) -> Tensor {
    let kernel = whole.kernel(parameters)
    let (rows, taps) = (site.outputs * site.inputs, site.kernel * site.kernel)
    // The centre is the middle one of the taps in a row.
    let centre = parameters[matrix].reshaped([rows, 1]).padded(to: [rows, taps], row: 0, column: taps / 2)
    return kernel + centre.reshaped(kernel.shape)
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    guard evaluation.usesFactors(prefersFactors(over: geometry)) else {
      return conv2d(x, kernel(parameters), geometry)
    }
    let residual = parameters[matrix].reshaped([site.outputs, site.inputs, 1, 1])
    return conv2d(x, whole.kernel(parameters), geometry) + conv2d(x, residual, beside(geometry))
  }

  /// The geometry of the 1×1 convolution beside it: where the centre tap falls.
  private func beside(_ geometry: ConvGeometry) -> ConvGeometry {
    ConvGeometry(
      batch: geometry.batch, height: geometry.height, width: geometry.width, kernel: 1,
      stride: geometry.stride, padding: 0)
  }

  /// u of the dense kernel; with the matrix by itself P·C·O more for P output pixels.
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let dense = denseMultiplyAdds(geometry)
    let residual = geometry.outPlane / geometry.batch * site.inputs * site.outputs
    return MultiplyAdds(
      dense: dense, factored: dense + residual, gradients: [[.kernels]: dense, [.adapter]: residual])
  }

  /// By the cost of an inner step that moves the matrix alone: three passes through one kernel; or two through the
  /// frozen one, which needs no gradient, and three through the matrix.
  private func prefersFactors(over geometry: ConvGeometry) -> Bool {
    let whole = geometry.passCost(from: site.inputs, to: site.outputs)
    return 3 * beside(geometry).passCost(from: site.inputs, to: site.outputs) < whole
  }
}
