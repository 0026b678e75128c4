/// The summary F of least Σ (weight of F − wanted)², by conjugate gradients on the normal equations.
///
/// Evenly spaced, every number of the summary stands alone in these equations and the answer is the mean of what is
/// wanted of it; interpolated, neighbours are coupled.
///
/// - Parameters:
///   - weights: How each number of the kernel comes from the summary.
///   - length: L.
///   - wanted: The kernel's numbers in the same order.
/// - Returns: L numbers; 0 for those that no filter uses.
/// - Source: Hestenes and Stiefel 1952, scaled by the diagonal.
func leastSquares(_ weights: [SummaryWeight], length: Int, to wanted: [Double]) -> [Double] {
  func pulled(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: length)
    for (weight, value) in zip(weights, values) {
      result[weight.index] += (1 - weight.fraction) * value
      if weight.fraction != 0 { result[weight.index + 1] += weight.fraction * value }
    }
    return result
  }
  func applied(_ summary: [Double]) -> [Double] {
    weights.map { weight in
      let here = (1 - weight.fraction) * summary[weight.index]
      return weight.fraction == 0 ? here : here + weight.fraction * summary[weight.index + 1]
    }
  }
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  var diagonal = [Double](repeating: 0, count: length)
  for weight in weights {
    diagonal[weight.index] += (1 - weight.fraction) * (1 - weight.fraction)
    if weight.fraction != 0 { diagonal[weight.index + 1] += weight.fraction * weight.fraction }
  }
  func scaled(_ r: [Double]) -> [Double] { zip(r, diagonal).map { $1 > 0 ? $0 / $1 : 0 } }

  var x = [Double](repeating: 0, count: length)
  var residual = pulled(wanted)
  var direction = scaled(residual)
  var size = dot(residual, direction)
  let target = 1e-24 * size
  for _ in 0..<200 where size > target {
    let image = applied(direction)
    let step = size / dot(image, image)
    let change = pulled(image)
    for i in 0..<length {
      x[i] += step * direction[i]
      residual[i] -= step * change[i]
    }
    let next = scaled(residual)
    let nextSize = dot(residual, next)
    for i in 0..<length { direction[i] = next[i] + nextSize / size * direction[i] }
    size = nextSize
  }
  return x
}
