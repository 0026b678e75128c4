public import Networks
internal import Tensors

/// ACDC: kernels made of a few small atoms per layer, mixed by large coefficients that layers may share.
///
/// W[o, c] = Σ_j A[o, c, j]·D[j]. With grouping s, block (q, p) of s × s channels is
/// W[q·s + a, p·s + b] = Σ_j A[a, b, j]·D[q, p, j]: all blocks share A, each pair has atoms of its own.
///
/// - Source: Wang et al. 2020 (ACDC). The exact form of grouping, the leading slices for unequal widths and the
///   initialisation are ours, where the paper could not be read.
public struct AtomCoefficientFamily: ConvFamily {
  /// The name in `--family`.
  public static let name = "acdc"
  /// One sentence for the list of families.
  public static let summary = "atoms per layer, mixed by coefficients that layers may share (ACDC)"
  /// The settings.
  public static let options = [
    FamilyOption("atoms", default: "6", "atoms m per layer, 1...64; 9 span every 3×3 kernel"),
    FamilyOption("share", default: "none", "which layers share coefficients: none, stage, net"),
    FamilyOption("groups", default: "0", "channel group size s, dividing all widths; 0 does not group"),
    FamilyOption("stem", default: "standard", "the first layer: standard, or atoms like the others"),
    FamilyOption("evaluation", default: "auto", "dense, factored, or auto: the cheaper one per layer"),
  ]
  /// The paper's claim.
  public static let defaultAdaptation = "atoms"

  /// Which layers use the same coefficients.
  enum Sharing: String, CaseIterable, Sendable { case none, stage, net }
  enum Stem: String, CaseIterable, Sendable { case standard, atoms }
  enum Evaluation: String, CaseIterable, Sendable { case auto, dense, factored }

  private let atoms: Int
  private let sharing: Sharing
  private let group: Int
  private let stem: Stem
  private let evaluation: Evaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  public init(_ options: OptionValues) throws(ConfigurationError) {
    atoms = try options.integer("atoms", in: 1...64)
    sharing = try options.choice("share")
    group = try options.integer("groups", in: 0...4096)
    stem = try options.choice("stem")
    evaluation = try options.choice("evaluation")
  }

  /// Declares shared coefficients first, each as wide as its widest user, then the atoms of every site.
  ///
  /// - Throws: If the group size does not divide a site's channels.
  public func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [any Convolution]
  {
    let replaced = sites.filter { !($0.isStem && stem == .standard) }
    var shared: [String: Coefficients] = [:]
    var result: [any Convolution] = []
    for site in sites {
      guard replaced.contains(site) else {
        result.append(StandardConvolution(at: site, in: &layout))
        continue
      }
      if group > 0, site.inputs % group != 0 || site.outputs % group != 0 {
        throw ConfigurationError(
          field: "option groups", value: "\(group)",
          reason: "\(site.path) has \(site.inputs) input and \(site.outputs) output channels",
          remedy: "Use a size that divides both, or 0")
      }
      let owner = owner(of: site)
      let users = replaced.filter { self.owner(of: $0) == owner }
      let coefficients = shared[owner] ?? declare(owner, for: users, in: &layout)
      shared[owner] = coefficients
      result.append(convolution(at: site, with: coefficients, in: &layout))
    }
    return result
  }

  private func owner(of site: ConvSite) -> String {
    switch sharing {
    case .none: site.path
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
      owner + ".coefficients", shape, .coefficients, layer: sharing == .none ? users.first?.layer : nil,
      .normal(deviation: deviation))
    return Coefficients(ref: ref, inputs: inputs)
  }

  private func convolution(
    at site: ConvSite, with coefficients: Coefficients, in layout: inout ParameterLayout
  ) -> any Convolution {
    let pairs = group > 0 ? (site.outputs / group) * (site.inputs / group) : 1
    let ref = layout.declare(
      site.path + ".atoms", [pairs * atoms, site.kernel, site.kernel], .atoms, layer: site.layer, .unitRows)
    // A leading slice of coefficients made for more inputs would start too small.
    let scale = Scalar((Double(coefficients.inputs) / Double(site.inputs)).squareRoot())
    return group > 0
      ? GroupedAtomConvolution(
        site: site, atoms: ref, coefficients: coefficients.ref, count: atoms, group: group, scale: scale,
        evaluation: evaluation)
      : AtomConvolution(
        site: site, atoms: ref, coefficients: coefficients.ref, count: atoms, scale: scale,
        evaluation: evaluation)
  }

  private struct Coefficients {
    let ref: ParameterRef
    /// The widest input they were made for.
    let inputs: Int
  }
}

/// One ACDC convolution: atoms of its own, coefficients perhaps shared.
struct AtomConvolution: Convolution {
  let site: ConvSite
  let atoms: ParameterRef
  let coefficients: ParameterRef
  let count: Int
  let scale: Scalar
  let evaluation: AtomCoefficientFamily.Evaluation

  var constants: [String: Double] { scale == 1 ? [:] : [site.path + ".coefficient_scale": Double(scale)] }

  func kernel(_ parameters: Parameters) -> Tensor {
    let taps = site.kernel * site.kernel
    let mixed = matmul(
      ownCoefficients(parameters).reshaped([site.outputs * site.inputs, count]),
      parameters[atoms].reshaped([count, taps]))
    return mixed.reshaped([site.outputs, site.inputs, site.kernel, site.kernel])
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    let geometry = geometry(for: x)
    guard usesFactors(geometry) else { return conv2d(x, kernel(parameters), geometry) }
    return atomConv(x, atoms: parameters[atoms], coefficients: ownCoefficients(parameters), geometry)
  }

  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let pixels = geometry.outPlane / geometry.batch
    let factored = pixels * count * site.inputs * (geometry.taps + site.outputs)
    return MultiplyAdds(dense: denseMultiplyAdds(geometry), factored: factored)
  }

  func usesFactors(_ geometry: ConvGeometry) -> Bool {
    switch evaluation {
    case .dense: return false
    case .factored: return true
    case .auto:
      // An inner step is three dense passes and building the kernel, there and back; or two products, and the atom
      // stage three times, which runs along whole vectors of input channels.
      let pixels = Double(geometry.outPlane)
      let product = pixels * Double(count * site.inputs * ConvGeometry.vectorised(site.outputs))
      let stage = pixels * Double(count * ConvGeometry.vectorised(site.inputs) * geometry.taps)
      let build = Double(site.outputs * site.inputs * count * geometry.taps)
      return 2 * product + 3 * Self.stageCost * stage
        < 3 * geometry.passCost(from: site.inputs, to: site.outputs) + 2 * build
    }
  }

  /// Measured: time per multiply-add of the atom stage, in units of that of a matrix product.
  static let stageCost = 1.3

  /// The leading slice `[O, C, m]` of what may be shared with wider layers, at this layer's scale.
  private func ownCoefficients(_ parameters: Parameters) -> Tensor {
    let all = parameters[coefficients]
    let (outputs, inputs) = (all.shape[0], all.shape[1])
    guard outputs != site.outputs || inputs != site.inputs else { return all }
    let slice = all.reshaped([outputs, inputs * count])
      .slice(rows: 0..<site.outputs, columns: 0..<(site.inputs * count))
      .reshaped([site.outputs, site.inputs, count])
    return scale == 1 ? slice : scale * slice
  }
}
