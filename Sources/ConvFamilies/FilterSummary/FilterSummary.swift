internal import Foundation
internal import Kernels
public import Networks
public import Tensors

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
public struct FilterSummaryFamily: ConvFamily {
  /// The name in `--family`.
  public static let name = "fsnet"
  /// One sentence for the list of families.
  public static let summary = "filters as overlapping segments of one vector per layer (FSNet, DFSNet)"
  /// The settings.
  public static let options = [
    FamilyOption("compression", default: "4", "how many times fewer numbers than dense kernels, 1...10000"),
    FamilyOption("locations", default: "even", "where segments lie: even, or learned (DFSNet)"),
    FamilyOption(
      "location-unit", default: "2", "positions by which a unit of a learned location moves a filter"),
    FamilyOption(
      "align", default: "none", "what even locations are multiples of: none, or channels for fast evaluation"),
    FamilyOption("stem", default: "standard", "the first layer: standard, or summary like the others"),
  ]
  /// The vector itself, as published; with learned locations also `locations` can adapt.
  public static let defaultAdaptation = "summary"

  enum Locations: String, CaseIterable, Sendable { case even, learned }
  enum Alignment: String, CaseIterable, Sendable { case none, channels }
  enum Stem: String, CaseIterable, Sendable { case standard, summary }

  private let compression: Double
  private let locations: Locations
  private let unit: Double
  private let alignment: Alignment
  private let stem: Stem

  /// The family with given settings.
  ///
  /// - Throws: If a value is out of range, or alignment is asked for locations that move.
  public init(_ options: OptionValues) throws(ConfigurationError) {
    compression = try options.number("compression", in: 1...10_000)
    locations = try options.choice("locations")
    unit = try options.number("location-unit", in: 1e-6...1e6)
    alignment = try options.choice("align")
    stem = try options.choice("stem")
    if locations == .learned, alignment == .channels {
      throw ConfigurationError(
        field: "option align", value: alignment.rawValue, reason: "learned locations do not stay aligned",
        remedy: "Use locations=even, or align=none")
    }
  }

  /// Declares a summary for every site; the stem, unless asked, and 1×1 convolutions stay standard.
  public func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [any Convolution] {
    sites.map { site in
      guard !(site.isStem && stem == .standard), site.kernel > 1 else {
        return StandardConvolution(at: site, in: &layout)
      }
      switch locations {
      case .even:
        let segments = SummarySegments(
          site, compression: compression, unit: alignment == .channels ? site.inputs : 1)
        return FilterSummaryConvolution(at: site, segments: segments, in: &layout)
      case .learned:
        let segments = SummarySegments(site, compression: compression, unit: 1, leastSpare: 1)
        return MovingSummaryConvolution(at: site, segments: segments, unit: unit, in: &layout)
      }
    }
  }

  /// The summary with the least squared error at the locations there are.
  ///
  /// Filters that share a number each want it to be theirs; evenly spaced, the best is their mean.
  public func fitting(_ convolutions: [any Convolution], to kernels: [Tensor], from start: Parameters)
    -> Parameters?
  {
    zip(convolutions, kernels).reduce(start) { parameters, item in
      guard let convolution = item.0 as? any SummaryConvolution else { return parameters }
      let wanted = item.1.permuted([0, 2, 3, 1]).scalars.map { Double($0) }
      let shape = parameters[convolution.summary].shape
      let fit = leastSquares(convolution.weights(parameters), length: shape.count, to: wanted)
      return parameters.replacing([convolution.summary], with: [Tensor(fit.map { Scalar($0) }, shape: shape)])
    }
  }
}

/// Where the segments of a layer lie in its summary.
struct SummarySegments: Hashable, Sendable {
  /// n = k²·C.
  let length: Int
  /// L.
  let summary: Int
  /// The evenly spaced l_o, from 0 to L − n.
  let starts: [Int]

  /// Segments for a compression.
  ///
  /// L = max(n + O − 1, ⌈O·n/compression⌉) and l_o = (L − n)·o/(O − 1) to the nearest whole number, in units of
  /// `unit`: with whole units of C channels, L is rounded up so that no two filters are the same segment.
  init(_ site: ConvSite, compression: Double, unit: Int, leastSpare: Int = 0) {
    length = site.kernel * site.kernel * site.inputs
    let steps = site.outputs - 1
    let wanted = (Double(site.outputs * length) / compression).rounded(.up)
    let spare = max(steps, leastSpare, (Int(wanted) - length + unit - 1) / unit)
    summary = length + spare * unit
    // Halves round up, in whole numbers, so that another program finds the same.
    starts = (0..<site.outputs).map { steps == 0 ? 0 : (2 * $0 * spare + steps) / (2 * steps) * unit }
  }

  /// The index of every weight of `[O, n]` at given starts, as one row.
  func index(_ starts: [Int], offset: Int = 0) -> RowIndex {
    RowIndex([starts.flatMap { $0 + offset..<$0 + offset + length }], columns: summary)
  }
}

