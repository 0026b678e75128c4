package import Evaluation

extension RunResult {
  /// Two arms on identical episodes.
  package struct Comparison: Codable, Hashable, Sendable {
    /// The name of the arm.
    package var a: String
    /// The arm it is compared with, its reference: the same in all comparisons of an arm.
    package var b: String
    /// What is compared: `accuracy`, `accuracy_after_1_step`, `area_under_curve`, `mean_steps_of_gain`, or `accuracy` and
    /// `relative_drop` under a condition.
    package var metric: String
    /// Under which condition; nil for the episodes as they are.
    package var condition: Condition?
    /// The mean of a − b, in the unit of the metric.
    package var difference: Double
    /// 95 % interval of the mean difference.
    package var ci95: [Double]
    /// Two-sided p of the paired t test, corrected over the comparisons of this report (Holm).
    package var p: Double
    /// The same before the correction.
    package var pUncorrected: Double
    /// Two-sided p of the sign-flip permutation test, not corrected.
    package var pSignFlip: Double
    /// The number of test episodes.
    package var episodes: Int
    /// Trainings of each side; with several, the interval covers them too.
    package var seeds: Int
    /// Standard deviation of the difference between episodes.
    package var episodeDeviation: Double
    /// Standard deviation of the difference between seeds; nil with one seed.
    package var seedDeviation: Double?
    /// Episodes that would show a difference of this size at 5 % with a power of 80 %; nil if none would.
    package var episodesNeeded: Int?

    /// From its parts.
    package init(
      a: String, b: String, metric: String, condition: Condition? = nil, difference: Double, ci95: [Double],
      p: Double, pUncorrected: Double, pSignFlip: Double, episodes: Int, seeds: Int, episodeDeviation: Double,
      seedDeviation: Double? = nil, episodesNeeded: Int? = nil
    ) {
      self.a = a
      self.b = b
      self.metric = metric
      self.condition = condition
      self.difference = difference
      self.ci95 = ci95
      self.p = p
      self.pUncorrected = pUncorrected
      self.pSignFlip = pSignFlip
      self.episodes = episodes
      self.seeds = seeds
      self.episodeDeviation = episodeDeviation
      self.seedDeviation = seedDeviation
      self.episodesNeeded = episodesNeeded
    }
  }
}
