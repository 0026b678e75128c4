internal import Evaluation
internal import Randomness
internal import Results
internal import Statistics

/// All paired comparisons of a study: every arm with the reference, corrected together.
struct StudyComparisons {
  /// One quantity of both sides, `[seed][episode]`.
  private struct Pair {
    let a: String
    let b: String
    let metric: String
    let condition: Condition?
    let values: (a: [[Double]], b: [[Double]])
  }

  private var pairs: [Pair] = []

  /// Adds a quantity that both arms have for the same episodes.
  ///
  /// - Parameters:
  ///   - a: The arm.
  ///   - b: The reference.
  ///   - metric: What it is.
  ///   - condition: Under what; nil for the episodes as they are.
  ///   - values: `[seed][episode]` of each; trainings with the same seed are paired, or, where the arms share no
  ///     seed, trainings in their order.
  mutating func add(
    _ a: StudyArm, _ b: StudyArm, _ metric: String, under condition: Condition? = nil,
    _ values: (a: [[Double]], b: [[Double]])
  ) {
    let positions = a.pairs(with: b)
    pairs.append(
      Pair(
        a: a.label, b: b.label, metric: metric, condition: condition,
        values: (positions.map { values.a[$0.0] }, positions.map { values.b[$0.1] })))
  }

  /// The comparisons, p corrected over all of them (Holm).
  var results: [RunResult.Comparison] {
    let tests = pairs.map { SeededComparison($0.values.a, $0.values.b) }
    return zip(zip(pairs, tests), holm(tests.map(\.p))).map { item, p in
      let (pair, test) = item
      let interval = test.interval95 ?? test.meanDifference...test.meanDifference
      // The random sign patterns are the same for every comparison of so many episodes.
      var stream = RandomStream(seed: 0, purpose: "sign-flip", index: UInt64(test.episodes))
      return RunResult.Comparison(
        a: pair.a, b: pair.b, metric: pair.metric, condition: pair.condition,
        difference: test.meanDifference, ci95: [interval.lowerBound, interval.upperBound], p: p,
        pUncorrected: test.p, pSignFlip: test.signFlipP(using: &stream), episodes: test.episodes,
        seeds: test.seeds, episodeDeviation: Summary(test.differences).standardDeviation ?? 0,
        seedDeviation: test.seeds > 1 ? test.components.map { $0.seed.squareRoot() } : nil,
        episodesNeeded: test.episodesNeeded)
    }
  }
}