/// What both kinds of summary convolutions have.
protocol SummaryConvolution: Convolution {
  /// F, `[L]`.
  var summary: ParameterRef { get }
  /// How the kernel's numbers in the order `[O, k, k, C]` come from the summary's: each from one or two neighbours.
  func weights(_ parameters: Parameters) -> [SummaryWeight]
}

/// One number of a kernel: (1 − f)·F[i] + f·F[i + 1].
struct SummaryWeight {
  let index: Int
  let fraction: Double
}

extension SummaryConvolution {
  /// `[1, O·n]` in the order row, column, channel as a kernel `[O, C, k, k]`.
  func asKernel(_ segments: Tensor) -> Tensor {
    segments.reshaped([site.outputs, site.kernel, site.kernel, site.inputs]).permuted([0, 3, 1, 2])
  }
}

/// One FSNet convolution: locations are fixed.
struct FilterSummaryConvolution: SummaryConvolution {
  let site: ConvSite
  let summary: ParameterRef
  let segments: SummarySegments
  private let index: RowIndex

  /// Declares `<path>.summary [L]` with normal numbers of the He variance 2/(C·k²).
  init(at site: ConvSite, segments: SummarySegments, in layout: inout ParameterLayout) {
    self.site = site
    self.segments = segments
    index = segments.index(segments.starts)
    summary = layout.declare(
      site.path + ".summary", [segments.summary], .summary, layer: site.owningLayer,
      .normal(deviation: (2 / Double(segments.length)).squareRoot()))
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    asKernel(parameters[summary].reshaped([1, segments.summary]).gathered(index))
  }

  func weights(_ parameters: Parameters) -> [SummaryWeight] {
    segments.starts.flatMap { start in
      (0..<segments.length).map { SummaryWeight(index: start + $0, fraction: 0) }
    }
  }
}

/// One DFSNet convolution: locations are learned.
struct MovingSummaryConvolution: SummaryConvolution {
  let site: ConvSite
  let summary: ParameterRef
  let locations: ParameterRef
  let segments: SummarySegments
  /// g, what an α is multiplied by.
  private let gain: Double

  /// How far past a whole position every filter begins: the derivative by a location jumps at whole positions.
  private static let offset = 0.25

  /// Declares `<path>.summary [L]` and `<path>.locations [O]`.
  ///
  /// The locations begin a quarter past evenly spaced whole positions. Interpolation by f makes a variance
  /// (1 − f)² + f² times smaller, so the summary begins with that much more than the He variance.
  init(at site: ConvSite, segments: SummarySegments, unit: Double, in layout: inout ParameterLayout) {
    self.site = site
    self.segments = segments
    let spare = segments.summary - segments.length
    let gain = 4 * unit / Double(spare)
    self.gain = gain
    let f = Self.offset
    summary = layout.declare(
      site.path + ".summary", [segments.summary], .summary, layer: site.owningLayer,
      .normal(deviation: (2 / Double(segments.length) / ((1 - f) * (1 - f) + f * f)).squareRoot()))
    let logits = segments.starts.map { start in
      let share = (Double(min(start, spare - 1)) + f) / Double(spare)
      return Scalar(Sigmoid.inverse(share) / gain)
    }
    locations = layout.declare(
      site.path + ".locations", [site.outputs], .locations, layer: site.owningLayer, .values(logits))
  }

  var constants: [String: Double] { [site.path + ".location_gain": gain] }

  /// l_o, `[O]`.
  private func positions(_ parameters: Parameters) -> Tensor {
    let spare = Scalar(segments.summary - segments.length)
    return spare * Sigmoid.of(Scalar(gain) * parameters[locations])
  }

  /// ⌊l_o⌋, at most L − n − 1, so that the neighbour exists.
  private func whole(_ positions: Tensor) -> [Int] {
    // A training that diverges ends with an error of its own, not here.
    positions.scalars.map { $0.isFinite ? min(Int($0), segments.summary - segments.length - 1) : 0 }
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let positions = positions(parameters)
    let whole = whole(positions)
    let row = parameters[summary].reshaped([1, segments.summary])
    let fraction = (positions - Tensor(whole.map { Scalar($0) }, shape: [site.outputs]))
      .expandedRows(to: segments.length).reshaped([1, site.outputs * segments.length])
    let here = row.gathered(segments.index(whole))
    let next = row.gathered(segments.index(whole, offset: 1))
    return asKernel(here + fraction * (next - here))
  }

  func weights(_ parameters: Parameters) -> [SummaryWeight] {
    let positions = positions(parameters)
    return zip(whole(positions), positions.scalars).flatMap { start, position in
      (0..<segments.length).map {
        SummaryWeight(index: start + $0, fraction: Double(position) - Double(start))
      }
    }
  }
}

/// The logistic function σ(x) = 1/(1 + e^−x).
private enum Sigmoid {
  static func of(_ x: Tensor) -> Tensor { ((-x).exponential + 1).power(-1) }
  static func inverse(_ y: Double) -> Double { -log(1 / y - 1) }
}
