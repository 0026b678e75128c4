internal import Foundation

/// Two arms compared on the same episodes by the paired t test.
///
/// With d = a − b per episode: the mean of d, its 95 % interval mean ± t₀.₉₇₅(n−1)·s/√n, and the two-sided p
/// value of no difference.
///
/// If all differences are equal, the test has no variance to work with; then the interval is the one number,
/// and p is 1 if that number is 0 and
/// 2^(1 − n) otherwise, as by the sign-flip test. With a single episode, or with values that are not finite,
/// nothing can be concluded: there is no interval and p is 1.
public struct PairedComparison: Equatable, Sendable {
  /// The number of episodes that both arms share.
  public let episodes: Int
  /// The mean of a − b, in the unit of the values.
  public let meanDifference: Double
  /// The 95 % confidence interval of the mean difference; nil where nothing can be concluded.
  public let interval95: ClosedRange<Double>?
  /// The two-sided p value of the paired t test, not corrected for several comparisons.
  public let p: Double
  /// The standard error of the mean difference; 0 if all differences are equal, nil where nothing can be concluded.
  private let standardError: Double?

  /// Compares two arms.
  ///
  /// - Parameters:
  ///   - a: One value per episode.
  ///   - b: The other arm's values for the same episodes in the same order.
  /// - Precondition: there are equally many values, and at least one.
  public init(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count, "PairedComparison: \(a.count) and \(b.count) episodes")
    self.init(differences: zip(a, b).map { $0 - $1 })
  }

  /// Tests differences a − b, one per episode.
  ///
  /// - Precondition: there is at least one difference.
  public init(differences: [Double]) {
    let summary = Summary(differences)
    episodes = summary.count
    meanDifference = summary.mean
    guard let standardError = summary.standardError else {
      (interval95, p, self.standardError) = (nil, 1, nil)
      return
    }
    // Compared one by one: rounding of the mean can leave a spread of 1e-17 where there is none.
    let first = differences[0]
    guard standardError > 0, differences.contains(where: { $0 != first }) else {
      interval95 = first...first
      self.standardError = 0
      // What the sign-flip test gives: that all signs agree has a chance of 2^(1 − n).
      p = first == 0 ? 1 : pow(2, Double(1 - episodes))
      return
    }
    self.standardError = standardError
    let distribution = StudentT(degreesOfFreedom: Double(episodes - 1))
    let halfWidth = distribution.quantile(0.975) * standardError
    interval95 = (meanDifference - halfWidth)...(meanDifference + halfWidth)
    p = distribution.twoSidedTail(meanDifference / standardError)
  }

  /// The confidence interval of the mean difference at a level, mean ± t·s/√n.
  ///
  /// - Parameter level: The chance that the interval misses the difference, both sides together.
  /// - Returns: nil where nothing can be concluded.
  /// - Precondition: `0 < level < 1`.
  public func interval(level: Double) -> ClosedRange<Double>? {
    precondition(0 < level && level < 1, "interval: level \(level)")
    guard let standardError, standardError > 0 else { return interval95 }
    // By the lower tail: 1 − level/2 would round to 1 for tiny levels.
    let halfWidth = -StudentT(degreesOfFreedom: Double(episodes - 1)).quantile(level / 2) * standardError
    return (meanDifference - halfWidth)...(meanDifference + halfWidth)
  }
}
