/// The permutation test for paired differences.
///
/// Were the signs of the differences a coin toss, how often would their mean be at least this far from 0? The
/// test assumes only that each difference is as likely to be d as −d when the arms are equal.
public enum SignFlipTest {
  /// The most differences for which all sign patterns are counted.
  public static let exactLimit = 20

  /// The exact two-sided p value, over all 2ⁿ sign patterns.
  ///
  /// - Parameter differences: a − b for each episode.
  /// - Returns: The share of patterns whose mean is at least as far from 0 as the observed one.
  /// - Precondition: there are between 1 and `exactLimit` differences.
  /// - Complexity: O(2ⁿ).
  public static func exactP(_ differences: [Double]) -> Double {
    let n = differences.count
    precondition(1 <= n && n <= exactLimit, "SignFlipTest.exactP: \(n) differences")
    let threshold = threshold(differences)
    var signed = differences.map { abs($0) }
    var sum = signed.reduce(0, +)
    var reached = abs(sum) >= threshold ? 1 : 0
    // In Gray code order each pattern differs from the one before by a single sign.
    for pattern in 1..<(1 << n) {
      let i = pattern.trailingZeroBitCount
      sum -= 2 * signed[i]
      signed[i] = -signed[i]
      if abs(sum) >= threshold { reached += 1 }
    }
    return Double(reached) / Double(1 << n)
  }

  /// The two-sided p value estimated from random sign patterns, (1 + reached)/(1 + resamples).
  ///
  /// - Parameters:
  ///   - differences: a − b for each episode.
  ///   - resamples: How many patterns are drawn.
  ///   - generator: Where the signs come from.
  /// - Returns: An estimate that is never 0 and keeps the level of the test.
  /// - Precondition: there is at least one difference and one resample.
  public static func p(
    _ differences: [Double], resamples: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    precondition(!differences.isEmpty && resamples > 0, "SignFlipTest.p: nothing to resample")
    let threshold = threshold(differences)
    var reached = 1
    for _ in 0..<resamples {
      var sum = 0.0
      var bits: UInt64 = 0
      for (i, difference) in differences.enumerated() {
        if i % 64 == 0 { bits = generator.next() }
        sum += bits & 1 == 0 ? difference : -difference
        bits >>= 1
      }
      if abs(sum) >= threshold { reached += 1 }
    }
    return Double(reached) / Double(resamples + 1)
  }

  /// |Σd| less a hair: patterns that tie with the observed one must not be lost to rounding.
  private static func threshold(_ differences: [Double]) -> Double {
    abs(differences.reduce(0, +)) - 1e-12 * differences.reduce(0) { $0 + abs($1) }
  }
}
