package import Evaluation

extension RunResult {
  /// Two arms on identical episodes.
  package struct Comparison: Codable, Hashable, Sendable {
    /// The name of the arm.
    package var a: String
    /// The arm it is compared with: its reference, or for an increment the arm that adapts only its head.
    package var b: String
    /// What is compared: `accuracy`, `accuracy_after_1_step`, `area_under_curve`, `mean_steps_of_gain`,
    /// `steps_to_common_accuracy`, `increment`, or `accuracy` and `relative_drop` under a condition.
    package var metric: String
    /// Whether it is one of those named before anything was measured; nil where an earlier version wrote it.
    package var primary: Bool?
    /// Under which condition; nil for the episodes as they are.
    package var condition: Condition?
    /// The mean of a − b, in the unit of the metric.
    package var difference: Double
    /// 95 % interval of the mean difference, by itself.
    package var ci95: [Double]
    /// The interval that holds together with those of all others that are primary, or of all that are not (Bonferroni);
    /// nil where an earlier version wrote it.
    package var ci95Simultaneous: [Double]?
    /// How many comparisons the correction is over; nil likewise.
    package var family: Int?
    /// Two-sided p of the paired t test, corrected over the same (Holm).
    package var p: Double
    /// The same before the correction.
    package var pUncorrected: Double
    /// Two-sided p of the sign-flip permutation test over episodes only, for these trainings, not corrected.
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
    /// What it costs both arms to get to their common accuracy; nil for other metrics.
    package var reach: [Reach]?

    /// From its parts.
    package init(
      a: String, b: String, metric: String, primary: Bool? = nil, condition: Condition? = nil,
      difference: Double, ci95: [Double], ci95Simultaneous: [Double]? = nil, family: Int? = nil,
      p: Double, pUncorrected: Double, pSignFlip: Double, episodes: Int, seeds: Int, episodeDeviation: Double,
      seedDeviation: Double? = nil, episodesNeeded: Int? = nil, reach: [Reach]? = nil
    ) {
      self.a = a
      self.b = b
      self.metric = metric
      self.primary = primary
      self.condition = condition
      self.difference = difference
      self.ci95 = ci95
      self.ci95Simultaneous = ci95Simultaneous
      self.family = family
      self.p = p
      self.pUncorrected = pUncorrected
      self.pSignFlip = pSignFlip
      self.episodes = episodes
      self.seeds = seeds
      self.episodeDeviation = episodeDeviation
      self.seedDeviation = seedDeviation
      self.episodesNeeded = episodesNeeded
      self.reach = reach
    }
  }
}
