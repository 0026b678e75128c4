internal import Foundation

/// The reference distribution of a mean whose error has a part from few trainings and a part from many episodes.
///
/// Its quantiles are those of Student's t with S − 1 and with E − 1 degrees of freedom, weighted by the two parts of
/// the squared standard error. Satterthwaite's degrees of freedom would be the usual choice, but they trust a variance
/// of two degrees of freedom too much: with 3 seeds such intervals held in 92 % of simulated cases where the seeds'
/// part was the larger. With 3 seeds or more these held in 94.5 to 97.5 % whatever the ratio of the variances, with 2
/// in 93.5 to 98 %; a part of the simulation is in the tests.
///
/// - Source: Cochran and Cox 1957, "Experimental Designs", section 4.14, for two samples of unequal variance; that the
///   parts are those of a crossed design is ours.
struct CrossedT {
  /// Share of the trainings in the squared standard error.
  let seedShare: Double
  private let seeds: StudentT?
  private let episodes: StudentT

  /// The distribution for two parts of a squared standard error.
  ///
  /// - Precondition: there are at least two episodes, and the parts are not both 0.
  init(seedPart: Double, episodePart: Double, seeds: Int, episodes: Int) {
    seedShare = seeds > 1 ? seedPart / (seedPart + episodePart) : 0
    self.seeds = seeds > 1 ? StudentT(degreesOfFreedom: Double(seeds - 1)) : nil
    self.episodes = StudentT(degreesOfFreedom: Double(episodes - 1))
  }

  /// The value beyond which a share `p` lies, on both sides together.
  func critical(_ p: Double) -> Double {
    // By the lower tail: 1 − p/2 would round to 1 for tiny p.
    let many = -episodes.quantile(p / 2)
    guard let seeds, seedShare > 0 else { return many }
    return -seedShare * seeds.quantile(p / 2) + (1 - seedShare) * many
  }

  /// The share whose critical value is |t|: the p value that agrees with the intervals.
  func twoSidedTail(_ t: Double) -> Double {
    let many = episodes.twoSidedTail(t)
    guard let seeds, seedShare > 0, t.isFinite, t != 0 else { return many }
    // The answer lies between the two tails. Logarithms keep the digits of tiny values, and in them the critical value
    // is nearly a straight line, so the rule of false position (with Illinois' halving) finds it in a few steps.
    var (low, high) = (log(max(many, .leastNormalMagnitude)), log(seeds.twoSidedTail(t)))
    guard low < high else { return many }
    var (above, below) = (critical(exp(low)) - abs(t), critical(exp(high)) - abs(t))
    // Where only one of the two parts counts, an end is the answer.
    guard above > 0 else { return exp(low) }
    guard below < 0 else { return exp(high) }
    var (p, lastWasAbove) = (low, Bool?.none)
    for _ in 0..<100 where high - low > 1e-13 * abs(low) {
      p = (low * below - high * above) / (below - above)
      let excess = critical(exp(p)) - abs(t)
      if abs(excess) <= 1e-13 * abs(t) { break }
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
