/// The inverse of a small symmetric positive definite matrix, in 64 bits whatever the scalars are.
///
/// A matrix has as many rows as a task has support images, so clarity comes before blocking, and the same loop runs on
/// every processor: its bytes do not hang on a library's version.
package enum CholeskyInverse {
  /// Writes A⁻¹ = L⁻ᵀ·L⁻¹, where A = L·Lᵀ.
  ///
  /// - Parameters:
  ///   - matrix: A, `[n, n]`; its lower triangle is read.
  ///   - out: `[n, n]`; NaN everywhere if A is not positive definite, or not finite.
  ///   - n: Its extent.
  package static func invert(_ matrix: Source, into out: Target, size n: Int) {
    guard let lower = factor(matrix, n) else {
      out.initialize(repeating: .nan, count: n * n)
      return
    }
    let inverse = inverted(lower, n)
    for i in 0..<n {
      for j in 0...i {
        var sum = 0.0
        for k in i..<n { sum += inverse[k * n + i] * inverse[k * n + j] }
        (out + (i * n + j)).initialize(to: Scalar(sum))
        if i != j { (out + (j * n + i)).initialize(to: Scalar(sum)) }
      }
    }
  }

  /// L, row after row; nil if a pivot is not above zero.
  private static func factor(_ matrix: Source, _ n: Int) -> [Double]? {
    var lower = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = Double(matrix[i * n + j])
        for k in 0..<j { sum -= lower[i * n + k] * lower[j * n + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          lower[i * n + i] = sum.squareRoot()
        } else {
          lower[i * n + j] = sum / lower[j * n + j]
        }
      }
    }
    return lower
  }

  /// L⁻¹, which is lower triangular too.
  private static func inverted(_ lower: [Double], _ n: Int) -> [Double] {
    var inverse = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      inverse[j * n + j] = 1 / lower[j * n + j]
      for i in j + 1..<max(n, j + 1) {
        var sum = 0.0
        for k in j..<i { sum -= lower[i * n + k] * inverse[k * n + j] }
        inverse[i * n + j] = sum / lower[i * n + i]
      }
    }
    return inverse
  }
}
