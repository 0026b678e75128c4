internal import Kernels
internal import Networks
internal import Tensors

/// One convolution whose filters are segments of a summary, at fixed locations (FSNet) or learned ones (DFSNet).
struct FilterSummaryConvolution: Convolution {
  private enum Locations {
    /// Where every weight is, `[O·n]`.
    case fixed(RowIndex)
    case learned(LearnedLocations)
  }

  let site: ConvSite
  /// F, `[L]`.
  let summary: ParameterRef
  let segments: SummarySegments
  private let locations: Locations
  private let evaluation: FilterSummaryFamily.Evaluation

  /// Declares `<path>.summary [L]` with normal numbers of the He variance 2/(C·k²).
  init(
    at site: ConvSite, segments: SummarySegments, evaluation: FilterSummaryFamily.Evaluation,
    in layout: inout ParameterLayout
  ) {
    self.site = site
    self.segments = segments
    self.evaluation = evaluation
    locations = .fixed(segments.index(segments.starts))
    summary = Self.declare(site, segments, shrinkage: 1, in: &layout)
  }

  /// Declares `<path>.summary [L]` and `<path>.locations [O]`.
  ///
  /// Interpolation by f makes a variance (1 − f)² + f² times smaller, so the summary begins with that much more than
  /// the He variance.
  ///
  /// - Parameters:
  ///   - site: Where it stands.
  ///   - segments: Where its filters begin.
  ///   - unit: By how many positions a step of 1 on a location in the middle moves its filter.
  ///   - layout: Where the parameters are declared.
  init(at site: ConvSite, segments: SummarySegments, moving unit: Double, in layout: inout ParameterLayout) {
    self.site = site
    self.segments = segments
    evaluation = .dense
    let f = LearnedLocations.offset
    summary = Self.declare(site, segments, shrinkage: (1 - f) * (1 - f) + f * f, in: &layout)
    locations = .learned(LearnedLocations(of: segments, at: site, unit: unit, in: &layout))
  }

  private static func declare(
    _ site: ConvSite, _ segments: SummarySegments, shrinkage: Double, in layout: inout ParameterLayout
  ) -> ParameterRef {
    layout.declare(
      site.path + ".summary", [segments.summary], .summary, layer: site.owningLayer,
      .normal(deviation: (2 / Double(segments.length) / shrinkage).squareRoot()))
  }

  var constants: [String: Double] {
    guard case .learned(let learned) = locations else { return [:] }
    return [site.path + ".location_gain": learned.gain]
  }

  func kernel(_ parameters: Parameters) -> Tensor {
    let row = parameters[summary].reshaped([1, segments.summary])
    switch locations {
    case .fixed(let index): return asKernel(row.gathered(index))
    case .learned(let learned):
      let positions = learned.positions(parameters)
      let whole = learned.whole(positions)
      let fraction = (positions - Tensor(whole.map { Scalar($0) }, shape: [site.outputs]))
        .expandedRows(to: segments.length).reshaped([1, site.outputs * segments.length])
      let here = row.gathered(segments.index(whole))
      let next = row.gathered(segments.index(whole, offset: 1))
      return asKernel(here + fraction * (next - here))
    }
  }

  /// `[1, O·n]` in the order row, column, channel as a kernel `[O, C, k, k]`.
  private func asKernel(_ weights: Tensor) -> Tensor {
    weights.reshaped([site.outputs, site.kernel, site.kernel, site.inputs]).permuted([0, 3, 1, 2])
  }

  /// How the kernel's numbers in the order `[O, k, k, C]` come from the summary's: each from one or two neighbours.
  func weights(_ parameters: Parameters) -> [SummaryWeight] {
    let starts: [(whole: Int, fraction: Double)]
    switch locations {
    case .fixed: starts = segments.starts.map { ($0, 0) }
    case .learned(let learned):
      let positions = learned.positions(parameters)
      starts = zip(learned.whole(positions), positions.scalars).map { ($0, Double($1) - Double($0)) }
    }
    return starts.flatMap { start in
      (0..<segments.length).map { SummaryWeight(index: start.whole + $0, fraction: start.fraction) }
    }
  }

  func callAsFunction(_ x: Tensor, _ parameters: Parameters) -> Tensor {
    switch evaluation {
    case .dense: conv2d(x, kernel(parameters), geometry(for: x))
    case .prefix: SegmentSums(site, segments)(x, parameters[summary])
    }
  }

  func multiplyAdds(_ geometry: ConvGeometry) -> MultiplyAdds {
    let dense = denseMultiplyAdds(geometry)
    guard evaluation == .prefix else { return MultiplyAdds(dense: dense) }
    let products = SegmentSums(site, segments).products(geometry)
    return MultiplyAdds(dense: dense, factored: products, gradients: [[.summary]: products])
  }
}

/// One number of a kernel: (1 − f)·F[i] + f·F[i + 1].
struct SummaryWeight {
  let index: Int
  let fraction: Double
}
