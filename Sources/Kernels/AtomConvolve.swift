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

  /// One term of a sum: an input and the atoms that act on it.
  package typealias Pair = (x: Source, atoms: Source)

  /// `y = A·(x ∗ D)`, plus `A·(x₂ ∗ D₂)` if a second pair is given: the pairs share one matrix product.
  package static func forward(
    _ pairs: [Pair], coefficients: Source, _ g: ConvGeometry, _ s: Sizes, into y: Target
  ) {
    stages(pairs, g, s) { z, first, columns in
      Gemm.multiply(
        m: s.outputs, n: columns, k: s.depth, a: coefficients, lda: s.depth, b: z, ldb: columns, c: y + first,
        ldc: g.outPlane)
    }
  }

  /// `A = Σ ∂Q/∂A` over the given pairs of input and atoms.
  package static func coefficients(
    _ pairs: [Pair], _ y: Source, _ g: ConvGeometry, _ s: Sizes, into a: Target
  ) {
    stages(pairs, g, s) { z, first, columns in
      Gemm.multiply(
        m: s.outputs, n: s.depth, k: columns, a: y + first, lda: g.outPlane, b: z, ldb: columns,
        transposeB: true, c: a, ldc: s.depth, accumulate: first > 0)
    }
  }

  /// Where the derivative towards the input goes, and the atoms it is taken at.
  package typealias InputTarget = (atoms: Source, into: Target)
  /// Where the derivative towards the atoms goes, and the input it is taken at.
  package typealias AtomTarget = (x: Source, into: Target)

  /// `∂Q/∂x` as `[C, N, H, W]` and `∂Q/∂D` as `[m, k, k]`, from one shared back-projection Aᵀy; each if asked.
  package static func backward(
    _ y: Source, coefficients: Source, _ g: ConvGeometry, _ s: Sizes, input: InputTarget?, atoms: AtomTarget?
  ) {
    atoms?.into.initialize(repeating: 0, count: s.atoms * g.taps)
    withInput(atoms?.x, g, s) { x in
      withTarget(input?.into, g, s) { toInput in
        withPanel(g, s) { z, tile in
          g.panels(depth: s.depth) { rows, first, columns in
            Gemm.multiply(
              m: s.depth, n: columns, k: s.outputs, a: coefficients, lda: s.depth, transposeA: true,
              b: y + first, ldb: g.outPlane, c: z, ldc: columns)
            let (from, to) = (rows.lowerBound, rows.upperBound)
            if let input, let toInput {
              fs_atoms_input_add(z, input.atoms, s.inputs, s.atoms, g.c, from, to, toInput, tile)
            }
            if let atoms, let x {
              fs_atoms_atoms_add(z, x, s.inputs, s.atoms, g.c, from, to, atoms.into, tile)
            }
          }
        }
      }
    }
  }

  /// Calls `body` with one panel of z after another, summed over the pairs.
  private static func stages(
    _ pairs: [Pair], _ g: ConvGeometry, _ s: Sizes,
    _ body: (_ z: Target, _ first: Int, _ columns: Int) -> Void
  ) {
    // One pair, or two whose inputs are the same number of planes: sort the phases of each once.
    withInput(pairs.first?.x, g, s) { x in
      withInput(pairs.dropFirst().first?.x, g, s) { other in
        withPanel(g, s) { z, tile in
          g.panels(depth: s.depth) { rows, first, columns in
            for (i, source) in [x, other].enumerated() {
              guard let source else { continue }
              fs_atoms_expand(
                source, pairs[i].atoms, s.inputs, s.atoms, g.c, rows.lowerBound, rows.upperBound, z,
                i > 0 ? 1 : 0, tile)
            }
            body(z, first, columns)
          }
        }
      }
    }
  }

  private static func withPanel(_ g: ConvGeometry, _ s: Sizes, _ body: (_ z: Target, _ tile: Target) -> Void)
  {
    let panel = g.panelCapacity(depth: s.depth)
    withScratch(panel + fs_atoms_tile(g.c)) { body($0, $0 + panel) }
  }

  private static func withInput(_ x: Source?, _ g: ConvGeometry, _ s: Sizes, _ body: (Source?) -> Void) {
    guard let x else { return body(nil) }
    Columns.withPhases(of: x, channels: s.inputs, g, body)
  }

  private static func withTarget(_ x: Target?, _ g: ConvGeometry, _ s: Sizes, _ body: (Target?) -> Void) {
    guard let x else { return body(nil) }
    Columns.withPhases(onto: x, channels: s.inputs, g, body)
  }
}
