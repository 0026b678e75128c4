public import MetaLearning
internal import Networks
internal import Statistics

/// How an arm does when only a part of what it adapts takes its steps, beside how it does with all of it.
public struct Attribution: Codable, Hashable, Sendable {
  /// The paired difference to `all`, on the same tasks.
  public struct Difference: Codable, Hashable, Sendable {
    /// Accuracy of the part less that of all, a share.
    public var mean: Double
    /// Its 95 % interval: two numbers.
    public var ci95: [Double]
    /// Two-sided p, not corrected for other parts.
    public var p: Double

    /// From its parts.
    public init(mean: Double, ci95: [Double], p: Double) {
      self.mean = mean
      self.ci95 = ci95
      self.p = p
    }
  }

  /// The part: `all`, `none`, `head`, `body`, `only:ROLE`, `without:ROLE`, a role perhaps with a layer as in `atoms@3`.
  public var adapted: String
  /// How many numbers of the network it is, in the first training.
  public var numbers: Int
  /// How many tasks.
  public var episodes: Int
  /// Query accuracy after the trained steps, with its 95 % interval over tasks.
  public var accuracy: Estimate
  /// The difference to `all`; nil for `all` itself.
  public var difference: Difference?

  /// From its parts.
  public init(
    adapted: String, numbers: Int, episodes: Int, accuracy: Estimate, difference: Difference? = nil
  ) {
    self.adapted = adapted
    self.numbers = numbers
    self.episodes = episodes
    self.accuracy = accuracy
    self.difference = difference
  }

  /// The rows of an arm.
  ///
  /// - Parameters:
  ///   - trainings: The arm's candidates, one per seed.
  ///   - parts: The parts, `all` among them.
  ///   - scores: `[training][part][task]`.
  /// - Returns: One row for each part; with several trainings, of each task's mean over them, and the intervals of
  ///   differences cover other trainings too.
  public static func rows(
    _ trainings: [Candidate], _ parts: [AdaptedPart], _ scores: [[[TaskScore]]]
  ) -> [Attribution] {
    guard let learner = trainings.first?.learner, let whole = parts.firstIndex(of: .all) else { return [] }
    func accuracies(_ part: Int) -> [[Double]] { scores.map { $0[part].map(\.accuracy) } }
    let all = accuracies(whole)
    return parts.enumerated().map { i, part in
      let own = accuracies(i)
      let mean = columnMeans(own)
      let numbers = learner.positions(of: part).reduce(0) {
        $0 + learner.innerLoop.adapted[$1].count(in: learner.layout)
      }
      let test = i == whole ? nil : SeededComparison(own, all)
      return Attribution(
        adapted: part.description, numbers: numbers, episodes: mean.count, accuracy: Estimate(mean),
        difference: test.map { test in
          let interval = test.interval95 ?? test.meanDifference...test.meanDifference
          return Difference(
            mean: test.meanDifference, ci95: [interval.lowerBound, interval.upperBound], p: test.p)
        })
    }
  }
}
