/// Two arms' accuracies as trainings and episodes make them: discrete, skewed, and with a known true difference.
///
/// Accuracies are multiples of one over the queries and crowd below 1, as those of easy data sets do. Arms and
/// trainings share how hard each episode is; the draws of single queries are what is left in a cell.
///
/// - Source: ours.
package struct AccuracyWorld: Sendable {
  /// Trainings of each arm.
  package var seeds: Int
  /// Episodes that all trainings share.
  package var episodes: Int
  /// How much better the first arm is, in the chance of a right answer.
  package var difference: Double
  /// Standard deviation between trainings of each arm, uniformly distributed.
  package var seedDeviation: Double
  /// Standard deviation of the arms' difference between episodes, uniformly distributed; half of it is of each arm.
  package var episodeDeviation: Double
  /// Queries per episode.
  package var queries: Int

  /// A world.
  package init(
    seeds: Int = 1, episodes: Int = 40, difference: Double = 0, seedDeviation: Double = 0,
    episodeDeviation: Double = 0, queries: Int = 75
  ) {
    self.seeds = seeds
    self.episodes = episodes
    self.difference = difference
    self.seedDeviation = seedDeviation
    self.episodeDeviation = episodeDeviation
    self.queries = queries
  }

  /// Draws `[S][E]` accuracies of two arms that meet the same episodes.
  package func draw(using generator: inout some RandomNumberGenerator) -> (a: [[Double]], b: [[Double]]) {
    // Bounded effects: while none leaves 0...1, the mean is exactly the shift.
    let width = 3.0.squareRoot()
    // Most episodes are easy and a few are hard; which are is the same for all.
    let ease = (0..<episodes).map { _ in
      let u = generator.unit()
      return 0.93 - 0.3 * u * u * u
    }
    let leaning = (0..<episodes).map { _ in
      episodeDeviation == 0 ? 0 : episodeDeviation * width * (generator.unit() - 0.5)
    }
    func arm(_ shift: Double, _ sign: Double) -> [[Double]] {
      (0..<seeds).map { _ in
        let level = shift + seedDeviation * width * (2 * generator.unit() - 1)
        return zip(ease, leaning).map { ease, leaning in
          let chance = ease + level + sign * leaning
          let right = (0..<queries).count { _ in generator.unit() < chance }
          return Double(right) / Double(queries)
        }
      }
    }
    let a = arm(difference / 2, 1)
    return (a, arm(-difference / 2, -1))
  }
}
