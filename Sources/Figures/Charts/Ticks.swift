import Foundation

/// Round numbers along an axis, a multiple of 1, 2 or 5 times a power of ten apart.
package struct Ticks: Equatable {
  /// The numbers, rising.
  package let values: [Double]
  /// How many decimals tell neighbours apart; negative for steps of 10 and more.
  package let decimals: Int

  /// Ticks that start at or below `low` and end at or above `high`.
  ///
  /// The smallest round step with at most eight ticks is taken. The next smaller one has at least eight
  /// intervals, two of which may stick out, so it spans more than six steps, and at most 2.5 of it make one of
  /// ours: at least three ticks remain.
  ///
  /// - Parameters:
  ///   - low: The lower end of the range.
  ///   - high: The upper end of the range.
  ///   - slack: How far, in steps, the range may reach beyond the first and the last tick.
  /// - Returns: Three to eight ticks.
  package static func covering(_ low: Double, _ high: Double, slack: Double = 0) -> Ticks {
    let (low, high) = widened(min(low, high), max(low, high))
    var exponent = Int(log10((high - low) / 8).rounded(.down))
    while true {
      for mantissa in [1.0, 2.0, 5.0] {
        let first = (inSteps(low, mantissa, exponent) + slack + 1e-9).rounded(.down)
        let last = (inSteps(high, mantissa, exponent) - slack - 1e-9).rounded(.up)
        guard last - first <= 7 else { continue }
        let values = stride(from: first, through: last, by: 1).map { value($0 * mantissa, exponent) }
        return Ticks(values: values, decimals: -exponent)
      }
      exponent += 1
    }
  }

  /// Given tick positions, in order and without those that are not finite.
  package init(at positions: [Double]) {
    values = Set(positions.filter(\.isDrawable)).sorted()
    var decimals = 0
    while decimals < 6, values.contains(where: { !Self.isWhole($0 * pow(10, Double(decimals))) }) {
      decimals += 1
    }
    self.decimals = decimals
  }

  /// Ticks within a positive range for a logarithmic axis: 1, 2 and 5 times powers of ten, or powers only.
  ///
  /// - Precondition: the range is positive.
  package static func logarithmic(_ range: ClosedRange<Double>) -> [Double] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    let slack = 1 + 1e-9
    let within = range.lowerBound / slack...range.upperBound * slack
    for mantissas in [[1.0, 2, 5], [1, 3], [1]] {
      let all = (first...last).flatMap { exponent in mantissas.map { value($0, exponent) } }
      let shown = all.filter(within.contains)
      if (2...9).contains(shown.count) { return shown }
    }
    // So narrow that no round number, or so wide that too many powers lie within.
    let powers = (first...last).map { value(1, $0) }.filter(within.contains)
    guard powers.count > 9 else { return [range.lowerBound, range.upperBound] }
    let step = (powers.count + 7) / 8
    return stride(from: 0, to: powers.count, by: step).map { powers[$0] }
  }

  private init(values: [Double], decimals: Int) {
    self.values = values
    self.decimals = decimals
  }

  private static func isWhole(_ x: Double) -> Bool { abs(x - x.rounded()) <= 1e-9 * max(1, abs(x)) }

  /// A range wide enough to tell its ends apart.
  private static func widened(_ low: Double, _ high: Double) -> (Double, Double) {
    let size = max(abs(low), abs(high))
    if high - low > 1e-9 * size, high - low > 1e-150 { return (low, high) }
    let margin = size > 1e-140 ? size / 10 : 1
    return (low - margin, high + margin)
  }

  private static func inSteps(_ x: Double, _ mantissa: Double, _ exponent: Int) -> Double {
    (exponent < 0 ? x * pow(10, Double(-exponent)) : x / pow(10, Double(exponent))) / mantissa
  }

  // Dividing by a power of ten, which is exact up to 10²², gives the double nearest to the decimal number.
  private static func value(_ whole: Double, _ exponent: Int) -> Double {
    exponent < 0 ? whole / pow(10, Double(-exponent)) : whole * pow(10, Double(exponent))
  }
}

extension Double {
  /// Finite and far enough from overflow that an axis can hold it.
  var isDrawable: Bool { abs(self) < 1e150 }
}
