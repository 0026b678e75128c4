import Foundation

/// Student's t distribution: tails, density and quantiles in double precision.
///
/// - Source: NIST Digital Library of Mathematical Functions, 8.17, for the incomplete beta function behind the tails.
public struct StudentT: Equatable, Sendable {
  /// The degrees of freedom ν; they need not be whole.
  public let degreesOfFreedom: Double

  /// The distribution with ν degrees of freedom.
  ///
  /// - Precondition: `degreesOfFreedom` is positive and finite.
  public init(degreesOfFreedom: Double) {
    precondition(
      degreesOfFreedom > 0 && degreesOfFreedom.isFinite,
      "StudentT: \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value further from 0 than `t`, on either side.
  ///
  /// P(|T| > |t|) = I_{ν/(ν+t²)}(ν/2, 1/2), precise also where it is tiny.
  public func twoSidedTail(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    if t.isInfinite { return 0 }
    let ν = degreesOfFreedom
    let ratio = t * t / ν
    if ratio.isInfinite { return 0 }
    return regularisedIncompleteBeta(x: 1 / (1 + ratio), y: ratio / (1 + ratio), a: ν / 2, b: 0.5)
  }

  /// The probability P(T ≤ t).
  public func cumulative(_ t: Double) -> Double {
    let half = twoSidedTail(t) / 2
    return t > 0 ? 1 - half : half
  }

  /// The probability density at `t`: Γ((ν+1)/2) / (Γ(ν/2)·√(νπ)) · (1 + t²/ν)^(−(ν+1)/2).
  public func density(_ t: Double) -> Double {
    let ν = degreesOfFreedom
    let logConstant = logGamma((ν + 1) / 2) - logGamma(ν / 2) - 0.5 * log(ν * .pi)
    return exp(logConstant - (ν + 1) / 2 * log1p(t * t / ν))
  }

  /// The value below which a share `p` of the distribution lies.
  ///
  /// Newton's method, kept inside a shrinking bracket: on the logarithm of the tail over that of t, which is nearly a
  /// straight line where the tail is heavy, and on the tail itself near the middle.
  ///
  /// - Precondition: `0 < p < 1`.
  public func quantile(_ p: Double) -> Double {
    precondition(0 < p && p < 1, "quantile: p is \(p)")
    if p == 0.5 { return 0 }
    let tail = 2 * min(p, 1 - p)
    var low = 0.0
    var high = Double.infinity
    var t = 1.0
    for _ in 0..<1000 {
      let value = twoSidedTail(t)
      if value > tail { low = t } else { high = t }
      let slope = 2 * density(t)
      let newton = value > 0.5 ? t + (value - tail) / slope : t * exp(log(value / tail) * value / (slope * t))
      // Far out a light tail would be overshot by a lot, and without bound.
      let middle = high < .infinity ? (low + high) / 2 : 8 * t
      let next = low < newton && newton < min(high, 8 * t) ? newton : middle
      defer { t = next }
      // The error after a step of Newton's is of the order of the step squared; further digits are rounding.
      if abs(next - t) <= 1e-13 * next { break }
    }
    return p < 0.5 ? -t : t
  }
}
