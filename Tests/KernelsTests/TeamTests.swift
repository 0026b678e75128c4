import Kernels
import Randomness
import Testing

/// Every operation that a team shares out, against the same on one thread.
@Suite("Teams of threads")
struct TeamTests {
  /// Numbers that depend on the seed only.
  private static func numbers(_ count: Int, seed: UInt64) -> [Scalar] {
    var stream = RandomStream(seed: seed, purpose: "team")
    return (0..<count).map { _ in Scalar(stream.normal()) }
  }

  /// Shapes that are shared by images and by outputs, with sizes that no team divides.
  struct Layer: Sendable, CustomStringConvertible {
    let images: Int
    let side: Int
    let kernel: Int
    let stride: Int
    let inputs: Int
    let outputs: Int
    var description: String { "\(images) × \(side)², \(kernel)/\(stride), \(inputs) to \(outputs)" }
    var geometry: ConvGeometry {
      ConvGeometry(
        batch: images, height: side, width: side, kernel: kernel, stride: stride, padding: kernel / 2)
    }
  }

  static let layers = [
    Layer(images: 23, side: 17, kernel: 3, stride: 1, inputs: 48, outputs: 80),
    Layer(images: 5, side: 4, kernel: 3, stride: 1, inputs: 160, outputs: 208),
    Layer(images: 7, side: 33, kernel: 3, stride: 2, inputs: 19, outputs: 70),
    Layer(images: 31, side: 15, kernel: 1, stride: 1, inputs: 67, outputs: 90),
    Layer(images: 3, side: 40, kernel: 5, stride: 1, inputs: 3, outputs: 64),
  ]

  /// The result of `compute` for every size of team has to be that of one thread.
  private func expectSame(_ what: String, _ count: Int, _ compute: (Target) -> Void) {
    let results = [1, 2, 3, 8].map { size in
      Team.$size.withValue(size) {
        [Scalar](unsafeUninitializedCapacity: count) { buffer, filled in
          guard let base = buffer.baseAddress else { return }
          base.initialize(repeating: .nan, count: count)
          compute(base)
          filled = count
        }
      }
    }
    for result in results { #expect(!result.contains { $0.isNaN }, "\(what)") }
    for (i, result) in results.enumerated().dropFirst() {
      #expect(result == results[0], "\(what): team \(i)")
    }
  }

  @Test("convolutions and atom convolutions have the same bytes for any team", arguments: layers)
  func convolutions(layer: Layer) {
    let (g, c, o) = (layer.geometry, layer.inputs, layer.outputs)
    let x = Self.numbers(g.plane * c, seed: 1)
    let w = Self.numbers(o * c * g.taps, seed: 2)
    let y = Self.numbers(g.outPlane * o, seed: 3)
    expectSame("forward", y.count) { Convolve.forward(x, w, g, from: c, to: o, into: $0) }
    expectSame("input", x.count) { Convolve.input(y, w, g, from: c, to: o, into: $0) }
    expectSame("kernel", w.count) { Convolve.kernel(x, y, g, from: c, to: o, into: $0) }
    let sizes = AtomConvolve.Sizes(inputs: c, atoms: 4, outputs: o)
    let (atoms, mix) = (Self.numbers(4 * g.taps, seed: 4), Self.numbers(o * c * 4, seed: 5))
    x.withUnsafeBufferPointer { x in
      atoms.withUnsafeBufferPointer { atoms in
        guard let x = x.baseAddress, let atoms = atoms.baseAddress else { return }
        expectSame("atoms forward", y.count) {
          AtomConvolve.forward([(x, atoms)], coefficients: mix, g, sizes, into: $0)
        }
        expectSame("coefficients", mix.count) {
          AtomConvolve.coefficients([(x, atoms)], y, g, sizes, into: $0)
        }
        expectSame("atoms input", g.plane * c) {
          AtomConvolve.backward(y, coefficients: mix, g, sizes, input: (atoms, $0), atoms: nil)
        }
      }
    }
  }

  @Test("normalisation and elementwise loops have the same bytes for any team", arguments: [1, 2])
  func others(pool: Int) {
    let g = Normalise.Geometry(
      channels: 72, batch: 9, height: 33, width: 34, pool: pool, epsilon: 1e-5, slope: 0.1)
    let count = g.plane * g.channels
    let (y, around) = (Self.numbers(count, seed: 1), Self.numbers(count, seed: 2))
    let (scale, shift) = (Self.numbers(g.channels, seed: 3), Self.numbers(g.channels, seed: 4))
    let out = g.outPlane * g.channels
    let u = Self.numbers(out, seed: 5)
    // All results of a pass, one after another.
    expectSame("passes", 3 * out + 3 * count + 5 * g.channels) { place in
      var winners = [UInt8](repeating: 0, count: out)
      let (mean, inverse) = (place, place + g.channels)
      let forward = inverse + g.channels
      Normalise.forward(
        y, scale: scale, shift: shift, around: around, g, into: forward, winners: &winners, mean: mean,
        inverse: inverse)
      winners.withUnsafeBufferPointer { winners in
        guard let winners = winners.baseAddress else { return }
        let saved = Normalise.Saved(winners: winners, mean: mean, inverse: inverse)
        let dy = forward + out
        let (dscale, dshift) = (dy + count, dy + count + g.channels)
        Normalise.backward(y, scale: scale, saved, u, g, into: dy, dscale: dscale, dshift: dshift)
        let gy = dshift + g.channels
        let (gscale, gu) = (gy + count, gy + count + g.channels)
        Normalise.doubleBackward(
          y, scale: scale, saved, u, g, onDy: dy, onDscale: dscale, onDshift: dshift, into: gy,
          gscale: gscale,
          gu: gu)
        let spread = gu + out
        Normalise.spread(u, winners: winners, g, into: spread)
        Normalise.pick(y, winners: winners, g, into: spread + count)
      }
    }
    expectSame("sum", count) { Loops.add(y, around, into: $0, count: count) }
    expectSame("difference", count) { Loops.subtract(y, around, into: $0, count: count) }
    expectSame("product", count) { Loops.multiply(y, around, into: $0, count: count) }
    expectSame("affine", count) { Loops.affine(0.3, 0.7, y, into: $0, count: count) }
  }
}
