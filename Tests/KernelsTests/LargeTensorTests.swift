import Kernels
import Randomness
import Testing

/// What is stored past the caches, which takes a large and aligned output, has the bytes of what is stored by way of them.
///
/// The latter is what an output gets that does not begin at a whole cache line; other tests compare it with definitions.
@Suite("Large tensors")
struct LargeTensorTests {
  /// Numbers that depend on the seed only.
  private static func numbers(_ count: Int, seed: UInt64) -> [Scalar] {
    var stream = RandomStream(seed: seed, purpose: "large")
    return (0..<count).map { _ in Scalar(stream.uniform() - 0.5) }
  }

  /// Calls `compute` with outputs of the given sizes at the beginning of a line and one scalar behind it, and compares.
  private func expectSame(_ what: String, _ counts: [Int], _ compute: ([Target]) -> Void) {
    let results = [0, 1].map { offset in
      let places = counts.map { count in
        UnsafeMutableRawPointer.allocate(byteCount: (count + 1) * MemoryLayout<Scalar>.stride, alignment: 64)
      }
      defer { places.forEach { $0.deallocate() } }
      let outputs = zip(places, counts).map { place, count in
        let target = place.bindMemory(to: Scalar.self, capacity: count + 1) + offset
        target.initialize(repeating: .nan, count: count)
        return target
      }
      compute(outputs)
      return zip(outputs, counts).map { Array(UnsafeBufferPointer(start: $0, count: $1)) }
    }
    #expect(!results[0].joined().contains { $0.isNaN }, "\(what)")
    #expect(results[0] == results[1], "\(what)")
  }

  /// Five mebibytes of 32 bits, and a rest that fills no slab.
  private static let count = (5 << 18) + 13

  @Test("elementwise")
  func elementwise() {
    let (n, x, y) = (Self.count, Self.numbers(Self.count, seed: 1), Self.numbers(Self.count, seed: 2))
    expectSame("add", [n]) { Loops.add(x, y, into: $0[0], count: n) }
    expectSame("subtract", [n]) { Loops.subtract(x, y, into: $0[0], count: n) }
    expectSame("multiply", [n]) { Loops.multiply(x, y, into: $0[0], count: n) }
    expectSame("affine", [n]) { Loops.affine(0.3, -0.7, x, into: $0[0], count: n) }
  }

  @Test("normalisation and what spreads and picks", arguments: [1, 2])
  func normalisation(pool: Int) {
    let g = Normalise.Geometry(
      channels: 48, batch: 9, height: 26 * pool, width: 112 * pool, pool: pool, epsilon: 1e-5, slope: 0.1)
    let (large, small) = (g.plane * g.channels, g.outPlane * g.channels)
    let (y, u) = (Self.numbers(large, seed: 3), Self.numbers(small, seed: 4))
    let (a, around) = (Self.numbers(large, seed: 5), Self.numbers(large, seed: 6))
    let (scale, shift) = (Self.numbers(48, seed: 7), Self.numbers(48, seed: 8))
    var winners = [UInt8](repeating: 0, count: small)
    var (mean, inverse) = ([Scalar](repeating: 0, count: 48), [Scalar](repeating: 0, count: 48))
    expectSame("forward", [small]) {
      Normalise.forward(
        y, scale: scale, shift: shift, around: around, g, into: $0[0], winners: &winners, mean: &mean,
        inverse: &inverse)
    }
    winners.withUnsafeBufferPointer { winners in
      guard let winners = winners.baseAddress else { return }
      mean.withUnsafeBufferPointer { mean in
        inverse.withUnsafeBufferPointer { inverse in
          guard let mean = mean.baseAddress, let inverse = inverse.baseAddress else { return }
          let saved = Normalise.Saved(winners: winners, mean: mean, inverse: inverse)
          expectSame("backward", [large, 48, 48]) {
            Normalise.backward(y, scale: scale, saved, u, g, into: $0[0], dscale: $0[1], dshift: $0[2])
          }
          expectSame("double backward", [large, 48, small]) { out in
            a.withUnsafeBufferPointer {
              Normalise.doubleBackward(
                y, scale: scale, saved, u, g, onDy: $0.baseAddress, onDscale: nil, onDshift: nil,
                into: out[0],
                gscale: out[1], gu: out[2])
            }
          }
          expectSame("spread", [large]) { Normalise.spread(u, winners: winners, g, into: $0[0]) }
          expectSame("pick", [small]) { Normalise.pick(a, winners: winners, g, into: $0[0]) }
        }
      }
    }
  }

  @Test("Winograd's convolutions", arguments: [(64, 1, 32), (64, 2, 128), (64, 2, 64)])
  func convolutions(c: Int, stride: Int, o: Int) {
    let g = ConvGeometry(batch: 3, height: 121, width: 122 * stride, kernel: 3, stride: stride, padding: 1)
    let (x, w) = (Self.numbers(g.plane * c, seed: 9), Self.numbers(o * c * 9, seed: 10))
    let y = Self.numbers(g.outPlane * o, seed: 11)
    #expect(PassForm(g, from: c, to: o) == .winograd)
    #expect(g.outPlane * o >= 1 << 20 && g.plane * c >= 1 << 20)
    expectSame("forward", [g.outPlane * o]) { Convolve.forward(x, w, g, from: c, to: o, into: $0[0]) }
    expectSame("input", [g.plane * c]) { Convolve.input(y, w, g, from: c, to: o, into: $0[0]) }
  }

  @Test("convolutions by the definition", arguments: [(3, 1), (3, 2), (1, 2)])
  func windows(kernel: Int, stride: Int) {
    let g = ConvGeometry(
      batch: 3, height: 121 * stride, width: 122 * stride, kernel: kernel, stride: stride, padding: kernel / 2
    )
    let (c, o) = (16, 32)
    let (x, w) = (Self.numbers(g.plane * c, seed: 12), Self.numbers(o * c * kernel * kernel, seed: 13))
    expectSame("forward", [g.outPlane * o]) {
      Convolve.forward(x, w, g, from: c, to: o, winograd: false, into: $0[0])
    }
    let (turned, y) = (
      Self.numbers(c * o * kernel * kernel, seed: 15), Self.numbers(g.outPlane * c, seed: 16)
    )
    expectSame("input", [g.plane * o]) {
      Convolve.input(y, turned, g, from: o, to: c, winograd: false, into: $0[0])
    }
  }
}
