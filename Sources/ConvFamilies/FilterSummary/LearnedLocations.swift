internal import Foundation
internal import Kernels
internal import Networks
internal import Tensors

/// Where the filters of a DFSNet convolution begin: l_o = (L − n)·σ(g·α_o).
struct LearnedLocations: Sendable {
  /// α, `[O]`.
  let logits: ParameterRef
  /// g, what an α is multiplied by.
  let gain: Double
  /// L − n.
  private let spare: Int

  /// How far past a whole position every filter begins: the derivative by a location jumps at whole positions.
  static let offset = 0.25

  /// Declares `<path>.locations [O]`, a quarter past evenly spaced whole positions.
  init(of segments: SummarySegments, at site: ConvSite, unit: Double, in layout: inout ParameterLayout) {
    let spare = segments.summary - segments.length
    let gain = 4 * unit / Double(spare)
    self.spare = spare
    self.gain = gain
    let starts = segments.starts.map { start in
      let share = (Double(min(start, spare - 1)) + Self.offset) / Double(spare)
      return Scalar(Sigmoid.inverse(share) / gain)
    }
    logits = layout.declare(
      site.path + ".locations", [site.outputs], .locations, layer: site.owningLayer, .values(starts))
  }

  /// l_o, `[O]`.
  func positions(_ parameters: Parameters) -> Tensor {
    Scalar(spare) * Sigmoid.of(Scalar(gain) * parameters[logits])
  }

  /// ⌊l_o⌋, at most L − n − 1, so that the neighbour exists.
  func whole(_ positions: Tensor) -> [Int] {
    // A training that diverges ends with an error of its own, not here.
    positions.scalars.map { $0.isFinite ? min(Int($0), spare - 1) : 0 }
  }
}

/// The logistic function σ(x) = 1/(1 + e^−x).
private enum Sigmoid {
  static func of(_ x: Tensor) -> Tensor { ((-x).exponential + 1).power(-1) }
  static func inverse(_ y: Double) -> Double { -log(1 / y - 1) }
}
