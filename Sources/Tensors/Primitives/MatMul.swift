internal import Kernels

/// The product of two matrices, each optionally transposed.
///
/// - Parameters:
///   - a: `[M, K]`, or `[K, M]` if transposed.
///   - b: `[K, N]`, or `[N, K]` if transposed.
///   - transposeA: Whether to use the transpose of `a`.
///   - transposeB: Whether to use the transpose of `b`.
/// - Returns: `[M, N]`.
/// - Precondition: the inner extents agree.
public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor {
  let (aRows, aColumns) = a.matrixExtents("matmul")
  let (bRows, bColumns) = b.matrixExtents("matmul")
  let (m, k) = transposeA ? (aColumns, aRows) : (aRows, aColumns)
  let (inner, n) = transposeB ? (bColumns, bRows) : (bRows, bColumns)
  precondition(k == inner, "matmul: \(a.shape)\(transposeA ? "ᵀ" : "") × \(b.shape)\(transposeB ? "ᵀ" : "")")
  let result = Tensor([m, n]) {
    Gemm.multiply(
      m: m, n: n, k: k, a: a.pointer, lda: aColumns, transposeA: transposeA, b: b.pointer, ldb: bColumns,
      transposeB: transposeB, c: $0, ldc: n)
  }
  // With A' and B' the operands as used, C = A'B' gives dA' = G·B'ᵀ and dB' = A'ᵀ·G; transpose where used so.
  return record(.matmul, [a, b], result) { context, g in
    let (a, b) = (context.inputs[0], context.inputs[1])
    let da =
      !context.needs[0]
      ? nil
      : transposeA
        ? matmul(b, g, transposeA: transposeB, transposeB: true) : matmul(g, b, transposeB: !transposeB)
    let db =
      !context.needs[1]
      ? nil
      : transposeB
        ? matmul(g, a, transposeA: true, transposeB: transposeA) : matmul(a, g, transposeA: !transposeA)
    return [da, db]
  }
}
