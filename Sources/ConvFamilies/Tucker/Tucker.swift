internal import Foundation
internal import Kernels
internal import Networks
internal import Tensors

/// T-Net: the kernels of many layers as one low-rank Tucker tensor.
///
/// W[l…, o, c, y, x] = Σ G[a…, b, d, e, f]·Π U_L[l, a]·U_O[o, b]·U_C[c, d]·U_H[y, e]·U_W[x, f]. A convolution is one
/// index of every structural mode l: it takes one row of each of their factors, and shares everything else.
///
/// - Source: Kossaifi et al. 2019 (T-Net). The paper's network has equal widths throughout; one tensor per stage and
///   width, or leading rows of the channel factors for narrower layers, are ours, as is leaving width changes (within
///   a stage), 1×1 convolutions and the stem standard.
struct TuckerFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "tnet"
  /// One sentence for the list of families.
  static let summary = "one low-rank Tucker tensor for the kernels of many layers (T-Net)"
  /// The settings.
  static let options = [
    NamedOption(
      "share", default: "stage",
      "one tensor for: stage, the convolutions of a stage that keep its width; net, all but stem and 1×1 (ours)"
    ),
    NamedOption(
      "modes", default: "layer",
      "structural modes: layer, or structure: stage, block, convolution in the block"),
    NamedOption(
      "rank-layer", default: "full", "rank of the mode of layers: full, a share such as 0.5, or a number"),
    NamedOption("rank-stage", default: "full", "rank of the mode of stages, where modes=structure"),
    NamedOption("rank-block", default: "full", "rank of the mode of blocks, where modes=structure"),
    NamedOption(
      "rank-convolution", default: "full",
      "rank of the mode of convolutions in a block, where modes=structure"),
    NamedOption("rank-out", default: "0.5", "rank of the output channels"),
    NamedOption("rank-in", default: "0.5", "rank of the input channels"),
    NamedOption("rank-height", default: "full", "rank of the kernel's rows"),
    NamedOption("rank-width", default: "full", "rank of the kernel's columns"),
    NamedOption(
      "evaluation", default: "auto", "dense, factored (1×1, k×k, 1×1), or auto: the cheaper one per layer"),
  ]
  /// A few numbers per layer, and how kernels look in space.
  static let defaultAdaptation = "layer-factors+spatial-factors"

  enum Sharing: String, CaseIterable, Sendable { case stage, net }
  enum Modes: String, CaseIterable, Sendable { case layer, structure }

  private let sharing: Sharing
  private let modes: Modes
  /// By the name of the mode.
  private let structuralRanks: [String: RankOption]
  private let ranks: (out: RankOption, in: RankOption, height: RankOption, width: RankOption)
  private let evaluation: KernelEvaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError) {
    sharing = try options.choice("share")
    modes = try options.choice("modes")
    structuralRanks = [
      "layer": try options.rank("rank-layer"), "stage": try options.rank("rank-stage"),
      "block": try options.rank("rank-block"), "convolution": try options.rank("rank-convolution"),
    ]
    ranks = (
      try options.rank("rank-out"), try options.rank("rank-in"), try options.rank("rank-height"),
      try options.rank("rank-width")
    )
    evaluation = try options.choice("evaluation")
  }

  /// Declares each tensor before its first layer.
  ///
  /// - Throws: If no convolution can stand in a tensor.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) throws(ConfigurationError)
    -> [Placed<TuckerConvolution>]
  {
    let members = sites.filter { !$0.isStem && $0.kernel > 1 && (sharing == .net || $0.inputs == $0.outputs) }
    guard !members.isEmpty else {
      throw ConfigurationError(
        field: "family", value: Self.name, reason: "no convolution keeps its width",
        remedy: "Use option share=net, or another backbone")
    }
    var tensors: [Key: SharedTensor] = [:]
    return sites.map { site in
      guard members.contains(site) else { return .standard(StandardConvolution(at: site, in: &layout)) }
      let key = key(of: site)
      let tensor = tensors[key] ?? declare(key, among: members, in: &layout)
      tensors[key] = tensor
      return .own(
        TuckerConvolution(
          site: site, rows: rows(of: tensor, for: site, in: &layout), factors: tensor.factors,
          // Leading rows of factors made for more inputs would start too small.
          scale: Scalar((Double(tensor.inputs) / Double(site.inputs)).squareRoot()), evaluation: evaluation))
    }
  }

  /// Which convolutions share a tensor.
  private struct Key: Hashable {
    let stage: Int
    let width: Int
    let kernel: Int
  }

  private func key(of site: ConvSite) -> Key {
    sharing == .net
      ? Key(stage: 0, width: 0, kernel: site.kernel)
      : Key(stage: site.stage, width: site.inputs, kernel: site.kernel)
  }

  private func path(_ key: Key, among members: [ConvSite]) -> String {
    let keys = Set(members.map(self.key(of:)))
    var path = sharing == .net ? "shared" : "shared.stage\(key.stage)"
    if keys.contains(where: { $0.stage == key.stage && $0.width != key.width }) {
      path += ".width\(key.width)"
    }
    if keys.contains(where: { $0.stage == key.stage && $0.width == key.width && $0.kernel != key.kernel }) {
      path += ".kernel\(key.kernel)"
    }
    return path
  }

  private func declare(
    _ key: Key, among members: [ConvSite], in layout: inout ParameterLayout
  ) -> SharedTensor {
    let path = path(key, among: members)
    let own = members.filter { self.key(of: $0) == key }
    let modes = modes(of: own)
    let (outputs, inputs) = (own.map(\.outputs).max() ?? 1, own.map(\.inputs).max() ?? 1)
    let kept = modes.map { (structuralRanks[$0.name] ?? .full).rank(of: $0.values.count) }
    let (b, d) = (ranks.out.rank(of: outputs), ranks.in.rank(of: inputs))
    let (e, f) = (ranks.height.rank(of: key.kernel), ranks.width.rank(of: key.kernel))
    // An entry of W sums Π r products of N + 1 independent numbers of variance s². For the He variance,
    // Π r·s^(2(N + 1)) = 2/(C·k²), where N counts the structural modes and four more.
    let product = (kept + [b, d, e, f]).reduce(1) { $0 * Double($1) }
    let target = 2 / Double(inputs * key.kernel * key.kernel)
    let start = Initializer.normal(deviation: pow(target / product, 1 / Double(2 * (kept.count + 5))))
    let structural = zip(modes, kept).map { mode, rank in
      SharedTensor.Structural(
        mode: mode, rank: rank,
        factor: mode.isLayer
          ? nil
          : layout.declare("\(path).\(mode.name)-factor", [mode.values.count, rank], .layerFactors, start))
    }
    return SharedTensor(
      structural: structural, start: start,
      factors: TuckerConvolution.Factors(
        core: layout.declare("\(path).core", Shape(kept + [b, d, e, f]), .core, start),
        out: layout.declare("\(path).out-factor", [outputs, b], .factors, start),
        in: layout.declare("\(path).in-factor", [inputs, d], .factors, start),
        height: layout.declare("\(path).height-factor", [key.kernel, e], .spatialFactors, start),
        width: layout.declare("\(path).width-factor", [key.kernel, f], .spatialFactors, start),
        outRank: b, inRank: d),
      inputs: inputs)
  }

  /// The structural modes of a tensor's convolutions.
  private func modes(of own: [ConvSite]) -> [Mode] {
    guard modes == .structure else { return [Mode(name: "layer", isLayer: true, index: \.layer, own)] }
    let all = [
      Mode(name: "stage", isLayer: false, index: \.stage, own),
      Mode(name: "block", isLayer: false, index: \.block, own),
      Mode(name: "convolution", isLayer: false, index: \.position, own),
    ]
    // A mode with a single index has nothing to choose between; but one mode stays.
    let needed = all.filter { $0.values.count > 1 }
    return needed.isEmpty ? [all[1]] : needed
  }

  /// What a convolution takes of each structural mode: a vector of its own, or a row that others may take too.
  private func rows(
    of tensor: SharedTensor, for site: ConvSite, in layout: inout ParameterLayout
  ) -> [TuckerConvolution.Row] {
    tensor.structural.map { item in
      guard let factor = item.factor else {
        return .own(
          layout.declare(
            site.path + ".layer-factor", [item.rank], .layerFactors, layer: site.owningLayer, tensor.start))
      }
      return .shared(factor, item.mode.values.firstIndex(of: site[keyPath: item.mode.index]) ?? 0)
    }
  }

  private struct Mode {
    let name: String
    let isLayer: Bool
    let index: KeyPath<ConvSite, Int>
    /// The indices that occur, ascending.
    let values: [Int]

    init(name: String, isLayer: Bool, index: KeyPath<ConvSite, Int>, _ sites: [ConvSite]) {
      self.name = name
      self.isLayer = isLayer
      self.index = index
      values = Set(sites.map { $0[keyPath: index] }).sorted()
    }
  }

  private struct SharedTensor {
    struct Structural {
      let mode: Mode
      let rank: Int
      /// `[indices, rank]`; nil where every layer has a vector of its own.
      let factor: ParameterRef?
    }

    let structural: [Structural]
    let start: Initializer
    let factors: TuckerConvolution.Factors
    /// The widest input it was made for.
    let inputs: Int
  }
}
