internal import Kernels
internal import Networks
internal import Tensors

/// LoRA: dense kernels and beside each a difference of low rank, which belongs to a task.
///
/// The kernel is W + (α/r)·up·down: r filters `down` of the kernel's own side, mixed by the matrix `up`. The role `lora`
/// is both.
///
/// A product has no gradient where both factors are zero, and where one is zero only that one has: up starts every task
/// at zero, so that it starts at the kernels themselves, and stays out of the outer loop, as a task's own should. Down
/// is drawn, so that the first inner step moves up, and the next ones both. Unlike up it is meta-trained: the outer
/// loop learns in which filters tasks differ. Where nothing is meta-trained it stays as drawn, as in LoRA as published.
///
/// - Source: Hu et al. 2022 (LoRA), for matrices; k×k down and 1×1 up as in its convolutional relatives. That a task
///   starts up anew while the outer loop trains down is ours.
struct LowRankFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "lora"
  /// One sentence for the list of families.
  static let summary = "dense kernels and a low-rank difference of the task's own beside each (LoRA)"
  /// The settings.
  static let options = [
    NamedOption(
      "rank", default: "1", "rank r of the difference: full, a share such as 0.5 of it, or a number such as 4"
    ),
    NamedOption("scale", default: "1", "α: the difference is multiplied by α/r; above 0, at most 1000"),
    NamedOption("stem", default: "standard", "the first layer: standard, or lora like the others"),
    NamedOption("evaluation", default: "auto", "dense, factored, or auto: the cheaper one per layer"),
  ]
  /// The difference.
  static let defaultAdaptation = "lora"
  /// Rank 1 is the default since it is the least, and still many numbers: k²·C + O in each layer.
  static let size: SizeOption? = SizeOption("rank", 1...RankOption.largestCount)

  enum Stem: String, CaseIterable, Sendable { case standard, lora }

  private let rank: RankOption
  private let scale: Double
  private let stem: Stem
  private let evaluation: KernelEvaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError) {
    rank = try options.rank("rank")
    scale = try options.positive("scale", through: 1000)
    stem = try options.choice("stem")
    evaluation = try options.choice("evaluation")
  }

  /// Declares `<path>.kernel [O, C, k, k]`, `.down [r, C, k, k]` and `.up [O, r]` of every site.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<LowRankConvolution>] {
    sites.map { site in
      let whole = StandardConvolution(at: site, in: &layout)
      guard !(site.isStem && stem == .standard) else { return .standard(whole) }
      let rank = rank.rank(of: min(site.outputs, site.inputs * site.kernel * site.kernel))
      // Of unit length: a step on a column of up moves the kernel as its own step would along that filter.
      let down = layout.declare(
        site.path + ".down", [rank, site.inputs, site.kernel, site.kernel], .lora, layer: site.owningLayer,
        .unitRows)
      let up = layout.declare(
        site.path + ".up", [site.outputs, rank], .lora, layer: site.owningLayer, isMetaTrained: false,
        .constant(0))
      return .own(
        LowRankConvolution(
          whole: whole, down: down, up: up, rank: rank, scale: Scalar(scale / Double(rank)),
          evaluation: evaluation))
    }
  }

  /// The kernels as they are, and no difference.
  func fitting(_ own: [LowRankConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    zip(own, kernels).reduce(start) { point, item in
      let (convolution, kernel) = item
      let none = Tensor(repeating: 0, shape: point[convolution.up].shape)
      return convolution.whole.replacingKernel(with: kernel, in: point)
        .replacing([convolution.up], with: [none])
    }
  }
}

/// One dense convolution with a difference of low rank.
struct LowRankConvolution: Convolution {
  let whole: StandardConvolution
  /// `[r, C, k, k]`.
  let down: ParameterRef
  /// `[O, r]`.
  let up: ParameterRef
  let rank: Int
  /// α/r.
  let scale: Scalar
  let evaluation: KernelEvaluation

  var site: ConvSite { whole.site }

  var constants: [String: Double] { scale == 1 ? [:] : [site.path + ".difference_scale": Double(scale)] }

  private func scaledUp(_ parameters: Parameters) -> Tensor {
    scale == 1 ? parameters[up] : scale * parameters[up]
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let kernel = whole.kernel(parameters)
    return kernel + matmul(scaledUp(parameters), parameters[down].filterRows).reshaped(kernel.shape)
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    guard evaluation.usesFactors(prefersFactors(over: geometry)) else {
      return conv2d(x, kernel(parameters), geometry)
    }
    let mixing = scaledUp(parameters).reshaped([site.outputs, rank, 1, 1])
    let difference = conv2d(conv2d(x, parameters[down], geometry), mixing, geometry.pointwise)
    return conv2d(x, whole.kernel(parameters), geometry) + difference
  }

  /// u of the dense kernel; of the factors P·r·(C·k² + O) more for P output pixels.
  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    let dense = denseMultiplyAdds(geometry)
    let difference = pixels * rank * (site.inputs * geometry.taps + site.outputs)
    return MultiplyAdds(
      dense: dense, factored: dense + difference, gradients: [[.kernels]: dense, [.lora]: difference])
  }

  /// By the cost of an inner step that moves the difference alone: three passes through one kernel that is built, there
  /// and back; or two through the frozen one, which needs no gradient, and three through the difference.
  private func prefersFactors(over geometry: ConvGeometry) -> Bool {
    let whole = geometry.passCost(from: site.inputs, to: site.outputs)
    let difference =
      geometry.passCost(from: site.inputs, to: rank)
      + geometry.pointwise.passCost(from: rank, to: site.outputs)
    let build = Double(site.outputs * rank * site.inputs * geometry.taps)
    return 2 * whole + 3 * difference < 3 * whole + 2 * build
  }
}
