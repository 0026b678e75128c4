/// Values per episode for the mean of the worst tenth of all episodes.
public enum WorstDecile {
  /// How many of so many episodes are the worst tenth: E/10, rounded up.
  public static func size(of episodes: Int) -> Int { (episodes + 9) / 10 }

  /// One value per episode whose mean is that of the k lowest: q + min(x_e − q, 0)·E/k, q being the k-th lowest.
  ///
  /// Their spread gives its standard error to the first order in 1/E; what is above q counts as q. So they can be paired
  /// and tested like values.
  ///
  /// - Parameter values: One value per episode; the lowest are the worst.
  /// - Returns: One value per episode, in their order.
  /// - Precondition: There is a value.
  /// - Complexity: O(E·log E).
  /// - Source: Chen 2008, "Nonparametric estimation of expected shortfall" (its influence function).
  public static func values(_ values: [Double]) -> [Double] {
    precondition(!values.isEmpty, "WorstDecile: no values")
    let size = size(of: values.count)
    let bound = values.sorted()[size - 1]
    let weight = Double(values.count) / Double(size)
    return values.map { bound + min($0 - bound, 0) * weight }
  }
}
