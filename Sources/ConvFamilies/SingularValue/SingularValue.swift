internal import Kernels
internal import LinearAlgebra
internal import Networks
internal import Randomness
internal import Tensors

/// Kernels as singular value decompositions whose rank falls in training: dynamic parameter rank pruning.
///
/// The kernel as a matrix `[O, C·k²]` is U·diag(s)·Vᵀ. Training keeps U and V near orthonormal, s near descending and
/// few of its numbers large; every so many updates what has become small is dropped.
///
/// - Source: Sharma et al. 2024 (DPRP, arXiv 2401.08014). Its formulas could not be read: the shape of the matrix is
///   that of SVF, the three regularizers, both pruning rules, schedule and defaults are ours, after Yang et al. 2020
///   and Xu et al. 2020 (TRP).
struct SingularValueFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "svd"
  /// One sentence for the list of families.
  static let summary = "singular value factors whose rank is pruned in training (DPRP)"
  /// The settings.
  static let options = [
    NamedOption(
      "rank", default: "full", "rank to start with: full, a share such as 0.5 of it, or a number such as 32"),
    NamedOption("stem", default: "standard", "the first layer: standard, or svd like the others"),
    NamedOption("head", default: "standard", "the linear head: standard, or svd, pruned with the others"),
    NamedOption("evaluation", default: "auto", "dense, factored, or auto: the cheaper one per layer"),
    NamedOption("orthogonality", default: "1", "weight of the penalty that keeps U and V orthonormal"),
    NamedOption("ordering", default: "0.1", "weight of the penalty that keeps s descending"),
    NamedOption("sparsity", default: "0.001", "weight of the penalty that lowers the rank"),
    NamedOption(
      "measure", default: "hoyer", "what that penalty measures: hoyer (‖s‖₁/‖s‖₂) or nuclear (‖s‖₁)"),
    NamedOption("prune", default: "energy", "which values stay: by energy, by value, or none to keep all"),
    NamedOption("energy", default: "0.99", "share of Σs² that the values that stay must hold"),
    NamedOption("threshold", default: "0.05", "least value that stays with prune=value"),
    NamedOption("prune-every", default: "50", "updates from one pruning to the next"),
    NamedOption("prune-after", default: "100", "updates before the first pruning"),
  ]
  /// The few numbers of each layer that scale its directions.
  static let defaultAdaptation = "singular"
  /// As many singular values as ranks.
  static let size: SizeOption? = SizeOption("rank", 1...RankOption.largestCount)

  enum Stem: String, CaseIterable, Sendable { case standard, svd }
  enum Measure: String, CaseIterable, Sendable { case hoyer, nuclear }
  enum Rule: String, CaseIterable, Sendable { case energy, value, none }

  private let rank: RankOption
  private let stem: Stem
  private let head: Stem
  private let evaluation: KernelEvaluation
  let penalties: SingularValuePenalties
  private let pruning: SingularValuePruning

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError) {
    rank = try options.rank("rank")
    stem = try options.choice("stem")
    head = try options.choice("head")
    evaluation = try options.choice("evaluation")
    penalties = SingularValuePenalties(
      orthogonality: try options.number("orthogonality", in: 0...1e6),
      ordering: try options.number("ordering", in: 0...1e6),
      sparsity: try options.number("sparsity", in: 0...1e6), measure: try options.choice("measure"))
    pruning = SingularValuePruning(
      rule: try options.choice("prune"), energy: try options.number("energy", in: 0...1),
      threshold: try options.number("threshold", in: 0...1e6),
      every: try options.integer("prune-every", in: 1...1_000_000_000),
      after: try options.integer("prune-after", in: 0...1_000_000_000))
  }

  /// Declares U, s and V of every site; the stem, unless asked, and 1×1 convolutions stay standard.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<
    SingularValueConvolution
  >] {
    sites.map { site in
      guard !(site.isStem && stem == .standard), site.kernel > 1 else {
        return .standard(StandardConvolution(at: site, in: &layout))
      }
      let full = min(site.outputs, site.inputs * site.kernel * site.kernel)
      return .own(
        SingularValueConvolution(at: site, rank: rank.rank(of: full), evaluation: evaluation, in: &layout))
    }
  }

  /// U, s and V of the head's weight, if that was asked for.
  func head(inputs: Int, outputs: Int, in layout: inout ParameterLayout) -> SingularValueConvolution? {
    guard head == .svd else { return nil }
    let site = ConvSite(path: "head", layer: 0, stage: 0, inputs: inputs, outputs: outputs, kernel: 1)
    return SingularValueConvolution(
      at: site, rank: rank.rank(of: min(inputs, outputs)), evaluation: .dense,
      head: (draw: "head.weight", deviation: Network.headDeviation(inputs: inputs)), in: &layout)
  }

  /// The three penalties, averaged over the layers.
  func regularizer(of own: [SingularValueConvolution], _ parameters: Parameters) -> Tensor? {
    penalties.total(own, parameters)
  }

  /// By the chosen rule, every so many updates after the first so many.
  func keptRanks(of own: [SingularValueConvolution], _ parameters: Parameters, after updates: Int)
    -> [RankRef: [Int]]
  {
    guard pruning.isDue(after: updates) else { return [:] }
    return own.reduce(into: [:]) { kept, convolution in
      kept[convolution.rank] = pruning.kept(convolution.sizes(parameters))
    }
  }

  /// The decomposition of each kernel, cut to the rank there is: the nearest kernel of that rank.
  ///
  /// - Source: Eckart and Young 1936.
  func fitting(_ own: [SingularValueConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters?
  {
    zip(own, kernels).reduce(start) { parameters, item in
      let convolution = item.0
      let rows = item.1.shape[0]
      let matrix = Matrix(item.1.scalars.map { Double($0) }, rows: rows, columns: item.1.count / rows)
      let rank = parameters[convolution.singular].count
      let parts = SingularValueDecomposition(matrix).leading(rank)
      return convolution.replacing(parts, in: parameters)
    }
  }
}

/// One convolution by singular value factors.
struct SingularValueConvolution: Convolution {
  let site: ConvSite
  /// r, which may fall in training.
  let rank: RankRef
  /// U, `[O, r]`.
  let left: ParameterRef
  /// s, `[r]`.
  let singular: ParameterRef
  /// Vᵀ, `[r, C, k, k]`: r kernels.
  let right: ParameterRef
  private let declaredRank: Int
  private let evaluation: KernelEvaluation

  /// Declares `<path>.left`, `.singular` and `.right`: the decomposition of one He-normal kernel.
  ///
  /// Below full rank s is scaled up to the size of the whole kernel, so that its variance stays 2/(C·k²) (ours).
  ///
  /// A head starts as the decomposition of what a dense head starts as, and all its parameters have the role `head`.
  init(
    at site: ConvSite, rank r: Int, evaluation: KernelEvaluation,
    head: (draw: String, deviation: Double)? = nil, in layout: inout ParameterLayout
  ) {
    let (rows, columns) = (site.outputs, site.inputs * site.kernel * site.kernel)
    let deviation = head?.deviation ?? (2 / Double(columns)).squareRoot()
    let layer = head == nil ? site.owningLayer : nil
    let draw = JointDraw(name: head?.draw ?? site.path + ".kernel") { stream in
      let kernel = Matrix(
        (0..<(rows * columns)).map { _ in deviation * stream.normal() }, rows: rows, columns: columns)
      let (left, values, right) = SingularValueDecomposition(kernel).leading(r)
      let scale = kernel.norm / values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return [left.elements, values.map { $0 * scale }, right.elements].map { $0.map { Scalar($0) } }
    }
    self.site = site
    self.evaluation = evaluation
    declaredRank = r
    let breakEven = Double(rows * columns) / Double(rows + columns + 1)
    rank = layout.declareRank(site.path + ".rank", r, breakEven: breakEven)
    left = layout.declare(
      site.path + ".left", [rows, r], head == nil ? .factors : .head, layer: layer, ranks: [1: rank],
      .part(0, of: draw))
    singular = layout.declare(
      site.path + ".singular", [r], head == nil ? .singular : .head, layer: layer, ranks: [0: rank],
      .part(1, of: draw))
    right = layout.declare(
      site.path + ".right", [r, site.inputs, site.kernel, site.kernel], head == nil ? .factors : .head,
      layer: layer,
      ranks: [0: rank], .part(2, of: draw))
  }

  /// U·diag(s), `[O, r]`.
  private func scaledLeft(_ parameters: Parameters) -> Tensor {
    parameters[left] * parameters[singular].expandedRows(to: site.outputs).transposed
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let right = parameters[right]
    let flat = right.reshaped([right.shape[0], right.count / right.shape[0]])
    return matmul(scaledLeft(parameters), flat)
      .reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  /// A k×k convolution by Vᵀ, then a 1×1 convolution by U·diag(s).
  ///
  /// s goes with U, so that what the first convolution gives does not depend on it.
  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    let r = parameters[singular].count
    guard evaluation.usesFactors(prefersFactors(filters: r, over: geometry)) else {
      return conv2d(x, kernel(parameters), geometry)
    }
    return conv2d(
      conv2d(x, parameters[right], geometry), scaledLeft(parameters).reshaped([site.outputs, r, 1, 1]),
      geometry.pointwise)
  }

  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds { multiplyAdds(geometry, rank: declaredRank) }

  func multiplyAdds(_ geometry: ConvGeometry, in layout: ParameterLayout) -> MultiplyAdds {
    multiplyAdds(geometry, rank: layout[rank].extent)
  }

  private func multiplyAdds(_ geometry: ConvGeometry, rank: Int) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    return MultiplyAdds(
      dense: denseMultiplyAdds(geometry),
      factored: pixels * rank * (site.inputs * geometry.taps + site.outputs),
      // s is folded into U, whose gradient is that of the 1×1 convolution.
      gradients: [[.singular]: pixels * rank * site.outputs])
  }

  /// |s_j|·‖u_j‖·‖v_j‖: the norms of the terms that add up to the kernel; |s_j| where U and V are orthonormal.
  func sizes(_ parameters: Parameters) -> [Double] {
    let (u, s, v) = (parameters[left], parameters[singular].scalars, parameters[right])
    let columns = u.transposed.scalars
    let rows = v.scalars
    func norm(_ scalars: ArraySlice<Scalar>) -> Double {
      scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let (height, width) = (site.outputs, v.count / s.count)
    return s.indices.map { j in
      abs(Double(s[j])) * norm(columns[(j * height)..<((j + 1) * height)])
        * norm(rows[(j * width)..<((j + 1) * width)])
    }
  }

  func replacing(_ parts: (left: Matrix, values: [Double], right: Matrix), in parameters: Parameters)
    -> Parameters
  {
    let refs = [left, singular, right]
    let numbers = [parts.left.elements, parts.values, parts.right.elements]
    return parameters.replacing(
      refs, with: zip(refs, numbers).map { Tensor($1.map { Scalar($0) }, shape: parameters[$0].shape) })
  }
}
