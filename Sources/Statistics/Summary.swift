/// Mean and spread of one quantity over episodes.
public struct Summary: Equatable, Sendable {
  /// The number of values n.
  public let count: Int
  /// The arithmetic mean, in the unit of the values.
  public let mean: Double
  /// The standard deviation with `count − 1`, in the same unit; nil for a single value or a mean that is not finite.
  public let standardDeviation: Double?

  /// The summary of values, one per episode.
  ///
  /// - Parameter values: The values in any order.
  /// - Precondition: there is at least one value.
  /// - Complexity: O(count), two passes.
  public init(_ values: some Collection<Double>) {
    precondition(!values.isEmpty, "Summary: no values")
    count = values.count
    let mean = values.reduce(0, +) / Double(count)
    self.mean = mean
    guard count > 1, mean.isFinite else {
      standardDeviation = nil
      return
    }
    // The mean is taken off first: Σx² − n·mean² would lose all digits of a small spread.
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = (squares / Double(count - 1)).squareRoot()
  }

  /// The standard error of the mean, s/√n; nil where there is no standard deviation.
  public var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }

  /// Half the width of the 95 % confidence interval of the mean by the normal distribution, 1.96·s/√n; nil where there
  /// is no standard deviation.
  public var halfWidth95: Double? { standardError.map { 1.96 * $0 } }
}

/// The mean of each column of equally long rows: of measures by training and episode, each episode's mean.
///
/// - Parameter rows: The rows.
/// - Returns: One mean per column; empty without rows.
/// - Precondition: The rows are equally long.
public func columnMeans(_ rows: [[Double]]) -> [Double] {
  guard rows.count > 1 else { return rows.first ?? [] }
  return rows[0].indices.map { k in rows.reduce(0) { $0 + $1[k] } / Double(rows.count) }
}
