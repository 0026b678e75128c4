/// Intervals for quantities without a formula, by resampling episodes with replacement.
public enum Bootstrap {
  /// The percentile interval of a quantity that depends on the means of several columns.
  ///
  /// - Parameters:
  ///   - rows: `[E][K]`, one row per episode, for example its adaptation curve.
  ///   - resamples: How many times E episodes are drawn.
  ///   - level: The chance that the interval misses the quantity, both sides together.
  ///   - generator: The source of the draws.
  ///   - statistic: The quantity, from the K means of the drawn rows; nil where it does not exist.
  /// - Returns: The two bounds; nil if the quantity does not exist in so many draws that a bound has no value. A draw
  ///   without a value counts as above all others.
  /// - Precondition: there is at least one row and one resample, all rows are equally long, and `0 < level < 1`.
  /// - Complexity: O(resamples·E·K).
  /// - Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.
  public static func interval<Value: Comparable>(
    _ rows: [[Double]], resamples: Int = 2000, level: Double = 0.05,
    using generator: inout some RandomNumberGenerator, _ statistic: (_ means: [Double]) -> Value?
  ) -> ClosedRange<Value>? {
    let columns = rows.first?.count ?? 0
    precondition(
      resamples > 0 && !rows.isEmpty && rows.allSatisfy { $0.count == columns } && 0 < level && level < 1,
      "Bootstrap.interval: \(resamples) resamples of \(rows.count) rows at \(level)")
    var values: [Value] = []
    for _ in 0..<resamples {
      var sums = [Double](repeating: 0, count: columns)
      for _ in rows.indices {
        // The high bits of a product: no bias beyond 2⁻⁶⁴, and no dependence on the standard library's version.
        let drawn = generator.next().multipliedFullWidth(by: UInt64(rows.count)).high
        let row = rows[Int(drawn)]
        for k in 0..<columns { sums[k] += row[k] }
      }
      if let value = statistic(sums.map { $0 / Double(rows.count) }) { values.append(value) }
    }
    values.sort()
    // The smallest interval of whole ranks that leaves out at most level/2 on each side.
    let low = Int((level / 2 * Double(resamples)).rounded(.down))
    let high = resamples - 1 - low
    guard high < values.count else { return nil }
    return values[low]...values[high]
  }
}
