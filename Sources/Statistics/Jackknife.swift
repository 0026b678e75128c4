/// Values per episode for quantities that belong to the mean of all episodes.
public enum Jackknife {
  /// The pseudovalues E·θ − (E − 1)·θ₋ₑ of a quantity θ that depends on the means of several columns.
  ///
  /// For a mean they are the values themselves; for a smooth function of means their mean is θ up to its bias of order
  /// 1/E, and their spread gives its standard error. So they can be paired and tested like values.
  ///
  /// - Parameters:
  ///   - rows: `[E][K]`, one row per episode, for example its adaptation curve.
  ///   - statistic: The quantity, from K means; nil where it does not exist.
  /// - Returns: One value per episode; nil if the quantity does not exist with all episodes or without one of them.
  /// - Precondition: All rows are equally long, and there are at least two.
  /// - Complexity: O(E·K) and E + 1 calls of the statistic.
  /// - Source: Tukey 1958; Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 11.
  public static func pseudovalues(
    _ rows: [[Double]], _ statistic: (_ means: [Double]) -> Double?
  ) -> [Double]? {
    let (count, columns) = (Double(rows.count), rows.first?.count ?? 0)
    precondition(
      rows.count > 1 && rows.allSatisfy { $0.count == columns }, "Jackknife: \(rows.map(\.count)) values")
    let means = columnMeans(rows)
    guard let whole = statistic(means) else { return nil }
    var values: [Double] = []
    for row in rows {
      let others = zip(means, row).map { mean, value in (count * mean - value) / (count - 1) }
      guard let without = statistic(others) else { return nil }
      values.append(count * whole - (count - 1) * without)
    }
    return values
  }
}
