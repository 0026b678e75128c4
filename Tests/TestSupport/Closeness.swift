public import Tensors

/// ‖a − b‖ / ‖b‖, or ‖a − b‖ where b is zero.
///
/// - Parameters:
///   - a: What was computed.
///   - b: What was expected.
///   - floor: The least size to compare with, for sums that may cancel: a sum of n products of standard normals
///     has size √n however small its value happens to be.
/// - Returns: The error, infinite if the counts differ.
public func relativeError(_ a: [Scalar], _ b: [Scalar], floor: Scalar = 0) -> Scalar {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).reduce(Scalar(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let size = b.reduce(Scalar(0)) { $0 + $1 * $1 }
  let scale = max(size.squareRoot(), floor)
  return scale > 0 ? difference.squareRoot() / scale : difference.squareRoot()
}

/// Rounding of sums of a few hundred terms, relative, for the scalar type in use.
public let roundingTolerance: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-12 : 2e-5
