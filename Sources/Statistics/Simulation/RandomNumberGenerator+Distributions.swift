internal import Foundation

/// Numbers for simulations, from any source of random bits.
extension RandomNumberGenerator {
  /// A number in `[0, 1)` with 53 random bits.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number.
  ///
  /// - Source: Box and Muller 1958.
  mutating func gaussian() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }

  /// A number from the χ² distribution over its degrees of freedom: the estimate of a variance of 1.
  ///
  /// - Precondition: `degreesOfFreedom` is positive.
  /// - Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
  mutating func meanSquare(degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0, "meanSquare: \(degreesOfFreedom) degrees of freedom")
    if degreesOfFreedom == 1 {
      let x = gaussian()
      return x * x
    }
    let shape = Double(degreesOfFreedom) / 2
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = gaussian()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(1 - unit()) < x * x / 2 + d - d * v + d * log(v) { return d * v / shape }
    }
  }
}
