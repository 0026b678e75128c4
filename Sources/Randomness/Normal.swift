import Foundation

extension RandomStream {
  /// A standard normal number.
  ///
  /// Uses the platform's `log` and `cos`, whose last bit may differ between C libraries: use it for initial
  /// weights, not for anything promised to be the same bytes everywhere.
  ///
  /// - Source: Box and Muller 1958.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
