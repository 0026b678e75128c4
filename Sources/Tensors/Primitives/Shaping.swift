internal import Kernels

extension Tensor {
  /// The same numbers in another shape; nothing is copied.
  ///
  /// - Precondition: both shapes hold as many numbers.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshape \(self.shape) to \(shape)")
    let old = self.shape
    if old == shape { return self }
    return record(.reshape, [self], Tensor(shape: shape, storage: storage)) { _, g in [g.reshaped(old)] }
  }

  /// The same tensor behind a step of its own, where what its readers contribute to a derivative is summed before it goes on.
  public var gathered: Tensor { record(.reshape, [self], detached) { _, g in [g] } }

  /// A copy in which axis `i` is axis `axes[i]` of this tensor; nothing is copied where no number moves.
  ///
  /// - Precondition: `axes` is a permutation of the axes, of which there are at most six.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(axes.sorted() == Array(0..<shape.rank), "permute \(shape) by \(axes)")
    // Axes of one number may go anywhere without any number moving.
    let moving = axes.filter { shape[$0] > 1 }
    if moving == moving.sorted() { return reshaped(Shape(axes.map { shape[$0] })) }
    var inverse = axes
    for (i, axis) in axes.enumerated() { inverse[axis] = i }
    let back = inverse
    let result = Tensor(Shape(axes.map { shape[$0] })) {
      Loops.permute(pointer, into: $0, extents: shape.extents, axes: axes)
    }
    return record(.permute, [self], result) { _, g in [g.permuted(back)] }
  }

  /// A matrix `[R, C]` as `[C, R]`.
  public var transposed: Tensor { permuted([1, 0]) }

  /// A block of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Which rows of `[R, M]`.
  ///   - columns: Which columns; all if nil.
  /// - Returns: `[rows.count, columns.count]`.
  /// - Precondition: the block lies inside.
  public func slice(rows: Range<Int>, columns: Range<Int>? = nil) -> Tensor {
    let (height, width) = matrixExtents("slice")
    let columns = columns ?? 0..<width
    precondition(
      0 <= rows.lowerBound && rows.upperBound <= height && 0 <= columns.lowerBound
        && columns.upperBound <= width,
      "slice \(rows) × \(columns) of \(shape)")
    let result = Tensor([rows.count, columns.count]) { out in
      for (i, row) in rows.enumerated() {
        (out + i * columns.count).initialize(
          from: pointer + row * width + columns.lowerBound, count: columns.count)
      }
    }
    return record(.slice, [self], result) { _, g in
      [g.padded(to: [height, width], row: rows.lowerBound, column: columns.lowerBound)]
    }
  }

  /// A matrix of zeros with this matrix as a block: the adjoint of ``slice(rows:columns:)``.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - row: Where the block's first row goes.
  ///   - column: Where its first column goes.
  /// - Returns: A matrix of that shape.
  /// - Precondition: the block fits.
  public func padded(to shape: Shape, row: Int, column: Int) -> Tensor {
    let (height, width) = matrixExtents("pad")
    precondition(
      shape.rank == 2 && row >= 0 && column >= 0 && row + height <= shape[0] && column + width <= shape[1],
      "pad \(self.shape) to \(shape) at \(row), \(column)")
    let result = Tensor(shape) { out in
      out.initialize(repeating: 0, count: shape.count)
      for i in 0..<height {
        (out + (row + i) * shape[1] + column).update(from: pointer + i * width, count: width)
      }
    }
    return record(.pad, [self], result) { _, g in
      [g.slice(rows: row..<row + height, columns: column..<column + width)]
    }
  }
}
