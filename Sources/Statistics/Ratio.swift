/// Values per episode for the ratio of two sums over episodes, such as right answers over answers.
public enum Ratio {
  /// One value per episode whose mean is θ = ΣA/ΣN: θ + (A_e − θ·N_e)/N̄.
  ///
  /// Their spread gives the standard error of θ where episodes count unequally, to the first order in 1/E. Where all N_e
  /// are equal they are A_e/N_e. So they can be averaged, paired and tested like values.
  ///
  /// - Parameters:
  ///   - numerators: A_e.
  ///   - denominators: N_e, not negative.
  /// - Returns: One value per episode, in their order.
  /// - Precondition: There are equally many of both, and the sum of the denominators is positive.
  /// - Source: Cochran 1977, "Sampling Techniques", section 2.11 (the linearised ratio).
  public static func values(_ numerators: [Double], over denominators: [Double]) -> [Double] {
    let total = denominators.reduce(0, +)
    precondition(
      numerators.count == denominators.count && total > 0,
      "Ratio: \(numerators.count) numerators over a sum of \(total)")
    let ratio = numerators.reduce(0, +) / total
    let mean = total / Double(denominators.count)
    return zip(numerators, denominators).map { ratio + ($0 - ratio * $1) / mean }
  }
}
