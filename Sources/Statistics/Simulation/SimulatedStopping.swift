/// How a plan of ``SequentialIntervals`` ends in a world whose differences are known.
package struct SimulatedStopping: Equatable, Sendable {
  /// How often the plan was carried out.
  package let trials: Int
  /// The share in which all intervals of the last look held.
  package let coverage: Double
  /// The mean number of seeds at the end.
  package let meanSeeds: Double
  /// The share that ended with narrow intervals, before the limit or at it.
  package let narrow: Double
  /// The mean number of seeds expected after the first look, the limit where it was not expected to do.
  package let meanExpectedSeeds: Double

  /// The standard error of the coverage.
  package var coverageError: Double { (coverage * (1 - coverage) / Double(trials)).squareRoot() }

  /// Carries out a plan many times, with tables of normal effects, independent from comparison to comparison.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - world: The variances and the number of episodes; its number of seeds is not used.
  ///   - trials: How often.
  ///   - generator: The source of the draws.
  /// - Complexity: O(trials·m·S_K·E).
  package init(
    of plan: SequentialIntervals, in world: GaussianWorld, trials: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(trials > 0, "SimulatedStopping: no trials")
    var world = world
    world.seeds = plan.looks[plan.looks.count - 1]
    var (held, seeds, narrow, expected) = (0, 0, 0, 0)
    for _ in 0..<trials {
      // The tables are drawn in full, so that the draws of a trial do not depend on when it ends.
      let tables = (0..<plan.comparisons).map { _ in world.draw(using: &generator) }
      for look in plan.looks {
        let found = plan.look(at: tables.map { SeededComparison(differences: Array($0.prefix(look))) })
        if look == plan.looks[0] { expected += found.expectedSeeds ?? world.seeds }
        guard found.next == nil else { continue }
        if found.intervals.allSatisfy({ $0?.contains(0) == true }) { held += 1 }
        if found.isNarrow { narrow += 1 }
        seeds += look
        break
      }
    }
    self.trials = trials
    coverage = Double(held) / Double(trials)
    meanSeeds = Double(seeds) / Double(trials)
    self.narrow = Double(narrow) / Double(trials)
    meanExpectedSeeds = Double(expected) / Double(trials)
  }
}
