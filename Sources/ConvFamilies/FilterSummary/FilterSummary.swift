internal import Networks
internal import Tensors

/// Filter summaries: all filters of a layer are overlapping segments of one short vector (FSNet, DFSNet).
///
/// W[o] = F[l_o ..< l_o + k²·C], its numbers ordered row, column, channel (k, k, C), so that a run of channels of one
/// pixel is contiguous in filter and image alike. The locations l_o are evenly spaced, or learned: then
/// l_o = (L − n)·σ(g·α_o) with n = k²·C, and between two whole positions W is interpolated. The gain
/// g = 4·unit/(L − n) makes a step of 1 on an α in the middle move its filter by `unit` positions: without it a step
/// goes further the longer the summary, some thousands of times further than the same step on a kernel.
///
/// - Source: Yang et al. 2019 (FSNet and DFSNet, arXiv 1902.03264). The body could not be read: rounding, the least
///   length, the parametrisation of locations with its gain and the initialisation are ours.
struct FilterSummaryFamily: ConvFamily {
  /// The name in `--family`.
  static let name = "fsnet"
  /// One sentence for the list of families.
  static let summary = "filters as overlapping segments of one vector per layer (FSNet, DFSNet)"
  /// The settings.
  static let options = [
    NamedOption("compression", default: "4", "how many times fewer numbers than dense kernels, 1...10000"),
    NamedOption("locations", default: "even", "where segments lie: even, or learned (DFSNet)"),
    NamedOption(
      "location-unit", default: "2", "positions by which a unit of a learned location moves a filter"),
    NamedOption(
      "align", default: "none",
      "what even locations are multiples of: none, or channels for evaluation=prefix"),
    NamedOption("stem", default: "standard", "the first layer: standard, or summary like the others"),
    NamedOption(
      "evaluation", default: "dense",
      "by the dense kernel, or prefix: every product once, outputs by sums of them (needs align=channels)"),
  ]
  /// The vector itself, as published; with learned locations also `locations` can adapt.
  static let defaultAdaptation = "summary"

  enum Locations: String, CaseIterable, Sendable { case even, learned }
  enum Alignment: String, CaseIterable, Sendable { case none, channels }
  enum Stem: String, CaseIterable, Sendable { case standard, summary }
  enum Evaluation: String, CaseIterable, Sendable { case dense, prefix }

  private let compression: Double
  private let locations: Locations
  private let unit: Double
  private let alignment: Alignment
  private let stem: Stem
  private let evaluation: Evaluation

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range, alignment is asked for locations that move, or prefix sums without it.
  init(_ options: OptionValues) throws(ConfigurationError) {
    compression = try options.number("compression", in: 1...10_000)
    locations = try options.choice("locations")
    unit = try options.number("location-unit", in: 1e-6...1e6)
    alignment = try options.choice("align")
    stem = try options.choice("stem")
    evaluation = try options.choice("evaluation")
    if locations == .learned, alignment == .channels {
      throw ConfigurationError(
        field: "option align", value: alignment.rawValue, reason: "learned locations do not stay aligned",
        remedy: "Use locations=even, or align=none")
    }
    if evaluation == .prefix, alignment == .none {
      throw ConfigurationError(
        field: "option evaluation", value: evaluation.rawValue,
        reason: "products are common to filters only where segments begin at whole blocks of channels",
        remedy: "Use align=channels with locations=even, or evaluation=dense")
    }
  }

  /// Declares a summary for every site; the stem, unless asked, and 1×1 convolutions stay standard.
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout)
    -> [Placed<FilterSummaryConvolution>]
  {
    sites.map { site in
      guard !(site.isStem && stem == .standard), site.kernel > 1 else {
        return .standard(StandardConvolution(at: site, in: &layout))
      }
      switch locations {
      case .even:
        let segments = SummarySegments(
          site, compression: compression, unit: alignment == .channels ? site.inputs : 1)
        return .own(
          FilterSummaryConvolution(at: site, segments: segments, evaluation: evaluation, in: &layout))
      case .learned:
        let segments = SummarySegments(site, compression: compression, unit: 1, leastSpare: 1)
        return .own(FilterSummaryConvolution(at: site, segments: segments, moving: unit, in: &layout))
      }
    }
  }

  /// The summary with the least squared error at the locations there are.
  ///
  /// Filters that share a number each want it to be theirs; evenly spaced, the best is their mean.
  func fitting(_ own: [FilterSummaryConvolution], to kernels: [Tensor], from start: Parameters) -> Parameters?
  {
    zip(own, kernels).reduce(start) { parameters, item in
      let (convolution, kernel) = item
      let wanted = kernel.permuted([0, 2, 3, 1]).scalars.map { Double($0) }
      let shape = parameters[convolution.summary].shape
      let fit = leastSquares(convolution.weights(parameters), length: shape.count, to: wanted)
      return parameters.replacing([convolution.summary], with: [Tensor(fit.map { Scalar($0) }, shape: shape)])
    }
  }
}
