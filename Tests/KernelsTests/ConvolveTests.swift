import Kernels
import Randomness
import TestSupport
import Testing

/// All small geometries: odd sizes, 1×1 planes, one image, one channel, strides, no padding.
private let geometries: [ConvGeometry] = [1, 2, 3].flatMap { batch in
  [(1, 1), (1, 4), (2, 3), (5, 5), (7, 6), (9, 17)].flatMap { height, width in
    [(1, 0), (3, 1), (3, 0), (2, 1), (5, 2)].flatMap { kernel, padding -> [ConvGeometry] in
      guard height + 2 * padding >= kernel, width + 2 * padding >= kernel else { return [] }
      return [1, 2].map {
        ConvGeometry(batch: batch, height: height, width: width, kernel: kernel, stride: $0, padding: padding)
      }
    }
  }
}

@Suite("Convolution kernels")
struct ConvolveTests {
  private func random(_ count: Int, _ stream: inout RandomStream) -> [Scalar] {
    (0..<count).map { _ in Scalar(stream.normal()) }
  }

  private func run(_ count: Int, _ body: (Target) -> Void) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: count) { buffer, used in
      used = count
      if let base = buffer.baseAddress { body(base) }
    }
  }

  private func paired(
    _ x: [Scalar], _ d: [Scalar], _ body: ((x: Source, atoms: Source)) -> [Scalar]
  ) -> [Scalar] {
    x.withUnsafeBufferPointer { x in
      d.withUnsafeBufferPointer { d in
        guard let x = x.baseAddress, let d = d.baseAddress else { return [] }
        return body((x, d))
      }
    }
  }

  @Test("the fast trio equals its definition", arguments: [(1, 1), (2, 3), (5, 4)])
  func trio(channels: (Int, Int)) {
    let (c, o) = channels
    var stream = RandomStream(seed: 1, purpose: "trio")
    for g in geometries {
      let x = random(c * g.plane, &stream)
      let w = random(o * c * g.taps, &stream)
      let y = random(o * g.outPlane, &stream)
      let forward = run(o * g.outPlane) { Convolve.forward(x, w, g, from: c, to: o, into: $0) }
      let input = run(c * g.plane) { Convolve.input(y, w, g, from: c, to: o, into: $0) }
      let kernel = run(o * c * g.taps) { Convolve.kernel(x, y, g, from: c, to: o, into: $0) }
      #expect(relativeError(forward, Reference.forward(x, w, g, from: c, to: o)) < roundingTolerance, "\(g)")
      #expect(relativeError(input, Reference.input(y, w, g, from: c, to: o)) < roundingTolerance, "\(g)")
      #expect(relativeError(kernel, Reference.kernel(x, y, g, from: c, to: o)) < roundingTolerance, "\(g)")
    }
  }

  @Test(
    "the factored quartet equals the trio of the dense kernel", arguments: [(1, 1, 1), (2, 3, 4), (3, 6, 2)])
  func quartet(sizes: (Int, Int, Int)) {
    let (c, m, o) = sizes
    let s = AtomConvolve.Sizes(inputs: c, atoms: m, outputs: o)
    var stream = RandomStream(seed: 2, purpose: "quartet")
    for g in geometries {
      let x = random(c * g.plane, &stream)
      let d = random(m * g.taps, &stream)
      let a = random(o * c * m, &stream)
      let y = random(o * g.outPlane, &stream)
      let w = Reference.denseKernel(atoms: d, coefficients: a, atomCount: m)
      let forward = paired(x, d) { pair in
        run(o * g.outPlane) { AtomConvolve.forward([pair], coefficients: a, g, s, into: $0) }
      }
      #expect(relativeError(forward, Reference.forward(x, w, g, from: c, to: o)) < roundingTolerance, "\(g)")

      var atoms: [Scalar] = []
      let input = run(c * g.plane) { toInput in
        atoms = paired(x, d) { pair in
          run(m * g.taps) { toAtoms in
            AtomConvolve.backward(
              y, coefficients: a, g, s, input: (pair.atoms, toInput), atoms: (pair.x, toAtoms))
          }
        }
      }
      #expect(relativeError(input, Reference.input(y, w, g, from: c, to: o)) < roundingTolerance, "\(g)")
      // dD[j, κ] = Σ_{o, c} A[o, c, j]·dW[o, c, κ] and dA[o, c, j] = Σ_κ D[j, κ]·dW[o, c, κ].
      let dense = Reference.kernel(x, y, g, from: c, to: o)
      let expectedAtoms = (0..<m * g.taps).map { i in
        (0..<o * c).reduce(Scalar(0)) { $0 + a[$1 * m + i / g.taps] * dense[$1 * g.taps + i % g.taps] }
      }
      let expectedCoefficients = (0..<o * c * m).map { i in
        (0..<g.taps).reduce(Scalar(0)) { $0 + d[i % m * g.taps + $1] * dense[i / m * g.taps + $1] }
      }
      let coefficients = paired(x, d) { pair in
        run(o * c * m) { AtomConvolve.coefficients([pair], y, g, s, into: $0) }
      }
      let terms = Scalar(o * g.outPlane).squareRoot()
      #expect(relativeError(atoms, expectedAtoms, floor: terms) < roundingTolerance, "\(g)")
      #expect(relativeError(coefficients, expectedCoefficients, floor: terms) < roundingTolerance, "\(g)")
    }
  }

  @Test("many panels, cut inside images, add up to the same", arguments: [1, 2])
  func manyPanels(stride: Int) {
    let g = ConvGeometry(batch: 3, height: 27, width: 29, kernel: 3, stride: stride, padding: 1)
    let (c, m, o) = (32, 6, 3)
    // c·9 and c·m rows of up to 2349 columns: several times the panel budget of 82k scalars.
    let s = AtomConvolve.Sizes(inputs: c, atoms: m, outputs: o)
    var stream = RandomStream(seed: 3, purpose: "panels")
    let x = random(c * g.plane, &stream)
    let d = random(m * g.taps, &stream)
    let a = random(o * c * m, &stream)
    let y = random(o * g.outPlane, &stream)
    let w = Reference.denseKernel(atoms: d, coefficients: a, atomCount: m)
    let forward = Reference.forward(x, w, g, from: c, to: o)
    let input = Reference.input(y, w, g, from: c, to: o)
    let kernel = Reference.kernel(x, y, g, from: c, to: o)
    let tolerance = 5 * roundingTolerance
    #expect(
      relativeError(run(o * g.outPlane) { Convolve.forward(x, w, g, from: c, to: o, into: $0) }, forward)
        < tolerance)
    #expect(
      relativeError(run(c * g.plane) { Convolve.input(y, w, g, from: c, to: o, into: $0) }, input) < tolerance
    )
    #expect(
      relativeError(run(w.count) { Convolve.kernel(x, y, g, from: c, to: o, into: $0) }, kernel) < tolerance)
    let factored = paired(x, d) { pair in
      run(o * g.outPlane) { AtomConvolve.forward([pair], coefficients: a, g, s, into: $0) }
    }
    #expect(relativeError(factored, forward) < tolerance)
    let factoredInput = paired(x, d) { pair in
      run(c * g.plane) {
        AtomConvolve.backward(y, coefficients: a, g, s, input: (pair.atoms, $0), atoms: nil)
      }
    }
    #expect(relativeError(factoredInput, input) < tolerance)
    let coefficients = paired(x, d) { pair in
      run(a.count) { AtomConvolve.coefficients([pair], y, g, s, into: $0) }
    }
    let expected = (0..<a.count).map { i in
      (0..<g.taps).reduce(Scalar(0)) { $0 + d[i % m * g.taps + $1] * kernel[i / m * g.taps + $1] }
    }
    #expect(relativeError(coefficients, expected) < tolerance)
  }

  @Test("size classes waste at most a quarter and are stable")
  func sizeClasses() {
    for bytes in [0, 1, 63, 64, 256, 257, 1000, 4096, 5000, 123_457, 10_000_001] {
      let size = BufferPool.sizeClass(bytes)
      #expect(size >= bytes && size % 64 == 0)
      #expect(bytes < 1024 || Double(size) <= 1.25 * Double(bytes) + 64)
      #expect(BufferPool.sizeClass(size) == size)
    }
  }
}
