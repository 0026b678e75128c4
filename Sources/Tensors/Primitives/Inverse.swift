internal import Kernels

extension Tensor {
  /// The inverse of a symmetric positive definite matrix, `[N, N]`; NaN where it is not positive definite.
  ///
  /// d(A⁻¹) = −A⁻¹·dA·A⁻¹
  ///
  /// - Precondition: the matrix is square, and symmetric: only its lower triangle is read.
  public var symmetricInverse: Tensor {
    let (rows, columns) = matrixExtents("symmetricInverse")
    precondition(rows == columns, "symmetricInverse of shape \(shape)")
    let result = Tensor(shape) { CholeskyInverse.invert(pointer, into: $0, size: rows) }
    return record(.symmetricInverse, [self], result) { context, g in
      let inverse = context.inputs[0].symmetricInverse
      return [-matmul(inverse, matmul(g, inverse))]
    }
  }
}
