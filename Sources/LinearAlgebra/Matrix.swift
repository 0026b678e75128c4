internal import OpenBLAS

/// A small dense matrix in 64 bits, row-major: for fits outside of training, where nothing is differentiated.
public struct Matrix: Equatable, Sendable {
  /// How many rows it has.
  public let rows: Int
  /// How many columns it has.
  public let columns: Int
  /// The numbers, row after row.
  public var elements: [Double]

  /// A matrix with these numbers.
  ///
  /// - Precondition: there are `rows`·`columns` numbers.
  public init(_ elements: [Double], rows: Int, columns: Int) {
    precondition(elements.count == rows * columns, "\(elements.count) numbers for \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// The number in a row and a column, both from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The matrix `[rows, columns]` as `[columns, rows]`.
  public var transposed: Matrix {
    var result = [Double](repeating: 0, count: elements.count)
    for i in 0..<rows {
      for j in 0..<columns { result[j * rows + i] = elements[i * columns + j] }
    }
    return Matrix(result, rows: columns, columns: rows)
  }

  /// The first `count` rows, `[count, columns]`.
  public func leading(rows count: Int) -> Matrix {
    Matrix(Array(elements.prefix(count * columns)), rows: count, columns: columns)
  }

  /// The first `count` columns, `[rows, count]`.
  public func leading(columns count: Int) -> Matrix {
    Matrix(
      (0..<rows).flatMap { elements[($0 * columns)..<($0 * columns + count)] }, rows: rows, columns: count)
  }

  /// The matrix with column j times `scales[j]`.
  public func scaling(columns scales: [Double]) -> Matrix {
    precondition(scales.count == columns, "\(scales.count) scales for \(columns) columns")
    return Matrix(
      elements.indices.map { elements[$0] * scales[$0 % columns] }, rows: rows, columns: columns)
  }

  /// The matrix product.
  ///
  /// - Precondition: the inner extents agree.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "\(a.rows)×\(a.columns) times \(b.rows)×\(b.columns)")
    var result = [Double](repeating: 0, count: a.rows * b.columns)
    OpenBLAS.multiply(
      m: a.rows, n: b.columns, k: a.columns, a: a.elements, lda: max(1, a.columns), transposeA: false,
      b: b.elements, ldb: max(1, b.columns), transposeB: false, c: &result, ldc: max(1, b.columns))
    return Matrix(result, rows: a.rows, columns: b.columns)
  }

  /// The Euclidean norm over all numbers.
  public var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The difference of two matrices of one shape.
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "difference of matrices of different shapes")
    return Matrix(zip(a.elements, b.elements).map { $0 - $1 }, rows: a.rows, columns: a.columns)
  }
}
