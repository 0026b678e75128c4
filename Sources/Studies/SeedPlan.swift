internal import Results
internal import Statistics

/// How many seeds an ablation trains: more, until every primary difference is known to a given width.
///
/// The rule looks at widths only and spends the level over its looks; see `SequentialIntervals`.
package struct SeedPlan: Sendable, Hashable {
  /// Numbers of seeds at which it looks, ascending; the last is the limit.
  package let looks: [Int]
  /// The half-width that is wanted, as a share.
  package let halfWidth: Double

  /// Looks at the seeds of a pilot, then after every two more, up to a limit.
  ///
  /// - Parameters:
  ///   - pilot: Seeds that are trained anyway, at least 2.
  ///   - limit: The most seeds, not below the pilot's.
  ///   - halfWidth: The half-width that is wanted, as a share.
  package init(pilot: Int, limit: Int, halfWidth: Double) {
    let plan = SequentialIntervals(
      first: pilot, step: 2, limit: limit, comparisons: 1, halfWidth: halfWidth)
    looks = plan.looks
    self.halfWidth = halfWidth
  }

  /// What its result depends on, as a fact.
  var fact: String { "±\(halfWidth) at \(looks.map(String.init).joined(separator: ", ")) seeds" }

  /// The chance that any primary interval misses at one look.
  func level(atSeeds seeds: Int) -> Double {
    SequentialIntervals(looks: looks, comparisons: 1, halfWidth: halfWidth).level(atSeeds: seeds)
  }

  /// Looks at the primary differences that are shares.
  ///
  /// - Parameters:
  ///   - tests: Those differences.
  ///   - count: How many primary comparisons there are in all: the level is shared with those in other units.
  /// - Returns: nil where their seeds are not those of a look, since trainings failed.
  func look(at tests: [SeededComparison], among count: Int) -> RunResult.SeedLook? {
    guard let seeds = tests.first?.seeds, looks.contains(seeds), tests.allSatisfy({ $0.seeds == seeds })
    else {
      return nil
    }
    let plan = SequentialIntervals(
      looks: looks, comparisons: tests.count, halfWidth: halfWidth,
      level: 0.05 * Double(tests.count) / Double(count))
    let look = plan.look(at: tests)
    // Seeds make the part of the episodes no narrower.
    let isHopeless = tests.contains { test in
      test.components?.seedsNeeded(
        toHalfWidth: halfWidth, episodes: test.episodes, level: 0.05 / Double(count)) == nil
    }
    let widest = look.intervals.map { $0.map { ($0.upperBound - $0.lowerBound) / 2 } ?? .infinity }.max()
    return RunResult.SeedLook(
      seeds: seeds, looks: looks, wanted: halfWidth, widest: widest ?? .infinity, isNarrow: look.isNarrow,
      next: isHopeless ? nil : look.next, expected: look.expectedSeeds)
  }
}
