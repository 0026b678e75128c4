import Kernels
import Randomness
import TestSupport
import Testing

/// All small geometries: odd sizes, 1×1 planes, one image, one channel, strides, no padding.
private let geometries: [ConvGeometry] = [1, 2, 3].flatMap { batch in
  [(1, 1), (1, 4), (2, 3), (5, 5), (7, 6), (9, 17)].flatMap { height, width in
    [(1, 0), (3, 1), (3, 0), (2, 1), (5, 2), (1, 1), (2, 3), (3, 4)].flatMap {
      kernel, padding -> [ConvGeometry] in
      guard height + 2 * padding >= kernel, width + 2 * padding >= kernel else { return [] }
      return [1, 2, 3].map {
        ConvGeometry(batch: batch, height: height, width: width, kernel: kernel, stride: $0, padding: padding)
      }
    }
  }
}

/// Several panels of tiles and blocks of images, whole tiles and tiles that stand over.
private let larger = [1, 2].flatMap { stride in
  [(1, 33, 18), (4, 14, 14), (17, 7, 7), (40, 3, 3), (1, 60, 44), (20, 16, 16)].map {
    ConvGeometry(batch: $0, height: $1, width: $2, kernel: 3, stride: stride, padding: 1)
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

  @Test("the fast trio equals its definition", arguments: [(1, 1), (2, 3), (5, 4), (16, 17), (33, 16)])
  func trio(channels: (Int, Int)) {
    let (c, o) = channels
    var stream = RandomStream(seed: 1, purpose: "trio")
    // Whole and partial slabs of channels need no large images.
    for g in geometries where c * o < 100 || g.height <= 5 {
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

  @Test("Winograd's way and the direct one equal the definition", arguments: [(16, 32), (48, 16)])
  func winograd(channels: (Int, Int)) {
    let usual = geometries.filter { $0.batch == 2 && $0.kernel == 3 && $0.padding == 1 && $0.stride <= 2 }
    compareWays(usual + larger, channels)
  }

  @Test(
    "wide layers, cut into depths, groups and panels, equal the definition",
    arguments: [
      // Several panels of kernels that are kept; that are made again; groups of several slabs; few tiles.
      (ConvGeometry(batch: 2, height: 41, width: 41, kernel: 3, padding: 1), (80, 48)),
      (ConvGeometry(batch: 7, height: 15, width: 15, kernel: 3, padding: 1), (144, 80)),
      (ConvGeometry(batch: 33, height: 16, width: 16, kernel: 3, padding: 1), (16, 80)),
      (ConvGeometry(batch: 5, height: 4, width: 3, kernel: 3, padding: 1), (208, 144)),
      // The same with steps of two.
      (ConvGeometry(batch: 2, height: 61, width: 60, kernel: 3, stride: 2, padding: 1), (80, 48)),
      (ConvGeometry(batch: 9, height: 16, width: 16, kernel: 3, stride: 2, padding: 1), (144, 80)),
      (ConvGeometry(batch: 5, height: 7, width: 6, kernel: 3, stride: 2, padding: 1), (208, 144)),
    ])
  func wideLayers(layer: (ConvGeometry, (Int, Int))) {
    compareWays([layer.0], layer.1)
  }

  private func compareWays(_ geometries: [ConvGeometry], _ channels: (Int, Int)) {
    let (c, o) = channels
    var stream = RandomStream(seed: 4, purpose: "winograd")
    for g in geometries {
      let x = random(c * g.plane, &stream)
      let w = random(o * c * g.taps, &stream)
      let y = random(o * g.outPlane, &stream)
      let expected = [
        Reference.forward(x, w, g, from: c, to: o), Reference.input(y, w, g, from: c, to: o),
        Reference.kernel(x, y, g, from: c, to: o),
      ]
      for way in [false, true] {
        let found = [
          run(o * g.outPlane) { Convolve.forward(x, w, g, from: c, to: o, winograd: way, into: $0) },
          run(c * g.plane) { Convolve.input(y, w, g, from: c, to: o, winograd: way, into: $0) },
          run(w.count) { Convolve.kernel(x, y, g, from: c, to: o, winograd: way, into: $0) },
        ]
        for (a, b) in zip(found, expected) {
          // Sums of a few hundred terms; Winograd's error is about twice the direct one's.
          let terms = Scalar(9 * max(c, o)).squareRoot()
          #expect(relativeError(a, b, floor: terms) < 2 * roundingTolerance, "\(g) Winograd: \(way)")
        }
      }
    }
  }

  @Test(
    "the factored quartet equals the trio of the dense kernel",
    arguments: [(1, 1, 1), (2, 3, 4), (3, 6, 2), (16, 7, 3), (21, 2, 16)])
  func quartet(sizes: (Int, Int, Int)) {
    let (c, m, o) = sizes
    let s = AtomConvolve.Sizes(inputs: c, atoms: m, outputs: o)
    var stream = RandomStream(seed: 2, purpose: "quartet")
    for g in geometries where c * m * o < 300 || g.height <= 5 {
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
    // c·m numbers for up to 2349 positions: several times the panel budget.
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
    var atoms: [Scalar] = []
    let factoredInput = paired(x, d) { pair in
      run(c * g.plane) { toInput in
        atoms = run(m * g.taps) { toAtoms in
          AtomConvolve.backward(
            y, coefficients: a, g, s, input: (pair.atoms, toInput), atoms: (pair.x, toAtoms))
        }
      }
    }
    #expect(relativeError(factoredInput, input) < tolerance)
    let expectedAtoms = (0..<m * g.taps).map { i in
      (0..<o * c).reduce(Scalar(0)) { $0 + a[$1 * m + i / g.taps] * kernel[$1 * g.taps + i % g.taps] }
    }
    #expect(relativeError(atoms, expectedAtoms) < tolerance)
    let coefficients = paired(x, d) { pair in
      run(a.count) { AtomConvolve.coefficients([pair], y, g, s, into: $0) }
    }
    let expected = (0..<a.count).map { i in
      (0..<g.taps).reduce(Scalar(0)) { $0 + d[i % m * g.taps + $1] * kernel[i / m * g.taps + $1] }
    }
    #expect(relativeError(coefficients, expected) < tolerance)
    // Two pairs at once are the sum of each alone.
    let (x2, d2) = (random(x.count, &stream), random(d.count, &stream))
    let both = paired(x, d) { first in
      paired(x2, d2) { second in
        run(o * g.outPlane) { AtomConvolve.forward([first, second], coefficients: a, g, s, into: $0) }
      }
    }
    let alone = paired(x2, d2) { pair in
      run(o * g.outPlane) { AtomConvolve.forward([pair], coefficients: a, g, s, into: $0) }
    }
    #expect(relativeError(both, zip(factored, alone).map { $0 + $1 }) < tolerance)
    let bothCoefficients = paired(x, d) { first in
      paired(x2, d2) { second in
        run(a.count) { AtomConvolve.coefficients([first, second], y, g, s, into: $0) }
      }
    }
    let aloneCoefficients = paired(x2, d2) { pair in
      run(a.count) { AtomConvolve.coefficients([pair], y, g, s, into: $0) }
    }
    #expect(relativeError(bothCoefficients, zip(coefficients, aloneCoefficients).map { $0 + $1 }) < tolerance)
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
