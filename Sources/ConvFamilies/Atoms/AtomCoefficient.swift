internal import Kernels
internal import Networks
internal import Tensors

/// ACDC: kernels made of a few small atoms per layer, mixed by large coefficients that layers may share.
///
/// W[o, c] = Σ_j A[o, c, j]·D[j]. With grouping s, block (q, p) of s × s channels is
/// W[q·s + a, p·s + b] = Σ_j A[a, b, j]·D[q, p, j]: all blocks share A, each pair has atoms of its own.
/// With `delta=on` atoms are D + δ: δ starts every task at zero, stays out of the outer loop, and its role
/// `atoms-delta` adapts in place of D, so that the meta-learned atoms themselves never move within a task.
///
/// - Source: Wang et al. 2020 (ACDC). The exact form of grouping, the leading slices for unequal widths and the
///   initialisation are ours, where the paper could not be read.
struct AtomCoefficientFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "acdc"
  /// One sentence for the list of families.
  static let summary = "atoms per layer, mixed by coefficients that layers may share (ACDC)"
  /// The settings.
  static let options = [
    NamedOption("atoms", default: "6", "atoms m per layer, 1...64; 9 span every 3×3 kernel"),
    NamedOption(
      "share", default: "none",
      "which layers share coefficients: none or layer (each its own), block, stage, net"
    ),
    NamedOption("groups", default: "0", "channel group size s, dividing all widths; 0 does not group"),
    NamedOption(
      "init", default: "free", "how atoms start: free, or fourier-bessel (at most k² - 1 of them)"),
    NamedOption(
      "delta", default: "off", "on: atoms get a difference for --adapt atoms-delta, zero at first"),
    NamedOption("stem", default: "standard", "the first layer: standard, or atoms like the others"),
    NamedOption("evaluation", default: "auto", "dense, factored, or auto: the cheaper one per layer"),
  ]
  /// The paper's claim.
  static let defaultAdaptation = "atoms"
  /// The atoms of every layer.
  static let size: SizeOption? = SizeOption("atoms", 1...64)

  /// Which layers use the same coefficients.
  ///
  /// `layer` is the word of the paper for `none`: with groups it is the layer's blocks that share.
  enum Sharing: String, CaseIterable, Sendable { case none, layer, block, stage, net }
  enum Start: String, CaseIterable, Sendable {
    case free
    case fourierBessel = "fourier-bessel"
  }
  enum Stem: String, CaseIterable, Sendable { case standard, atoms }

  private let atoms: Int
  private let sharing: Sharing
  private let group: Int
  private let start: Start
  private let hasDelta: Bool
  private let stem: Stem
  private let evaluation: KernelEvaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError) {
    atoms = try options.integer("atoms", in: 1...64)
    sharing = try options.choice("share")
    group = try options.integer("groups", in: 0...4096)
    start = try options.choice("init")
    hasDelta = try options.flag("delta")
    stem = try options.choice("stem")
    evaluation = try options.choice("evaluation")
    if start == .fourierBessel && group > 0 {
      throw ConfigurationError(
        field: "option init", value: start.rawValue,
        reason: "with groups all pairs of channel groups would start alike and stay alike",
        remedy: "Use init=free, or groups=0")
    }
  }

  /// Declares shared coefficients first, each as wide as its widest user, then the atoms of every site.
  ///
  /// - Throws: If the group size does not divide a site's channels, or there are more atoms than Fourier-Bessel
  ///   functions on its kernel.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [Placed<AtomMixtureConvolution>]
  {
    let replaced = sites.filter { !($0.isStem && stem == .standard) }
    var shared: [String: Coefficients] = [:]
    var result: [Placed<AtomMixtureConvolution>] = []
    for site in sites {
      guard replaced.contains(site) else {
        result.append(.standard(StandardConvolution(at: site, in: &layout)))
        continue
      }
      if group > 0, site.inputs % group != 0 || site.outputs % group != 0 {
        throw ConfigurationError(
          field: "option groups", value: "\(group)",
          reason: "\(site.path) has \(site.inputs) input and \(site.outputs) output channels",
          remedy: "Use a size that divides both, or 0")
      }
      let limit = FourierBessel.limit(side: site.kernel)
      if start == .fourierBessel && atoms > limit {
        throw ConfigurationError(
          field: "option atoms", value: "\(atoms)",
          reason: "only \(limit) Fourier-Bessel functions fit the kernel of \(site.path)",
          remedy: "Use up to \(limit), or init=free")
      }
      let owner = owner(of: site)
      let users = replaced.filter { self.owner(of: $0) == owner }
      let coefficients = shared[owner] ?? declare(owner, for: users, in: &layout)
      shared[owner] = coefficients
      result.append(.own(convolution(at: site, with: coefficients, in: &layout)))
    }
    return result
  }

  private func owner(of site: ConvSite) -> String {
    switch sharing {
    case .none, .layer: site.path
    case .block: "shared.stage\(site.stage).block\(site.block)"
    case .stage: "shared.stage\(site.stage)"
    case .net: "shared"
    }
  }

  private func declare(
    _ owner: String, for users: [ConvSite], in layout: inout ParameterLayout
  ) -> Coefficients {
    let inputs = users.map(\.inputs).max() ?? 1
    let outputs = users.map(\.outputs).max() ?? 1
    let shape: Shape = group > 0 ? [group, group, atoms] : [outputs, inputs, atoms]
    // With atoms of unit length this gives kernels the He variance: C·k²·Var(W) = C·m·Var(A) = 2.
    let deviation = (2 / Double(inputs * atoms)).squareRoot()
    let ref = layout.declare(
      owner + ".coefficients", shape, .coefficients, layer: users.count == 1 ? users[0].owningLayer : nil,
      .normal(deviation: deviation))
    return Coefficients(ref: ref, inputs: inputs)
  }

  private func convolution(
    at site: ConvSite, with coefficients: Coefficients, in layout: inout ParameterLayout
  ) -> AtomMixtureConvolution {
    let pairs = group > 0 ? (site.outputs / group) * (site.inputs / group) : 1
    let set = atomSet(of: site, count: pairs * atoms, in: &layout)
    // A leading slice of coefficients made for more inputs would start too small.
    let scale = Scalar((Double(coefficients.inputs) / Double(site.inputs)).squareRoot())
    return AtomMixtureConvolution(
      form: group > 0
        ? GroupedAtomConvolution(
          site: site, atoms: set, coefficients: coefficients.ref, count: atoms, group: group, scale: scale,
          evaluation: evaluation)
        : AtomConvolution(
          site: site, atoms: set, coefficients: coefficients.ref, count: atoms, scale: scale,
          evaluation: evaluation))
  }

  private func atomSet(of site: ConvSite, count: Int, in layout: inout ParameterLayout) -> AtomSet {
    let shape: Shape = [count, site.kernel, site.kernel]
    let initializer: Initializer =
      switch start {
      case .free: .unitRows
      case .fourierBessel:
        .values(FourierBessel.atoms(count, side: site.kernel).joined().map { Scalar($0) })
      }
    let ref = layout.declare(site.path + ".atoms", shape, .atoms, layer: site.owningLayer, initializer)
    guard hasDelta else { return AtomSet(ref: ref, delta: nil) }
    let difference = layout.declare(
      site.path + ".atoms_delta", shape, .atomsDelta, layer: site.owningLayer, isMetaTrained: false,
      .constant(0))
    return AtomSet(ref: ref, delta: difference)
  }

  private struct Coefficients {
    let ref: ParameterRef
    /// The widest input they were made for.
    let inputs: Int
  }
}
