import Foundation
import Statistics
import Testing

@Suite("Student's t distribution")
struct StudentTTests {
  static let points: [Double] = [-1e6, -30, -3.5, -1, -0.2, -1e-9, 0, 1e-4, 0.7, 1, 2.3, 12, 400]

  @Test("with one degree of freedom it is Cauchy's", arguments: points)
  func cauchy(t: Double) {
    // F(t) = 1/2 + arctan(t)/π; in the tail arctan(−1/t)/π keeps its digits.
    let expected = t < -1 ? atan(-1 / t) / .pi : 0.5 + atan(t) / .pi
    #expect(abs(StudentT(degreesOfFreedom: 1).cumulative(t) - expected) <= 1e-12 * expected + 1e-16)
  }

  @Test("with two degrees of freedom it has a closed form", arguments: points)
  func two(t: Double) {
    // P(|T| > |t|) = 1 − |t|/√(2+t²) = 2/(√(2+t²)(√(2+t²)+|t|))
    let root = (2 + t * t).squareRoot()
    let tail = 2 / (root * (root + abs(t)))
    #expect(abs(StudentT(degreesOfFreedom: 2).twoSidedTail(t) - tail) <= 1e-12 * tail)
  }

  // Computed with 30 digits as I_{ν/(ν+t²)}(ν/2, 1/2)/2 in mpmath.
  @Test(
    "probabilities agree with 30-digit arithmetic",
    arguments: [
      (2, 5, 0.9490302605850708), (-1.5, 3, 0.1152919326224115), (0.25, 10, 0.596175897131693),
      (2.5, 29, 0.990837327830787), (1.96, 599, 0.9747704979135423), (-4, 7, 0.002594956674648406),
      (1, 2.5, 0.7979694863608633), (6, 99999, 0.9999999990100352),
    ])
  func tabulated(t: Double, degreesOfFreedom: Double, expected: Double) {
    let actual = StudentT(degreesOfFreedom: degreesOfFreedom).cumulative(t)
    #expect(abs(actual - expected) < 1e-11)
  }

  // The usual table of critical values, to 16 digits by root finding in mpmath.
  @Test(
    "quantiles agree with the usual table",
    arguments: [
      (0.975, 3, 3.18244630528371), (0.975, 5, 2.570581835636316), (0.975, 10, 2.228138851986275),
      (0.975, 29, 2.045229642132704), (0.975, 599, 1.963932248945279), (0.995, 4, 4.604094871349993),
      (0.9, 1000, 1.282398721460924), (0.001, 7, -4.785289628638334),
    ])
  func quantiles(p: Double, degreesOfFreedom: Double, expected: Double) {
    #expect(abs(StudentT(degreesOfFreedom: degreesOfFreedom).quantile(p) - expected) < 1e-9)
  }

  @Test("a quantile undoes the distribution function", arguments: [0.3, 1, 2, 4.5, 30, 600, 1e5])
  func inverse(degreesOfFreedom: Double) {
    let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    for p in [1e-40, 1e-12, 1e-4, 0.01, 0.3, 0.499999, 0.5, 0.8, 0.975, 0.9999] {
      #expect(abs(distribution.cumulative(distribution.quantile(p)) - p) <= 1e-9 * p)
    }
  }

  @Test("a quantile is found where hardly anything is left", arguments: [3, 30, 600, 1e5])
  func farQuantiles(degreesOfFreedom: Double) {
    let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    for p in [1e-300, 1e-200, 1e-100] {
      #expect(abs(distribution.cumulative(distribution.quantile(p)) - p) <= 1e-7 * p)
    }
  }

  @Test("the limits are exact")
  func limits() {
    let distribution = StudentT(degreesOfFreedom: 8)
    #expect(distribution.twoSidedTail(0) == 1)
    #expect(distribution.twoSidedTail(.infinity) == 0)
    #expect(distribution.cumulative(-.infinity) == 0)
    #expect(distribution.twoSidedTail(1e200) == 0)
    #expect(distribution.twoSidedTail(.nan).isNaN)
  }
}
