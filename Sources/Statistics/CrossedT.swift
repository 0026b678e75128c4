internal import Foundation

/// The reference distribution of a mean whose error has a part from few trainings and a part from many episodes.
///
/// Its quantiles are those of Student's t with S − 1 and with E − 1 degrees of freedom, weighted by the two parts of
/// the squared standard error. Satterthwaite's degrees of freedom would be the usual choice; with 3 seeds they give
/// intervals that hold in 92 % of the cases where the seeds' part is the larger one, since they trust a variance of
/// two degrees of freedom too much, and these hold in 94 to 96 % for any ratio (see the tests). With two seeds these
/// still fall to 92 %.
///
/// - Source: Cochran and Cox 1957, "Experimental Designs", section 4.14, for two samples of unequal variance; that the
///   parts are components of a crossed design is ours.
struct CrossedT {
  /// Share of the trainings in the squared standard error.
  let seedShare: Double
  private let seeds: StudentT?
  private let episodes: StudentT

  /// - Precondition: there are at least two episodes, and the shares come from a positive standard error.
  init(_ components: VarianceComponents, seeds: Int, episodes: Int) {
    let part = components.seedPart(seeds: seeds)
    let other = components.episodePart(seeds: seeds, episodes: episodes)
    seedShare = seeds > 1 ? part / (part + other) : 0
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
    // is nearly a straight line, so the rule of false position (with Illinois' halving) is there in a few steps.
    var (low, high) = (log(max(many, .leastNormalMagnitude)), log(seeds.twoSidedTail(t)))
    guard low < high else { return many }
    var (above, below) = (critical(exp(low)) - abs(t), critical(exp(high)) - abs(t))
    var (p, lastWasAbove) = (low, Bool?.none)
    for _ in 0..<100 where above > 0 && below < 0 && high - low > 1e-13 * abs(low) {
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

  /// Satterthwaite's degrees of freedom of the squared standard error, for power.
  func degreesOfFreedom() -> Double {
    let rest = (1 - seedShare) * (1 - seedShare) / episodes.degreesOfFreedom
    guard let seeds else { return episodes.degreesOfFreedom }
    return 1 / (seedShare * seedShare / seeds.degreesOfFreedom + rest)
  }
}
