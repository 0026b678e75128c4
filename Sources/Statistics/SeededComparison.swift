/// Two arms compared on the same episodes, each trained with several seeds.
///
/// With d[s][e] = a[s][e] − b[s][e]: the mean of d, its 95 % interval and the two-sided p value of no difference, with
/// the variance between trainings kept apart from that between episodes.
///
/// The squared standard error is σ²_seed/S + σ²_episode/E + σ²_rest/(S·E) with the components of ``VarianceComponents``,
/// none of which is negative. So it is at least that of the episodes alone and at least that of the trainings alone,
/// however well the few means of the trainings happen to agree, and so is p. The critical values are those of Student's t
/// with S − 1 and with E − 1 degrees of freedom, combined so that the level holds for every ratio of the parts and in
/// the far tail, where corrections for many comparisons look. The price: without differences between trainings the
/// interval is wider than it need be.
///
/// What the numbers cover:
/// - with one seed, exactly ``PairedComparison``: other episodes, for these two trained networks and no others;
/// - with several, other episodes and other trainings. The interval then cannot shrink below what the seeds leave open,
///   however many episodes there are.
///
/// Row s of a and row s of b must come from trainings with the same seed: they saw the same training episodes in the
/// same order, so what that order does to both goes away in the difference. Rows that share nothing may be paired too;
/// the interval is right then as well, only wider.
public struct SeededComparison: Equatable, Sendable {
  /// Trainings of each arm, S.
  public let seeds: Int
  /// Episodes that all trainings share, E.
  public let episodes: Int
  /// The mean of a − b.
  public let meanDifference: Double
  /// The standard error of the mean difference; nil where one episode gives none.
  public let standardError: Double?
  /// The 95 % confidence interval of the mean difference, not corrected for several comparisons; nil likewise.
  public let interval95: ClosedRange<Double>?
  /// The two-sided p value, not corrected for several comparisons.
  public let p: Double
  /// Where the variance comes from; nil where one episode cannot tell, or where values are not finite.
  public let components: VarianceComponents?
  /// The difference of each episode, mean over the seeds.
  public let differences: [Double]
  /// Whether trainings and episodes both count; otherwise this is the plain paired comparison.
  private let isCrossed: Bool

  /// Compares two arms.
  ///
  /// - Parameters:
  ///   - a: `[S][E]`, one row per training, one value per episode.
  ///   - b: The other arm's, in the same orders.
  /// - Precondition: both are of the same extents, with at least one value.
  public init(_ a: [[Double]], _ b: [[Double]]) {
    precondition(
      a.map(\.count) == b.map(\.count), "SeededComparison: \(a.map(\.count)) and \(b.map(\.count)) values")
    self.init(differences: zip(a, b).map { zip($0, $1).map { $0 - $1 } })
  }

  /// Tests differences that were already taken, `[S][E]`.
  ///
  /// - Precondition: the rows are equally long, with at least one value.
  public init(differences table: [[Double]]) {
    precondition(!table.isEmpty, "SeededComparison: no trainings")
    seeds = table.count
    episodes = table[0].count
    differences = columnMeans(table)
    let simple = PairedComparison(differences: differences)
    meanDifference = simple.meanDifference
    guard simple.interval95 != nil else {
      (standardError, interval95, p, components, isCrossed) = (nil, nil, 1, nil, false)
      return
    }
    let components = VarianceComponents(table)
    self.components = components
    let error = components.standardError(seeds: seeds, episodes: episodes)
    standardError = error
    // One seed is the plain test, and so is a table without any spread.
    let first = table[0][0]
    isCrossed = seeds > 1 && error > 0 && table.contains { $0.contains { $0 != first } }
    guard isCrossed else {
      interval95 = simple.interval95
      p = simple.p
      return
    }
    let (seedPart, episodePart) = (
      components.seedPart(seeds: seeds, episodes: episodes), components.episodePart(episodes: episodes)
    )
    let reference = CrossedT(seeds: seeds, episodes: episodes)
    let halfWidth = reference.bound(0.05).halfWidth(seedPart: seedPart, episodePart: episodePart)
    interval95 = (meanDifference - halfWidth)...(meanDifference + halfWidth)
    p = reference.twoSidedTail(meanDifference, seedPart: seedPart, episodePart: episodePart)
  }

  /// The confidence interval of the mean difference at a level.
  ///
  /// - Parameter level: The chance that the interval misses the difference, both sides together. At the level ``p`` one
  ///   of the bounds is 0. For several comparisons at once, see ``simultaneousIntervals(_:level:)``.
  /// - Returns: nil where one episode or values that are not finite allow none.
  /// - Precondition: `0 < level < 1`.
  public func interval(level: Double) -> ClosedRange<Double>? {
    guard isCrossed, let components else {
      return PairedComparison(differences: differences).interval(level: level)
    }
    precondition(0 < level && level < 1, "interval: level \(level)")
    let halfWidth = CrossedT(seeds: seeds, episodes: episodes).bound(level).halfWidth(
      seedPart: components.seedPart(seeds: seeds, episodes: episodes),
      episodePart: components.episodePart(episodes: episodes))
    return (meanDifference - halfWidth)...(meanDifference + halfWidth)
  }

  /// Episodes with which a repetition would find a difference of this size, at 5 % with a power of 80 %.
  ///
  /// nil if no number of them would, or if the spread is not known; see ``Power``.
  public var episodesNeeded: Int? {
    components.flatMap { Power($0, seeds: seeds).episodesNeeded(toFind: meanDifference) }
  }

  /// The chance that a repetition with as many episodes and seeds finds a true difference, at 5 %.
  ///
  /// - Parameter difference: The true difference, for example the smallest that would matter.
  /// - Returns: nil if the spread is not known.
  public func power(toFind difference: Double) -> Double? {
    components.map { Power($0, seeds: seeds).ofFinding(difference, episodes: episodes) }
  }

  /// The two-sided p of the sign-flip permutation test over the episodes' mean differences.
  ///
  /// Exact up to ``SignFlipTest/exactLimit`` episodes. It covers other episodes only, for these trained networks: with
  /// several seeds too, since S trainings allow no smaller p than 2^(1 − S) if whole trainings are flipped.
  ///
  /// - Parameters:
  ///   - resamples: Sign patterns drawn where there are too many to count.
  ///   - generator: Where the signs come from.
  /// - Returns: The p value, not corrected for several comparisons.
  /// - Precondition: `resamples` is positive.
  public func signFlipP(resamples: Int = 10_000, using generator: inout some RandomNumberGenerator) -> Double
  {
    guard differences.allSatisfy(\.isFinite) else { return 1 }
    return episodes <= SignFlipTest.exactLimit
      ? SignFlipTest.exactP(differences)
      : SignFlipTest.p(differences, resamples: resamples, using: &generator)
  }
}
