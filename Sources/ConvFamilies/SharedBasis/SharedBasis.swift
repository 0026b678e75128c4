internal import Kernels
internal import Networks
internal import Tensors

/// Deeply shared filter bases: layers of a group share filters B, and each mixes them with few of its own, U.
///
/// h = [U; B] ∗ x, h' = norm(h), y = C·h' with B `[S, C, k, k]` of the group, U `[U, C, k, k]` and C `[O, S + U]` of the
/// layer. The inner norm has scale and shift of the layer and takes its statistics at every use. (Where a normalisation
/// follows the convolution, as in every backbone here, it cancels the inner shift; it stands as published.)
///
/// A group is what a stage has of convolutions with equally many input channels, without the stem, 1×1 convolutions
/// and (see option `first`) the first block; those are standard.
///
/// - Source: Kang and Kim 2021 (Deeply shared filter bases for parameter-efficient convolutional neural networks) and
///   the published code, for everything but what options call ours.
struct SharedBasisFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "dsb"
  /// One sentence for the list of families.
  static let summary =
    "filters shared by the layers of a stage, mixed per layer (deeply shared filter bases)"
  /// The settings.
  static let options = [
    NamedOption(
      "shared", default: "0.5",
      "shared filters S of a basis: a share of the input channels, or a number at the narrowest layer that grows with the width"
    ),
    NamedOption("unique", default: "1", "filters U of each layer's own, in the same units; 0 for none"),
    NamedOption(
      "bases", default: "single", "single, or double: the group's convolutions take turns at two bases"),
    NamedOption(
      "first", default: "auto",
      "a stage's first block: standard (as published), shared, or auto: shared where the stage has one block (ours)"
    ),
    NamedOption("norm", default: "batch", "between basis and coefficients: batch, or none (ours)"),
    NamedOption(
      "start", default: "fan-out",
      "variances: fan-out, 2/O for C and 2/(U·k²) for U (as published), or fan-in (ours): He variance of the kernel"
    ),
    NamedOption(
      "orthogonality", default: "10", "weight λ of the mean squared Gram error in the outer loss; 0 for none"),
    NamedOption(
      "gram", default: "shared", "what is to be orthonormal: the shared filters, or all with the unique ones"),
    NamedOption(
      "evaluation", default: "auto", "dense (without norm only), factored, or auto: the cheaper one"),
  ]
  /// Small and the layer's own: the unique filters and every normalisation.
  static let defaultAdaptation = "unique+norm"

  enum Bases: String, CaseIterable, Sendable { case single, double }
  enum First: String, CaseIterable, Sendable { case auto, standard, shared }
  enum Norm: String, CaseIterable, Sendable { case batch, none }
  enum Start: String, CaseIterable, Sendable {
    case fanOut = "fan-out"
    case fanIn = "fan-in"
  }
  enum Gram: String, CaseIterable, Sendable { case shared, all }

  private let shared: RankOption
  private let unique: RankOption?
  private let bases: Bases
  private let first: First
  private let norm: Norm
  private let start: Start
  private let orthogonality: Double
  private let gram: Gram
  private let evaluation: KernelEvaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range, or a dense kernel is asked for where the norm leaves none.
  init(_ options: OptionValues) throws(ConfigurationError) {
    shared = try options.rank("shared")
    unique = try options.rankIfAny("unique")
    bases = try options.choice("bases")
    first = try options.choice("first")
    norm = try options.choice("norm")
    start = try options.choice("start")
    orthogonality = try options.number("orthogonality", in: 0...1e6)
    gram = try options.choice("gram")
    evaluation = try options.choice("evaluation")
    if norm == .batch && evaluation == .dense {
      throw ConfigurationError(
        field: "option evaluation", value: "dense",
        reason: "with an inner norm the kernel depends on the batch, so it cannot be built beforehand",
        remedy: "Use factored, or option norm=none")
    }
  }

  /// Declares the shared filters of every group first, then the layers' own parameters.
  ///
  /// - Throws: If no convolution is left to share.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [Placed<SharedBasisConvolution>]
  {
    let members = sites.filter { shares($0, among: sites) }
    guard !members.isEmpty else {
      throw ConfigurationError(
        field: "family", value: Self.name, reason: "no convolution is left to share filters",
        remedy: "Use option first=shared, or another backbone")
    }
    let narrowest = sites.map(\.outputs).min() ?? 1
    var groups: [Group.Key: Group] = [:]
    for site in members where groups[Group.Key(site)] == nil {
      groups[Group.Key(site)] = try declare(Group.Key(site), for: members, narrowest, in: &layout)
    }
    return sites.map { site in
      guard let group = groups[Group.Key(site)], let turn = group.members.firstIndex(of: site) else {
        return .standard(StandardConvolution(at: site, in: &layout))
      }
      return .own(convolution(at: site, of: group, turn: turn, narrowest, in: &layout))
    }
  }

  private func declare(
    _ key: Group.Key, for all: [ConvSite], _ narrowest: Int, in layout: inout ParameterLayout
  ) throws(ConfigurationError) -> Group {
    let members = all.filter { Group.Key($0) == key }
    let filters = rank(shared, key.inputs, narrowest)
    // A single convolution would leave a second basis idle.
    let count = bases == .double && members.count > 1 ? 2 * filters : filters
    let longest = key.inputs * key.kernel * key.kernel
    guard count <= longest else {
      throw ConfigurationError(
        field: "option shared", value: "\(filters)",
        reason:
          "stage \(key.stage) would share \(count) filters of \(longest) numbers, which cannot be orthogonal",
        remedy: "Use fewer")
    }
    let several = all.contains { $0.stage == key.stage && Group.Key($0) != key }
    let path = "shared.stage\(key.stage)" + (several ? ".in\(key.inputs)k\(key.kernel)" : "") + ".bases"
    return Group(
      bases: layout.declare(path, [count, key.inputs, key.kernel, key.kernel], .bases, .orthogonal),
      filters: filters, members: members)
  }

  private func shares(_ site: ConvSite, among sites: [ConvSite]) -> Bool {
    guard !site.isStem, site.kernel > 1 else { return false }
    let blocks = sites.filter { $0.stage == site.stage }.map(\.block)
    let isFirst = site.block == blocks.min()
    switch first {
    case .standard: return !isFirst
    case .shared: return true
    case .auto: return !isFirst || Set(blocks).count == 1
    }
  }

  private func rank(_ option: RankOption, _ width: Int, _ narrowest: Int) -> Int {
    guard case .count(let count) = option else { return option.rank(of: width) }
    return max(1, Int((Double(count * width) / Double(narrowest)).rounded()))
  }

  private func convolution(
    at site: ConvSite, of group: Group, turn: Int, _ narrowest: Int, in layout: inout ParameterLayout
  ) -> SharedBasisConvolution {
    let own = unique.map { rank($0, site.inputs, narrowest) } ?? 0
    let total = own + group.filters
    let taps = Double(site.kernel * site.kernel)
    let spread = start == .fanOut ? 2 / Double(site.outputs) : 2 / Double(total)
    let (path, layer) = (site.path, site.owningLayer)
    let uniqueRef =
      own == 0
      ? nil
      : layout.declare(
        path + ".unique", [own, site.inputs, site.kernel, site.kernel], .unique, layer: layer,
        start == .fanOut ? .normal(deviation: (2 / (Double(own) * taps)).squareRoot()) : .unitRows)
    let coefficients = layout.declare(
      path + ".coefficients", [site.outputs, total], .coefficients, layer: layer,
      .normal(deviation: spread.squareRoot()))
    let inner =
      norm == .none
      ? nil
      : SharedBasisConvolution.InnerNorm(
        scale: layout.declare(path + ".norm.scale", [total], .norm, layer: layer, .constant(1)),
        shift: layout.declare(path + ".norm.shift", [total], .norm, layer: layer, .constant(0)))
    let offset = bases == .double ? (turn % 2) * group.filters : 0
    return SharedBasisConvolution(
      site: site, bases: group.bases, rows: offset..<(offset + group.filters), unique: uniqueRef,
      coefficients: coefficients, norm: inner, rank: total, evaluation: evaluation)
  }

  /// λ·(Σ_g ‖M_g·M_gᵀ − I‖²)/(Σ_g R_g²): M_g are the R_g shared filters of group g, both bases together, as rows.
  ///
  /// With `gram=all` the unique filters of every layer join, with the shared ones that the layer uses.
  func regularizer(of own: [SharedBasisConvolution], _ parameters: Parameters) -> Tensor? {
    guard orthogonality > 0, !own.isEmpty else { return nil }
    var errors: [(squares: Tensor, entries: Int)] = []
    for ref in own.map(\.bases).reduce(into: [ParameterRef](), { if !$0.contains($1) { $0.append($1) } }) {
      errors.append(gramError(parameters[ref].filterRows))
    }
    if gram == .all {
      for convolution in own {
        guard let unique = convolution.unique else { continue }
        let rows = parameters[unique].filterRows
        let used = parameters[convolution.bases].filterRows.slice(rows: convolution.rows)
        errors += [
          gramError(rows),
          (matmul(used, rows, transposeB: true).squares, used.shape[0] * rows.shape[0]),
        ]
      }
    }
    let entries = errors.reduce(0) { $0 + $1.entries }
    return errors.map(\.squares).reduce(Tensor(0), +).affine(scale: Scalar(orthogonality) / Scalar(entries))
  }

  /// ‖M·Mᵀ − I‖² and how many entries that is.
  private func gramError(_ rows: Tensor) -> (squares: Tensor, entries: Int) {
    let count = rows.shape[0]
    let identity = Tensor(
      (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: [count, count])
    return ((matmul(rows, rows, transposeB: true) - identity).squares, count * count)
  }

  private struct Group {
    struct Key: Hashable {
      let stage: Int
      let inputs: Int
      let kernel: Int

      init(_ site: ConvSite) { (stage, inputs, kernel) = (site.stage, site.inputs, site.kernel) }
    }

    let bases: ParameterRef
    let filters: Int
    let members: [ConvSite]
  }
}
