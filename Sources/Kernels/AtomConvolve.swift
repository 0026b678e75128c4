internal import CVectorKernels

/// The four partial derivatives of Q(x, D, A, y) = ⟨A·(x ∗ D), y⟩, the factored atom convolution.
///
/// Atoms D act on every input channel, `z[p, j, c] = (x[c] ∗ D[j])[p]`; coefficients A then mix the m·C numbers of a
/// position into O outputs. Q is linear in each of the four, so its partial derivatives are closed under
/// differentiation, like those of a convolution. z lives only in a panel of some rows that stays in cache.
package enum AtomConvolve {
  /// Channels and atoms of one layer: x has `inputs` channels, y has `outputs`, D has `atoms`.
  package struct Sizes: Hashable, Sendable {
    package var inputs: Int
    package var atoms: Int
    package var outputs: Int
    var depth: Int { inputs * atoms }

    package init(inputs: Int, atoms: Int, outputs: Int) {
      self.inputs = inputs
      self.atoms = atoms
      self.outputs = outputs
    }
  }

  /// One term of a sum: an input and the atoms that act on it.
  package typealias Pair = (x: Source, atoms: Source)
  /// Where the derivative towards the input goes, and the atoms it is taken at.
  package typealias InputTarget = (atoms: Source, into: Target)
  /// Where the derivative towards the atoms goes, and the input it is taken at.
  package typealias AtomTarget = (x: Source, into: Target)

  /// `y = A·(x ∗ D)`, plus `A·(x₂ ∗ D₂)` for every further pair: the pairs share one product.
  package static func forward(
    _ pairs: [Pair], coefficients: Source, _ g: ConvGeometry, _ s: Sizes, into y: Target
  ) {
    withScratch(ConvGeometry.vectorised(s.outputs) * s.depth) { slabs in
      fs_pack(coefficients, s.outputs, s.inputs, s.atoms, slabs)
      Team.share(g.batch, cost: cost(g, s)) { images in
        let below = pairs.map { ($0.x + images.lowerBound * g.input(s.inputs), $0.atoms) }
        let out = y + images.lowerBound * g.output(s.outputs)
        stages(below, g.with(batch: images.count), s) { z, first, positions in
          let grid = fs_grid.line(
            positions, from: s.depth, to: s.outputs, all: images.count * g.output(s.outputs))
          fs_window_product(
            z, grid, [0], 1, s.depth, slabs, s.outputs, out + first * s.outputs)
        }
      }
    }
  }

  /// `A = Σ ∂Q/∂A` over the given pairs of input and atoms.
  package static func coefficients(
    _ pairs: [Pair], _ y: Source, _ g: ConvGeometry, _ s: Sizes, into a: Target
  ) {
    let wide = ConvGeometry.vectorised(s.outputs)
    let rows = Array(0..<s.depth)
    withWholeSlabs(of: y, rows: g.outPlane, width: s.outputs) { y in
      Team.shareChannels(s.outputs, cost: cost(g, s)) { outputs in
        let across = ConvGeometry.vectorised(outputs.count)
        withScratch(across * s.depth) { sums in
          sums.initialize(repeating: 0, count: across * s.depth)
          stages(pairs, g, s) { z, first, positions in
            let lines = (0..<positions / g.outWidth).map { $0 * g.outWidth * s.depth }
            fs_window_gradient(
              z, rows, rows.count, lines, lines.count, g.outWidth, s.depth,
              y + first * wide + outputs.lowerBound, wide, across, 1, sums)
          }
          fs_unpack(sums, outputs.count, s.inputs, s.atoms, a + outputs.lowerBound * s.depth)
        }
      }
    }
  }

  /// `∂Q/∂x` as `[N, H, W, C]` and `∂Q/∂D` as `[m, k, k]`, from one shared back-projection Aᵀy; each if asked.
  package static func backward(
    _ y: Source, coefficients: Source, _ g: ConvGeometry, _ s: Sizes, input: InputTarget?, atoms: AtomTarget?
  ) {
    // The sums for the atoms go over all images, in their order.
    guard let input, atoms == nil else {
      return backwardAlone(y, coefficients: coefficients, g, s, input: input, atoms: atoms)
    }
    Team.share(g.batch, cost: cost(g, s)) { images in
      backwardAlone(
        y + images.lowerBound * g.output(s.outputs), coefficients: coefficients, g.with(batch: images.count),
        s,
        input: (input.atoms, input.into + images.lowerBound * g.input(s.inputs)), atoms: nil)
    }
  }

  private static func backwardAlone(
    _ y: Source, coefficients: Source, _ g: ConvGeometry, _ s: Sizes, input: InputTarget?, atoms: AtomTarget?
  ) {
    let padded = PaddedImages(inputOf: g, channels: s.inputs)
    let sumCount = s.atoms * g.taps * lanes / 2
    withScratch(
      ConvGeometry.vectorised(s.depth) * s.outputs + sumCount + panelRows(g, s) * g.outWidth * s.depth
    ) {
      scratch in
      let slabs = scratch
      let sums = slabs + ConvGeometry.vectorised(s.depth) * s.outputs
      let z = sums + sumCount
      fs_pack_transposed(coefficients, s.outputs, s.inputs, s.atoms, slabs)
      sums.initialize(repeating: 0, count: sumCount)
      // Blocks of x and of its derivative go together; without one of them its pointer is not used.
      eachBlock(padded, g, x: atoms?.x, onto: input?.into) { x, target, first, images in
        panels(g, s, images: images) { grid, offset, row in
          let positions = grid.images * grid.rows * grid.columns
          fs_window_product(
            y + (first * g.outHeight * g.outWidth + row * g.outWidth) * s.outputs,
            .line(positions, from: s.outputs, to: s.depth), [0], 1, s.outputs, slabs, s.depth, z)
          if let input, let target {
            fs_atoms_input_add(
              z, input.atoms, s.atoms, g.kernel, s.inputs, padded.row, grid, target + offset)
          }
          if let x {
            fs_atoms_atoms_add(z, x + offset, s.atoms, g.kernel, s.inputs, padded.row, grid, sums)
          }
        }
      }
      if let atoms { fs_atoms_collect(sums, s.atoms * g.taps, atoms.into) }
    }
  }

  /// Multiply-adds of a pass.
  private static func cost(_ g: ConvGeometry, _ s: Sizes) -> Double {
    Double(g.outPlane * s.depth) * Double(s.outputs + g.taps)
  }

  /// Calls `body` with one panel of z after another, summed over the pairs.
  private static func stages(
    _ pairs: [Pair], _ g: ConvGeometry, _ s: Sizes,
    _ body: (_ z: Target, _ first: Int, _ positions: Int) -> Void
  ) {
    precondition((1...2).contains(pairs.count), "atom convolution of \(pairs.count) pairs")
    let padded = PaddedImages(inputOf: g, channels: s.inputs)
    let other = pairs.dropFirst().first
    withScratch(panelRows(g, s) * g.outWidth * s.depth) { z in
      eachBlock(padded, g, x: pairs.first?.x, other: other?.x) { x, y, first, images in
        panels(g, s, images: images) { grid, offset, row in
          for (i, source) in [x, y].enumerated() {
            guard let source else { continue }
            fs_atoms_expand(
              source + offset, pairs[i].atoms, s.atoms, g.kernel, s.inputs, padded.row, grid, i > 0 ? 1 : 0, z
            )
          }
          body(z, (first * g.outHeight + row) * g.outWidth, grid.images * grid.rows * grid.columns)
        }
      }
    }
  }

  private static func eachBlock(
    _ padded: PaddedImages, _ g: ConvGeometry, x: Source?, other: Source?,
    _ body: (_ x: Source?, _ other: Source?, _ first: Int, _ images: Int) -> Void
  ) {
    guard let x else { return }
    padded.blocks(of: x, count: g.batch) { x, first, images in
      guard let other else { return body(x, nil, first, images) }
      padded.wholeBlock(of: other + first * padded.bare, count: images) { body(x, $0, first, images) }
    }
  }

  private static func eachBlock(
    _ padded: PaddedImages, _ g: ConvGeometry, x: Source?, onto target: Target?,
    _ body: (_ x: Source?, _ target: Target?, _ first: Int, _ images: Int) -> Void
  ) {
    func read(_ target: Target?, _ first: Int, _ images: Int) {
      guard let x else { return body(nil, target, first, images) }
      padded.blocks(of: x + first * padded.bare, count: images) { x, inner, count in
        precondition(target == nil || count == images, "a block of another size than that of its target")
        body(x, target, first + inner, count)
      }
    }
    guard let target else { return read(nil, 0, g.batch) }
    padded.blocks(onto: target, count: g.batch) { read($0, $1, $2) }
  }

  /// Output rows whose z fits its share of the cache, at least one.
  private static func panelRows(_ g: ConvGeometry, _ s: Sizes) -> Int {
    max(1, CacheBudget.scalars(CacheBudget.atomPanel) / (g.outWidth * s.depth))
  }

  /// Cuts the output rows of some images into panels: whole images if several fit, else rows of one.
  ///
  /// `offset` leads to the panel's first window in padded images, `row` counts output rows from the first image.
  private static func panels(
    _ g: ConvGeometry, _ s: Sizes, images: Int, _ body: (_ grid: fs_grid, _ offset: Int, _ row: Int) -> Void
  ) {
    let padded = PaddedImages(inputOf: g, channels: s.inputs)
    let most = panelRows(g, s)
    var grid = fs_grid(
      images: 1, rows: 0, columns: g.outWidth, fromImage: padded.image, fromRow: g.stride * padded.row,
      fromColumn: g.stride * s.inputs, toImage: g.outHeight * g.outWidth * s.depth,
      toRow: g.outWidth * s.depth, toColumn: s.depth, toAll: 0)
    if most >= g.outHeight {
      let step = most / g.outHeight
      for first in stride(from: 0, to: images, by: step) {
        grid.images = min(step, images - first)
        grid.rows = g.outHeight
        body(grid, first * padded.image, first * g.outHeight)
      }
      return
    }
    for image in 0..<images {
      for row in stride(from: 0, to: g.outHeight, by: most) {
        grid.rows = min(most, g.outHeight - row)
        body(grid, image * padded.image + row * g.stride * padded.row, image * g.outHeight + row)
      }
    }
  }
}
