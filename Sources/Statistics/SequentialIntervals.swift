/// Simultaneous intervals of a family of comparisons that gets more seeds until all of them are narrow.
///
/// The family is looked at with S₁ < S₂ < … < S_K seeds, a plan that is fixed beforehand. At each look every comparison
/// gets an interval; if all are at most ± a half-width wide, no more seeds are trained, and at the limit S_K anyway.
/// Stopping where an interval happens to be narrow makes intervals miss more often: at 5 % each they missed in up to
/// 9 % of simulated cases. So the level is spent over the looks: half of it on the limit, which most plans reach, and
/// the other half in equal shares on the looks before. The chance that any interval of any look misses is at most the
/// sum, so those of the look where it ends hold as well, whatever made it end.
///
/// The rule looks at widths only. It does not stop because a difference is significant.
///
/// - Source: The bound is Bonferroni's, as in Dunn 1961; how the level is spent is ours.
public struct SequentialIntervals: Equatable, Sendable {
  /// The numbers of seeds at which the family is looked at, in ascending order; the last is the limit.
  public let looks: [Int]
  /// How many comparisons the family has, m.
  public let comparisons: Int
  /// The half-width that every interval should have at most, in the unit of the differences.
  public let halfWidth: Double
  /// The chance that any interval misses at the look where it ends.
  public let level: Double

  /// A plan with given looks.
  ///
  /// - Precondition: the looks ascend from at least 2, there is at least one comparison, the half-width is positive, and
  ///   `0 < level < 1`.
  public init(looks: [Int], comparisons: Int, halfWidth: Double, level: Double = 0.05) {
    precondition(
      looks.first.map { $0 >= 2 } == true && zip(looks, looks.dropFirst()).allSatisfy { $0 < $1 },
      "SequentialIntervals: looks at \(looks) seeds")
    precondition(
      comparisons > 0 && halfWidth > 0 && 0 < level && level < 1,
      "SequentialIntervals: \(comparisons) comparisons to ±\(halfWidth) at \(level)")
    self.looks = looks
    self.comparisons = comparisons
    self.halfWidth = halfWidth
    self.level = level
  }

  /// A plan that looks first at some seeds, then after each few more, and at the limit.
  ///
  /// - Precondition: `2 <= first <= limit`, `step` is positive; likewise as for given looks.
  public init(
    first: Int = 3, step: Int = 2, limit: Int, comparisons: Int, halfWidth: Double, level: Double = 0.05
  ) {
    precondition(
      2 <= first && first <= limit && step > 0,
      "SequentialIntervals: from \(first) seeds to \(limit) in steps of \(step)")
    self.init(
      looks: Array(stride(from: first, to: limit, by: step)) + [limit], comparisons: comparisons,
      halfWidth: halfWidth, level: level)
  }

  /// The chance that the intervals of one look miss, all comparisons together.
  ///
  /// - Precondition: `seeds` is one of the looks.
  public func level(atSeeds seeds: Int) -> Double {
    precondition(looks.contains(seeds), "SequentialIntervals: no look at \(seeds) seeds among \(looks)")
    if looks.count == 1 { return level }
    return seeds == looks[looks.count - 1] ? level / 2 : level / 2 / Double(looks.count - 1)
  }

  /// What one look found.
  public struct Look: Equatable, Sendable {
    /// Trainings of each arm so far.
    public let seeds: Int
    /// The simultaneous interval of each comparison; nil where nothing can be concluded.
    public let intervals: [ClosedRange<Double>?]
    /// Whether all intervals are as narrow as wanted.
    public let isNarrow: Bool
    /// The number of seeds of the next look; nil where it ends, narrow or at the limit.
    public let next: Int?
    /// The number of seeds at which it is expected to end, from what is known so far; nil if the limit will not do.
    public let expectedSeeds: Int?
  }

  /// Looks at the family.
  ///
  /// - Parameter family: All comparisons, each over the same number of seeds, one of the looks.
  /// - Returns: Intervals at the level of this look, and whether to go on.
  /// - Precondition: there are as many comparisons as planned, and their seeds are those of one look.
  public func look(at family: [SeededComparison]) -> Look {
    let seeds = family.first?.seeds ?? 0
    precondition(
      family.count == comparisons && family.allSatisfy { $0.seeds == seeds },
      "SequentialIntervals: \(family.map(\.seeds)) seeds for \(comparisons) comparisons")
    let intervals = simultaneousIntervals(family, level: level(atSeeds: seeds))
    let isNarrow = intervals.allSatisfy { interval in
      interval.map { $0.upperBound - $0.lowerBound <= 2 * halfWidth } ?? false
    }
    return Look(
      seeds: seeds, intervals: intervals, isNarrow: isNarrow,
      next: isNarrow ? nil : looks.first { $0 > seeds },
      expectedSeeds: isNarrow ? seeds : expectedSeeds(from: family, atLeast: seeds + 1))
  }

  /// The number of seeds at which the plan is expected to end, from a pilot.
  ///
  /// It is the first look, of those with more seeds than the pilot or as many, at which every interval is expected to be
  /// narrow if the variances are as in the pilot. A pilot of few seeds knows them badly; see
  /// ``VarianceComponents/seedsNeeded(toHalfWidth:episodes:level:)``, which also tells how many it takes without limit.
  ///
  /// - Parameter pilot: The comparisons over the seeds so far, at least two.
  /// - Returns: nil if the intervals are expected to be wider even at the limit, or if a variance is not known.
  public func expectedSeeds(from pilot: [SeededComparison]) -> Int? {
    expectedSeeds(from: pilot, atLeast: pilot.map(\.seeds).max() ?? 0)
  }

  private func expectedSeeds(from pilot: [SeededComparison], atLeast least: Int) -> Int? {
    guard pilot.allSatisfy({ $0.seeds > 1 && $0.components != nil }) else { return nil }
    return looks.first { seeds in
      guard seeds >= least else { return false }
      return pilot.allSatisfy { item in
        guard let components = item.components else { return false }
        let level = level(atSeeds: seeds) / Double(comparisons)
        return components.expectedHalfWidth(seeds: seeds, episodes: item.episodes, level: level) <= halfWidth
      }
    }
  }
}
