/// Confidence intervals that all hold at once, by Bonferroni's correction.
///
/// Each of the m intervals is one at level/m: the chance that any of them misses its difference is at most the level,
/// whatever the dependence of the comparisons. They belong beside p values corrected with ``holm(_:)``. An interval
/// without 0 has a corrected p below the level. The reverse holds for the smallest p only: Holm's steps find a little
/// more than Bonferroni's intervals show.
///
/// - Parameters:
///   - comparisons: All comparisons of the family, also those that are not shown.
///   - level: The chance that any of the intervals misses.
/// - Returns: One interval per comparison, in the order given; nil where nothing can be concluded.
/// - Precondition: `0 < level < 1`.
/// - Source: Dunn 1961, "Multiple comparisons among means".
public func simultaneousIntervals(
  _ comparisons: [SeededComparison], level: Double = 0.05
) -> [ClosedRange<Double>?] {
  comparisons.map { $0.interval(level: level / Double(comparisons.count)) }
}
