internal import Kernels

/// Which number of each row to pick: `[R, Q]` positions within rows of a given length.
public struct RowIndex: Sendable {
  /// How many rows R of a matrix it picks from.
  public let rows: Int
  /// Picks per row, Q.
  public let picked: Int
  /// The length M of the rows that are picked from.
  public let columns: Int
  let buffer: IndexBuffer<Int32>

  /// Positions `[R, Q]`, each in `0..<columns`.
  ///
  /// - Precondition: every position is in range and every row has as many.
  public init(_ positions: [[Int]], columns: Int) {
    let picked = positions.first?.count ?? 0
    precondition(
      positions.allSatisfy { $0.count == picked && $0.allSatisfy { 0 <= $0 && $0 < columns } },
      "row index out of 0..<\(columns) or ragged")
    self.init(rows: positions.count, picked: picked, columns: columns) { out in
      for (i, position) in positions.joined().enumerated() { out[i] = Int32(position) }
    }
  }

  init(rows: Int, picked: Int, columns: Int, _ fill: (UnsafeMutablePointer<Int32>) -> Void) {
    self.rows = rows
    self.picked = picked
    self.columns = columns
    buffer = IndexBuffer(count: rows * picked, fill)
  }
}

extension Tensor {
  /// `out[r, q] = x[r, index[r, q]]`, `[R, M]` to `[R, Q]`.
  ///
  /// - Precondition: the index was made for this many rows and columns.
  public func gathered(_ index: RowIndex) -> Tensor {
    precondition(shape == [index.rows, index.columns], "gather \(index.rows)×\(index.columns) from \(shape)")
    let result = Tensor([index.rows, index.picked]) {
      Loops.gather(
        pointer, index.buffer.pointer, into: $0, rows: index.rows, columns: index.columns,
        picked: index.picked)
    }
    return record(.gather, [self], result) { _, g in [g.scattered(index)] }
  }

  /// `out[r, index[r, q]] += x[r, q]` onto zeros, `[R, Q]` to `[R, M]`: the adjoint of ``gathered(_:)``.
  ///
  /// - Precondition: the index was made for this many rows and picks.
  public func scattered(_ index: RowIndex) -> Tensor {
    precondition(shape == [index.rows, index.picked], "scatter \(index.rows)×\(index.picked) from \(shape)")
    let result = Tensor([index.rows, index.columns]) {
      Loops.scatter(
        pointer, index.buffer.pointer, into: $0, rows: index.rows, columns: index.columns,
        picked: index.picked)
    }
    return record(.scatter, [self], result) { _, g in [g.gathered(index)] }
  }
}
