internal import Evaluation
internal import Randomness
internal import Results
internal import Statistics

/// All paired comparisons of a study: every arm with its reference and, where there is one, with the arm that adapts
/// only its head.
///
/// The primary ones are few and named before anything is measured, see ``PrimaryQuestion``: they have a correction of
/// their own. All others are corrected together.
struct StudyComparisons {
  /// One quantity of both sides, `[seed][episode]`.
  private struct Pair {
    let a: String
    let b: String
    let metric: String
    let isPrimary: Bool
    let condition: Condition?
    let reach: [Reach]?
    let values: (a: [[Double]], b: [[Double]])
  }

  /// The chance of a false finding among the comparisons of a kind.
  private static let level = 0.05

  private var pairs: [Pair] = []
  /// When more seeds are wanted; nil where the seeds are what they are.
  private let seedPlan: SeedPlan?

  init(seedPlan: SeedPlan? = nil) { self.seedPlan = seedPlan }

  /// Adds a quantity that both arms have for the same episodes.
  ///
  /// - Parameters:
  ///   - a: The arm.
  ///   - b: The arm it is compared with.
  ///   - metric: The name of the quantity.
  ///   - condition: The condition; nil for the episodes as they are.
  ///   - reach: What it costs both to get to their common accuracy, where the quantity is about that.
  ///   - values: `[seed][episode]` of each; trainings with the same seed are paired, or, where the arms share no
  ///     seed, trainings in their order.
  mutating func add(
    _ a: StudyArm, _ b: StudyArm, _ metric: String, under condition: Condition? = nil,
    reach: [Reach]? = nil, _ values: (a: [[Double]], b: [[Double]])
  ) {
    let positions = a.pairs(with: b)
    pairs.append(
      Pair(
        a: a.label, b: b.label, metric: metric,
        isPrimary: PrimaryQuestion.allCases.contains { $0.asks(metric, under: condition) },
        condition: condition, reach: reach,
        values: (positions.map { values.a[$0.0] }, positions.map { values.b[$0.1] })))
  }

  /// The comparisons, the primary ones first, p corrected and intervals simultaneous over those of a kind; and whether
  /// more seeds are wanted.
  var conclusions: (all: [RunResult.Comparison], look: RunResult.SeedLook?) {
    let look = look
    // Every look spends some of the level, also for what is secondary and where trainings are missing.
    let level = seedPlan.map { $0.level(atSeeds: look?.seeds ?? $0.looks[0]) } ?? Self.level
    let all =
      results(of: pairs.filter(\.isPrimary), level) + results(of: pairs.filter { !$0.isPrimary }, level)
    return (all, look)
  }

  /// Whether the primary differences are known well enough; nil without a plan, or where trainings are missing.
  private var look: RunResult.SeedLook? {
    let primary = pairs.filter(\.isPrimary)
    // Steps have another unit than the wanted half-width.
    let tests = primary.filter { $0.metric != SpeedMeasures.Metric.common.rawValue }
      .map { SeededComparison($0.values.a, $0.values.b) }
    return seedPlan?.look(at: tests, among: primary.count)
  }

  private func results(of family: [Pair], _ level: Double) -> [RunResult.Comparison] {
    let tests = family.map { SeededComparison($0.values.a, $0.values.b) }
    let intervals = simultaneousIntervals(tests, level: level)
    // At a level below 5 % a value that reaches it is shown as 5 %.
    let corrected = holm(tests.map(\.p)).map { min(1, $0 * Self.level / level) }
    return family.indices.map { i in
      let (pair, test) = (family[i], tests[i])
      func ends(_ interval: ClosedRange<Double>?) -> [Double] {
        [interval?.lowerBound ?? test.meanDifference, interval?.upperBound ?? test.meanDifference]
      }
      // The random sign patterns are the same for every comparison of so many episodes.
      var stream = RandomStream(seed: 0, purpose: "sign-flip", index: UInt64(test.episodes))
      return RunResult.Comparison(
        a: pair.a, b: pair.b, metric: pair.metric, primary: pair.isPrimary, condition: pair.condition,
        difference: test.meanDifference, ci95: ends(test.interval95), ci95Simultaneous: ends(intervals[i]),
        family: family.count, p: corrected[i],
        pUncorrected: test.p, pSignFlip: test.signFlipP(using: &stream), episodes: test.episodes,
        seeds: test.seeds, episodeDeviation: Summary(test.differences).standardDeviation ?? 0,
        seedDeviation: test.seeds > 1 ? test.components.map { $0.seed.squareRoot() } : nil,
        episodesNeeded: test.episodesNeeded, reach: pair.reach)
    }
  }
}
