internal import Networks
internal import Tensors

/// Dense kernels, and one vector of a task that scales and shifts the normalisations: CAVIA.
///
/// The vector φ of K numbers is zero when a task begins and takes no part in the outer loop: what is learned of it are
/// the matrices that turn it into a scale and a shift for every channel.
///
/// - Source: Zintgraf et al. 2019 (CAVIA). There φ acts on the third layer of a Conv-4, through a matrix with a bias;
///   here on all layers unless told otherwise, and without one, so that a task starts at the network itself.
struct ContextVectorFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "cavia"
  /// One sentence for the list of families.
  static let summary =
    "dense kernels; a vector of the task's own scales and shifts the normalisations (CAVIA)"
  /// The settings.
  static let options = [
    NamedOption("context", default: "100", "numbers K of the vector, 1...100000"),
    NamedOption("layer", default: "all", "whose normalisations it acts on: all, or one layer such as 3"),
  ]
  /// The vector.
  static let defaultAdaptation = "context"
  /// Its length is what adapts.
  static let size: SizeOption? = SizeOption("context", 1...100_000)

  private let length: Int
  private let layer: Int?

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range.
  init(_ options: OptionValues) throws(ConfigurationError) {
    length = try options.integer("context", in: 1...100_000)
    layer = try options.integer("layer", in: 1...10_000, or: "all")
  }

  /// One dense kernel per site.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<StandardConvolution>] {
    sites.map { .standard(StandardConvolution(at: $0, in: &layout)) }
  }

  /// Declares `context.vector [K]`, zero, and `context.<normalisation> [2·C, K]` for each normalisation it acts on.
  ///
  /// - Throws: If the network has no such layer.
  func context(for normalisations: [Normalisation], in layout: inout ParameterLayout)
    throws(ConfigurationError) -> ContextFilm?
  {
    let chosen = normalisations.filter { layer == nil || $0.layer == layer }
    guard !chosen.isEmpty else {
      let deepest = normalisations.compactMap(\.layer).max() ?? 0
      throw ConfigurationError(
        field: "option layer", value: layer.map { "\($0)" } ?? "all",
        reason: "family \(Self.name) finds no normalisation there",
        remedy: deepest > 0 ? "Use all or 1...\(deepest)" : "Use a backbone with normalisations")
    }
    let vector = layout.declare("context.vector", [length], .context, isMetaTrained: false, .constant(0))
    // As a linear layer starts: the first step of φ then moves scales and shifts as its own step would, on average.
    let deviation = 1 / Double(length).squareRoot()
    let parts = chosen.map { norm in
      let name = layout[norm.scale].path.dropLast(".scale".count)
      return ContextFilm.Part(
        norm,
        generator: layout.declare(
          "context.\(name)", [2 * norm.channels, length], .generators, layer: norm.layer,
          .normal(deviation: deviation)))
    }
    return ContextFilm(context: vector, parts: parts)
  }

  /// Kernels as they are; a task still begins without a context.
  func fitting(_ own: [StandardConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters? {
    start
  }
}
