internal import Networks
internal import Tensors

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
