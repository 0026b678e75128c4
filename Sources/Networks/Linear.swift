package import Tensors

/// Class scores of a linear layer: x·Wᵀ + b.
///
/// - Parameters:
///   - x: Features, `[N, D]`.
///   - weight: W, `[K, D]`.
///   - bias: b, `[K]`.
/// - Returns: `[N, K]`.
package func linear(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
  matmul(x, weight, transposeB: true) + bias.repeated(rows: x.shape[0])
}

extension Tensor {
  /// A vector `[D]` as every row of a matrix, `[rows, D]`.
  package func repeated(rows: Int) -> Tensor {
    matmul(Tensor(repeating: 1, shape: [rows, 1]), reshaped([1, count]))
  }
}
