internal import Kernels
public import Tensors

/// How alike two representations of the same images are: linear centred kernel alignment.
///
/// CKA(X, Y) = ‖YᵀX‖² / (‖XᵀX‖·‖YᵀY‖) with the columns of X and Y centred and Frobenius norms; computed from the Gram
/// matrices XXᵀ and YYᵀ, which give the same number and are small where there are fewer images than features. It does
/// not change if either representation is rotated or scaled. With few images and many features it comes out above what
/// more images would give, so compare it only between measurements on equally many images.
///
/// - Parameters:
///   - x: `[N, P]`, one row per image.
///   - y: `[N, Q]`, the same images.
/// - Returns: A number in `0...1`. Where all rows of a representation are equal it has no direction: then 1 if both are
///   such, and 0 if one is.
/// - Precondition: both have the same number of rows.
/// - Complexity: O(N²·(P + Q)).
/// - Source: Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", eq. 5 and section 3.
public func linearCKA(_ x: Tensor, _ y: Tensor) -> Double {
  precondition(x.shape.rank == 2 && y.shape.rank == 2 && x.shape[0] == y.shape[0], "\(x.shape), \(y.shape)")
  let (a, b) = (centredGram(x), centredGram(y))
  let (own, other) = (dot(a, a), dot(b, b))
  guard own > 0, other > 0 else { return own == other ? 1 : own.isNaN || other.isNaN ? .nan : 0 }
  return dot(a, b) / (own.squareRoot() * other.squareRoot())
}

/// The products of all pairs of rows less the mean row, `[N·N]`.
private func centredGram(_ x: Tensor) -> [Double] {
  let n = x.shape[0]
  let ones = Tensor(repeating: 1, shape: [n, 1])
  // Centred before the products are taken: a common offset would cost most of their digits.
  let means = (1 / Scalar(n)) * matmul(ones, x, transposeA: true)
  let centred = x - matmul(ones, means)
  return matmul(centred, centred, transposeB: true).scalars.map { Double($0) }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
