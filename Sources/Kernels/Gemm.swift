internal import COpenBLAS

/// Matrix products by OpenBLAS, one thread each: parallelism is over episodes, above.
package enum Gemm {
  // Once per process, before the first product; a pthread build obeys, and the report states the build.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c[m, n] = a·b`, each operand optionally transposed, with row strides.
  ///
  /// `a` is `[m, k]`, or `[k, m]` if transposed, its rows `lda` apart; `b` is `[k, n]`, or `[n, k]` if transposed.
  package static func multiply(
    m: Int, n: Int, k: Int, a: Source, lda: Int, transposeA: Bool = false, b: Source, ldb: Int,
    transposeB: Bool = false, c: Target, ldc: Int
  ) {
    _ = singleThreaded
    let ta = transposeA ? CblasTrans : CblasNoTrans
    let tb = transposeB ? CblasTrans : CblasNoTrans
    #if DoublePrecision
      cblas_dgemm(
        CblasRowMajor, ta, tb, blasint(m), blasint(n), blasint(k), 1, a, blasint(lda), b, blasint(ldb),
        0, c, blasint(ldc))
    #else
      cblas_sgemm(
        CblasRowMajor, ta, tb, blasint(m), blasint(n), blasint(k), 1, a, blasint(lda), b, blasint(ldb),
        0, c, blasint(ldc))
    #endif
  }

  /// The processor core whose kernels OpenBLAS picked, for example `"SkylakeX"`.
  package static var coreName: String {
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// How the OpenBLAS library was built.
  package static var configuration: String {
    openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }
}
