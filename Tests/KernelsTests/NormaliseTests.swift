import Kernels
import Randomness
import TestSupport
import Testing

/// The fused passes against plain sums in 64 bits, on batches that take several groups of images.
@Suite("Normalisation kernels")
struct NormaliseTests {
  private struct Sizes: Sendable, CustomStringConvertible {
    let geometry: Normalise.Geometry
    var description: String { "\(geometry)" }
  }

  /// Several groups of images, a whole and a partial slab of channels, edges that no window covers.
  private static let sizes = [(1, 0), (2, 0.1), (3, 0)].map { pool, slope in
    Sizes(
      geometry: Normalise.Geometry(
        channels: 18, batch: 5, height: 33, width: 34, pool: pool, epsilon: 1e-5, slope: Scalar(slope)))
  }

  /// What the passes should find, in 64 bits.
  private struct Expected {
    var out: [Double] = []
    var dy: [Double]
    var dscale: [Double]
    var dshift: [Double]
  }

  private func expected(
    _ g: Normalise.Geometry, _ y: [Scalar], _ scale: [Scalar], _ shift: [Scalar], _ u: [Scalar]
  ) -> Expected {
    let (channels, m) = (g.channels, Double(g.plane))
    let (rows, columns) = (g.height / g.pool, g.width / g.pool)
    var result = Expected(
      out: Array(repeating: 0, count: u.count), dy: Array(repeating: 0, count: y.count),
      dscale: Array(repeating: 0, count: channels), dshift: Array(repeating: 0, count: channels))
    for c in 0..<channels {
      let values = stride(from: c, to: y.count, by: channels).map { Double(y[$0]) }
      let mean = values.reduce(0, +) / m
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / m
      let inverse = 1 / (variance + Double(g.epsilon)).squareRoot()
      var reached = Array(repeating: 0.0, count: values.count)
      for window in 0..<g.batch * rows * columns {
        let (n, h, w) = (window / columns / rows, window / columns % rows, window % columns)
        let places = (0..<g.pool * g.pool).map {
          (n * g.height + h * g.pool + $0 / g.pool) * g.width + w * g.pool + $0 % g.pool
        }
        func activation(_ p: Int) -> Double {
          Double(scale[c]) * (values[p] - mean) * inverse + Double(shift[c])
        }
        let winner = places.dropFirst().reduce(places[0]) { activation($1) > activation($0) ? $1 : $0 }
        let slope = activation(winner) > 0 ? 1 : Double(g.slope)
        result.out[window * channels + c] = slope * activation(winner)
        reached[winner] += slope * Double(u[window * channels + c])
      }
      let s0 = reached.reduce(0, +)
      let s1 = zip(reached, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * inverse }
      for (p, g) in reached.enumerated() {
        let along = (values[p] - mean) * inverse * s1 / m
        result.dy[p * channels + c] = Double(scale[c]) * inverse * (g - s0 / m - along)
      }
      (result.dscale[c], result.dshift[c]) = (s1, s0)
    }
    return result
  }

  @Test("forward and backward equal plain sums, also far from zero", arguments: sizes)
  private func passes(item: Sizes) {
    let g = item.geometry
    var stream = RandomStream(seed: 5, purpose: "normalise")
    func random(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(stream.normal()) } }
    // One channel lies at 100 with deviation 1: the one-pass variance would be lost there.
    let y = random(g.plane * g.channels).enumerated().map { $0 % g.channels == 3 ? 100 + $1 : $1 }
    let (scale, shift, u) = (random(g.channels), random(g.channels), random(g.outPlane * g.channels))
    let wanted = expected(g, y, scale, shift, u)

    var out = [Scalar](repeating: 0, count: u.count)
    var winners = [UInt8](repeating: 0, count: u.count)
    var (mean, inverse) = (
      [Scalar](repeating: 0, count: g.channels), [Scalar](repeating: 0, count: g.channels)
    )
    Normalise.forward(
      y, scale: scale, shift: shift, g, into: &out, winners: &winners, mean: &mean, inverse: &inverse)
    var dy = [Scalar](repeating: 0, count: y.count)
    var (dscale, dshift) = (mean, mean)
    winners.withUnsafeBufferPointer { winners in
      mean.withUnsafeBufferPointer { mean in
        inverse.withUnsafeBufferPointer { inverse in
          guard let w = winners.baseAddress, let m = mean.baseAddress, let i = inverse.baseAddress else {
            return
          }
          Normalise.backward(
            y, scale: scale, Normalise.Saved(winners: w, mean: m, inverse: i), u, g, into: &dy,
            dscale: &dscale,
            dshift: &dshift)
        }
      }
    }
    // In 32 bits the channel at 100 has lost two digits before it gets here.
    let tolerance = 10 * roundingTolerance
    #expect(relativeError(out, wanted.out.map { Scalar($0) }) < tolerance)
    #expect(relativeError(dy, wanted.dy.map { Scalar($0) }) < tolerance)
    #expect(relativeError(dscale, wanted.dscale.map { Scalar($0) }) < tolerance)
    #expect(relativeError(dshift, wanted.dshift.map { Scalar($0) }) < tolerance)
  }
}
