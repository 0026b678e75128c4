import Foundation

/// The regularised incomplete beta function I_x(a, b).
///
/// - Parameters:
///   - x: In `[0, 1]`.
///   - y: `1 − x`, given apart because it may be known more precisely than `x` tells.
///   - a: Positive.
///   - b: Positive.
/// - Returns: A probability; the logarithms of Γ cancel, which costs digits as `a` grows beyond 1e6.
/// - Complexity: O(√max(a, b)) terms.
/// - Source: NIST Digital Library of Mathematical Functions, 8.17.4 and 8.17.22.
func regularisedIncompleteBeta(x: Double, y: Double, a: Double, b: Double) -> Double {
  if x <= 0 { return 0 }
  if y <= 0 { return 1 }
  // The fraction converges quickly on this side of the mean; the other side is its mirror image.
  if x > (a + 1) / (a + b + 2) { return 1 - regularisedIncompleteBeta(x: y, y: x, a: b, b: a) }
  let logX = y < 0.5 ? log1p(-y) : log(x)
  let logY = x < 0.5 ? log1p(-x) : log(y)
  let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  return exp(a * logX + b * logY - logBeta) / (a * continuedFraction(x: x, a: a, b: b))
}

/// 1 + d₁/(1 + d₂/(1 + ...)) by the modified Lentz method.
private func continuedFraction(x: Double, a: Double, b: Double) -> Double {
  let tiny = 1e-300
  var value = 1.0
  var numerator = 1.0
  var denominator = 0.0
  for k in 1...100_000 {
    let m = Double(k / 2)
    let d =
      k % 2 == 0
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    denominator = 1 + d * denominator
    if abs(denominator) < tiny { denominator = tiny }
    denominator = 1 / denominator
    numerator = 1 + d / numerator
    if abs(numerator) < tiny { numerator = tiny }
    value *= numerator * denominator
    if abs(numerator * denominator - 1) < 1e-16 { break }
  }
  return value
}

/// log Γ(x) for positive x.
func logGamma(_ x: Double) -> Double { lgamma(x).0 }
