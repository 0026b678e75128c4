internal import CVectorKernels

/// The three partial derivatives of T(x, w, y) = ⟨conv(x, w), y⟩.
///
/// T is linear in each argument, so these three kernels are closed under differentiation to any order. All go
/// panel by panel: the columns of a few output rows are laid out in cache, multiplied and forgotten.
package enum Convolve {
  /// `y[O, N, Ho, Wo] = conv(x[C, N, H, W], w[O, C, k, k])`.
  package static func forward(
    _ x: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, into y: Target
  ) {
    let depth = c * g.taps
    if g.taps == 1 && g.stride == 1 && g.padding == 0 {
      Gemm.multiply(m: o, n: g.plane, k: c, a: w, lda: c, b: x, ldb: g.plane, c: y, ldc: g.plane)
      return
    }
    Columns.panels(of: x, channels: c, g) { panel, first, columns in
      Gemm.multiply(
        m: o, n: columns, k: depth, a: w, lda: depth, b: panel, ldb: columns, c: y + first, ldc: g.outPlane)
    }
  }

  /// `x[C, N, H, W] = ∂T/∂x` for `w[O, C, k, k]` and `y[O, N, Ho, Wo]`.
  package static func input(
    _ y: Source, _ w: Source, _ g: ConvGeometry, from c: Int, to o: Int, into x: Target
  ) {
    if g.stride == 1 && g.kernel > g.padding {
      // The adjoint of a stride-1 convolution is a convolution with the turned kernel: columns are then only
      // ever written, never added up.
      let turned = ConvGeometry(
        batch: g.batch, height: g.outHeight, width: g.outWidth, kernel: g.kernel, stride: 1,
        padding: g.kernel - 1 - g.padding)
      withScratch(o * c * g.taps) { v in
        for i in 0..<o {
          for j in 0..<c {
            for t in 0..<g.taps { v[(j * o + i) * g.taps + g.taps - 1 - t] = w[(i * c + j) * g.taps + t] }
          }
        }
        forward(y, v, turned, from: o, to: c, into: x)
      }
      return
    }
    let depth = c * g.taps
    Columns.addPanels(onto: x, channels: c, g) { panel, first, columns in
      Gemm.multiply(
        m: depth, n: columns, k: o, a: w, lda: depth, transposeA: true, b: y + first, ldb: g.outPlane,
        c: panel, ldc: columns)
    }
  }

  /// `w[O, C, k, k] = ∂T/∂w` for `x[C, N, H, W]` and `y[O, N, Ho, Wo]`.
  package static func kernel(
    _ x: Source, _ y: Source, _ g: ConvGeometry, from c: Int, to o: Int, into w: Target
  ) {
    let depth = c * g.taps
    Columns.panels(of: x, channels: c, g) { panel, first, columns in
      Gemm.multiply(
        m: o, n: depth, k: columns, a: y + first, lda: g.outPlane, b: panel, ldb: columns,
        transposeB: true, c: w, ldc: depth, accumulate: first > 0)
    }
  }
}
