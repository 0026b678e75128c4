internal import Kernels

extension Tensor {
  /// The sum of each row.
  ///
  /// - Returns: `[R]` for a tensor of shape `[R, M]`.
  public var rowSums: Tensor {
    let (rows, columns) = matrixExtents("rowSums")
    let result = Tensor([rows]) { Loops.rowSums(pointer, into: $0, rows: rows, columns: columns) }
    return record(.rowSums, [self], result) { _, g in [g.expandedRows(to: columns)] }
  }

  /// Each number repeated along a new last axis: the adjoint of ``rowSums``.
  ///
  /// - Returns: `[R, columns]` for a tensor of shape `[R]`.
  public func expandedRows(to columns: Int) -> Tensor {
    precondition(shape.rank == 1, "expandedRows of shape \(shape)")
    let rows = count
    let result = Tensor([rows, columns]) { Loops.expandRows(pointer, into: $0, rows: rows, columns: columns) }
    return record(.expandRows, [self], result) { _, g in [g.rowSums] }
  }

  /// The sum of all numbers, of shape `[]`.
  public var sum: Tensor { reshaped([1, count]).rowSums.reshaped([]) }

  /// The mean of all numbers, of shape `[]`.
  public var mean: Tensor { (1 / Scalar(count)) * sum }

  /// One number repeated over a whole shape.
  ///
  /// - Precondition: the tensor holds one number.
  public func filling(_ shape: Shape) -> Tensor {
    precondition(count == 1, "filling \(shape) with a tensor of shape \(self.shape)")
    return reshaped([1]).expandedRows(to: shape.count).reshaped(shape)
  }

  /// The largest number of each row, as a constant.
  public var rowMaxima: Tensor {
    let (rows, columns) = matrixExtents("rowMaxima")
    precondition(columns > 0, "rowMaxima of shape \(shape)")
    return Tensor([rows]) { Loops.rowMaxima(pointer, into: $0, rows: rows, columns: columns) }
  }

  /// The inner product of two tensors of one shape, of shape `[]`.
  public func dot(_ other: Tensor) -> Tensor { (self * other).sum }

  func matrixExtents(_ name: StaticString) -> (Int, Int) {
    precondition(shape.rank == 2, "\(name) of shape \(shape), which is not a matrix")
    return (shape[0], shape[1])
  }
}
