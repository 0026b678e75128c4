internal import CVectorKernels

/// The four partial derivatives of Q(x, D, A, y) = ⟨A·(x ∗ D), y⟩, the factored atom convolution.
///
/// Atoms D act on every input channel, `z[(c, j)] = x[c] ∗ D[j]`; coefficients A then mix the C·m planes of
/// z into O outputs. Q is linear in each of the four, so its partial derivatives are closed under
/// differentiation, like those of a convolution. z lives only in a panel that stays in cache.
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

  /// `y = A·(x ∗ D)`, plus `A·(x₂ ∗ D₂)` if a second pair is given: the pairs share one matrix product.
  package static func forward(
    _ pairs: [(x: Source, atoms: Source)], coefficients: Source, _ g: ConvGeometry, _ s: Sizes,
    into y: Target
  ) {
    withPanel(g, s) { z, tile in
      g.panels(depth: s.depth) { rows, first, columns in
        expand(pairs, g, s, rows, into: z, tile)
        Gemm.multiply(
          m: s.outputs, n: columns, k: s.depth, a: coefficients, lda: s.depth, b: z, ldb: columns,
          c: y + first, ldc: g.outPlane)
      }
    }
  }

  /// `A = Σ ∂Q/∂A` over the given pairs of input and atoms.
  package static func coefficients(
    _ pairs: [(x: Source, atoms: Source)], _ y: Source, _ g: ConvGeometry, _ s: Sizes, into a: Target
  ) {
    withPanel(g, s) { z, tile in
      g.panels(depth: s.depth) { rows, first, columns in
        expand(pairs, g, s, rows, into: z, tile)
        Gemm.multiply(
          m: s.outputs, n: s.depth, k: columns, a: y + first, lda: g.outPlane, b: z, ldb: columns,
          transposeB: true, c: a, ldc: s.depth, accumulate: first > 0)
      }
    }
  }

  /// `∂Q/∂x` for `inputAtoms` and `∂Q/∂D` for `atomInput`, from one shared back-projection Aᵀy.
  ///
  /// - Parameters:
  ///   - inputAtoms: D for the derivative towards x; nil with `x` if not wanted.
  ///   - x: Receives `[C, N, H, W]`.
  ///   - atomInput: x for the derivative towards D; nil with `atoms` if not wanted.
  ///   - atoms: Receives `[m, k, k]`.
  package static func backward(
    _ y: Source, coefficients: Source, _ g: ConvGeometry, _ s: Sizes, inputAtoms: Source?, into x: Target?,
    atomInput: Source?, into atoms: Target?
  ) {
    x?.initialize(repeating: 0, count: s.inputs * g.plane)
    atoms?.initialize(repeating: 0, count: s.atoms * g.taps)
    withPanel(g, s) { z, tile in
      g.panels(depth: s.depth) { rows, first, columns in
        Gemm.multiply(
          m: s.depth, n: columns, k: s.outputs, a: coefficients, lda: s.depth, transposeA: true,
          b: y + first, ldb: g.outPlane, c: z, ldc: columns)
        if let inputAtoms, let x {
          fs_atoms_input_add(z, inputAtoms, s.inputs, s.atoms, g.c, rows.lowerBound, rows.upperBound, x, tile)
        }
        if let atomInput, let atoms {
          fs_atoms_atoms_add(z, atomInput, s.inputs, s.atoms, g.c, rows.lowerBound, rows.upperBound, atoms, tile)
        }
      }
    }
  }

  private static func withPanel(_ g: ConvGeometry, _ s: Sizes, _ body: (_ z: Target, _ tile: Target) -> Void) {
    let panel = g.panelCapacity(depth: s.depth)
    withScratch(panel + fs_atoms_tile(g.c)) { body($0, $0 + panel) }
  }

  private static func expand(
    _ pairs: [(x: Source, atoms: Source)], _ g: ConvGeometry, _ s: Sizes, _ rows: Range<Int>, into z: Target,
    _ tile: Target
  ) {
    for (i, pair) in pairs.enumerated() {
      fs_atoms_expand(
        pair.x, pair.atoms, s.inputs, s.atoms, g.c, rows.lowerBound, rows.upperBound, z, i > 0 ? 1 : 0, tile)
    }
  }
}
