internal import OpenBLAS

/// The thin singular value decomposition M = U·diag(s)·Vᵀ, in 64 bits.
///
/// Of each pair of singular vectors the sign is chosen so that the largest number of the left one is positive: the
/// decomposition itself leaves it open, and two libraries would differ.
///
/// - Source: LAPACK, dgesdd (divide and conquer).
public struct SingularValueDecomposition: Sendable {
  /// U, `[rows, r]` with r = min(rows, columns); its columns are orthonormal.
  public let left: Matrix
  /// The r singular values, largest first, none negative.
  public let values: [Double]
  /// Vᵀ, `[r, columns]`; its rows are orthonormal.
  public let right: Matrix

  /// Decomposes a matrix.
  ///
  /// - Parameter matrix: What to decompose; it is not empty.
  /// - Precondition: all numbers are finite.
  /// - Complexity: O(rows·columns·min(rows, columns)).
  public init(_ matrix: Matrix) {
    precondition(matrix.elements.allSatisfy(\.isFinite), "singular values of a matrix with infinite numbers")
    precondition(!matrix.elements.isEmpty, "singular values of an empty matrix")
    let rank = min(matrix.rows, matrix.columns)
    // LAPACK counts by columns: what it sees is the transpose V·diag(s)·Uᵀ, so left and right are swapped.
    var a = matrix.elements
    let found = OpenBLAS.decompose(&a, m: matrix.columns, n: matrix.rows)
    var (u, v) = (found.vt, found.u)
    for j in 0..<rank {
      let column = (0..<matrix.rows).map { u[$0 * rank + j] }
      guard let largest = column.max(by: { abs($0) < abs($1) }), largest < 0 else { continue }
      for i in 0..<matrix.rows { u[i * rank + j].negate() }
      for i in 0..<matrix.columns { v[j * matrix.columns + i].negate() }
    }
    left = Matrix(u, rows: matrix.rows, columns: rank)
    values = found.s
    right = Matrix(v, rows: rank, columns: matrix.columns)
  }

  /// The nearest matrix of a rank, as factors: the leading columns of U, values and rows of Vᵀ.
  ///
  /// - Parameter rank: At most min(rows, columns).
  /// - Returns: U `[rows, rank]`, s `[rank]`, Vᵀ `[rank, columns]`.
  /// - Source: Eckart and Young 1936.
  public func leading(_ rank: Int) -> (left: Matrix, values: [Double], right: Matrix) {
    precondition(rank <= values.count, "rank \(rank) of a matrix of rank at most \(values.count)")
    return (left.leading(columns: rank), Array(values.prefix(rank)), right.leading(rows: rank))
  }
}
