internal import OpenBLAS
package import ProcessMemory

/// Matrix products by OpenBLAS, one thread each: parallelism is over episodes, above.
package enum Gemm {
  /// Sees to it that products find their memory, before anything is computed.
  ///
  /// - Parameter workers: How many products there may be at the same time.
  /// - Throws: `SystemShortage` if OpenBLAS or the memory for it is not there. Without this call the first product ends
  ///   the process then.
  package static func prepare(workers: Int) throws(SystemShortage) { try OpenBLAS.prepare(callers: workers) }

  /// `c[m, n] = a·b`, each operand optionally transposed, with row strides.
  ///
  /// `a` is `[m, k]`, or `[k, m]` if transposed, its rows `lda` apart; `b` is `[k, n]`, or `[n, k]` if transposed.
  package static func multiply(
    m: Int, n: Int, k: Int, a: Source, lda: Int, transposeA: Bool = false, b: Source, ldb: Int,
    transposeB: Bool = false, c: Target, ldc: Int
  ) {
    OpenBLAS.multiply(
      m: m, n: n, k: k, a: a, lda: lda, transposeA: transposeA, b: b, ldb: ldb, transposeB: transposeB, c: c,
      ldc: ldc)
  }

  /// The processor core whose kernels OpenBLAS picked, for example `"SkylakeX"`.
  package static var coreName: String { OpenBLAS.coreName }

  /// How the OpenBLAS library was built.
  package static var configuration: String { OpenBLAS.configuration }
}
