internal import Foundation

/// The reference distribution of a mean whose error has a part from few trainings and a part from many episodes.
///
/// At level α the mean may be off by √(t²_{S−1}·A + t²_{E−1}·B): A and B are the two parts of the squared standard
/// error, and each t leaves α outside, on both sides together. That keeps the level α, whatever α and the ratio of the
/// parts: the chance that a normal error exceeds √u is convex in u, and u is here the weighted mean, by the true shares
/// of the parts, of what it would be with trainings alone and with episodes alone, where that chance is α. A part that
/// is estimated too large only widens the interval.
///
/// The same t weighted without squares (Cochran and Cox 1957) holds near 5 % only: at 0.05/300 it was of 12 times its
/// size with two trainings and of 4 times with three. Satterthwaite's degrees of freedom trust a variance of few degrees
/// of freedom even more.
///
/// - Source: Banerjee 1960, "Approximate confidence interval for linear functions of means of k populations when the
///   population variances are not equal", Sankhyā 22; that the parts are those of a crossed design is ours.
struct CrossedT {
  private let few: StudentT
  private let many: StudentT

  /// The distribution for so many trainings and episodes.
  ///
  /// With more trainings than episodes the episodes' t counts for both, since what is left in a cell stands in the part
  /// of the trainings.
  ///
  /// - Precondition: there are at least two of each.
  init(seeds: Int, episodes: Int) {
    precondition(seeds > 1 && episodes > 1, "CrossedT: \(seeds) trainings and \(episodes) episodes")
    few = StudentT(degreesOfFreedom: Double(min(seeds, episodes) - 1))
    many = StudentT(degreesOfFreedom: Double(episodes - 1))
  }

  /// How far off a mean may be at one level.
  struct Bound {
    /// t², of the trainings.
    let few: Double
    /// t², of the episodes.
    let many: Double

    /// √(t²_{S−1}·A + t²_{E−1}·B).
    func halfWidth(seedPart: Double, episodePart: Double) -> Double {
      (few * seedPart + many * episodePart).squareRoot()
    }
  }

  /// The bound that is exceeded with a chance of at most `level`, on both sides together.
  ///
  /// - Precondition: `0 < level <= 1`.
  func bound(_ level: Double) -> Bound {
    // By the lower tail: 1 − level/2 would round to 1 for tiny levels.
    let (few, many) = (few.quantile(level / 2), many.quantile(level / 2))
    return Bound(few: few * few, many: many * many)
  }

  /// The level at which the bound is |difference|: the p value that agrees with the intervals.
  ///
  /// - Precondition: the parts are not both 0.
  func twoSidedTail(_ difference: Double, seedPart: Double, episodePart: Double) -> Double {
    let t = abs(difference) / (seedPart + episodePart).squareRoot()
    // Where only one of the two parts counts, its tail is the answer.
    guard seedPart > 0 else { return many.twoSidedTail(t) }
    guard episodePart > 0, t.isFinite, t != 0 else { return few.twoSidedTail(t) }
    func excess(_ logP: Double) -> Double {
      bound(exp(logP)).halfWidth(seedPart: seedPart, episodePart: episodePart) - abs(difference)
    }
    // The answer lies between the two tails. Logarithms keep the digits of tiny values, and in them the bound is nearly a
    // straight line, so the rule of false position (with Illinois' halving) finds it in a few steps.
    var (low, high) = (
      log(max(many.twoSidedTail(t), .leastNormalMagnitude)),
      log(max(few.twoSidedTail(t), .leastNormalMagnitude))
    )
    guard low < high else { return exp(high) }
    var (above, below) = (excess(low), excess(high))
    guard above > 0 else { return exp(low) }
    guard below < 0 else { return exp(high) }
    var (p, lastWasAbove) = (low, Bool?.none)
    for _ in 0..<100 where high - low > 1e-13 * abs(low) {
      p = (low * below - high * above) / (below - above)
      let excess = excess(p)
      if abs(excess) <= 1e-13 * abs(difference) { break }
      if excess > 0 {
        (low, above) = (p, excess)
        if lastWasAbove == true { below /= 2 }
      } else {
        (high, below) = (p, excess)
        if lastWasAbove == false { above /= 2 }
      }
      lastWasAbove = excess > 0
    }
    return exp(p)
  }
}
