/// The convolution trio by its definition: slow, obvious, and what the fast kernels must equal.
package enum Reference {
  /// Calls `body` with every output position, tap and input position of the sums, by number within the batch.
  static func taps(_ g: ConvGeometry, _ body: (_ out: Int, _ tap: Int, _ input: Int) -> Void) {
    for n in 0..<g.batch {
      for ho in 0..<g.outHeight {
        for wo in 0..<g.outWidth {
          for ky in 0..<g.kernel {
            for kx in 0..<g.kernel {
              let h = ho * g.stride + ky - g.padding
              let w = wo * g.stride + kx - g.padding
              guard 0 <= h, h < g.height, 0 <= w, w < g.width else { continue }
              body(
                (n * g.outHeight + ho) * g.outWidth + wo, ky * g.kernel + kx, (n * g.height + h) * g.width + w
              )
            }
          }
        }
      }
    }
  }

  /// `y[p, o] = Σ_{c, κ} w[o, c, κ] · x[p + κ, c]`.
  package static func forward(_ x: [Scalar], _ w: [Scalar], _ g: ConvGeometry, from c: Int, to o: Int)
    -> [Scalar]
  {
    var y = [Scalar](repeating: 0, count: o * g.outPlane)
    each(g, c, o) { y[$0.y] += w[$0.w] * x[$0.x] }
    return y
  }

  /// `x[p + κ, c] = Σ_{o, κ} w[o, c, κ] · y[p, o]`.
  package static func input(_ y: [Scalar], _ w: [Scalar], _ g: ConvGeometry, from c: Int, to o: Int)
    -> [Scalar]
  {
    var x = [Scalar](repeating: 0, count: c * g.plane)
    each(g, c, o) { x[$0.x] += w[$0.w] * y[$0.y] }
    return x
  }

  /// `w[o, c, κ] = Σ_p y[p, o] · x[p + κ, c]`.
  package static func kernel(_ x: [Scalar], _ y: [Scalar], _ g: ConvGeometry, from c: Int, to o: Int)
    -> [Scalar]
  {
    var w = [Scalar](repeating: 0, count: o * c * g.taps)
    each(g, c, o) { w[$0.w] += y[$0.y] * x[$0.x] }
    return w
  }

  /// The dense kernel `w[o, c, κ] = Σ_j A[o, c, j] · D[j, κ]` that atoms and coefficients stand for.
  package static func denseKernel(atoms d: [Scalar], coefficients a: [Scalar], atomCount m: Int) -> [Scalar] {
    let taps = d.count / m
    return (0..<a.count / m).flatMap { oc in
      (0..<taps).map { t in (0..<m).reduce(0) { $0 + a[oc * m + $1] * d[$1 * taps + t] } }
    }
  }

  private static func each(
    _ g: ConvGeometry, _ c: Int, _ o: Int, _ body: ((x: Int, w: Int, y: Int)) -> Void
  ) {
    for i in 0..<o {
      for j in 0..<c {
        taps(g) { out, tap, input in
          body((x: input * c + j, w: (i * c + j) * g.taps + tap, y: out * o + i))
        }
      }
    }
  }
}
