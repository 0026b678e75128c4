/// How ``SeededComparison`` fares with accuracies that are discrete and skewed, whose true difference is known.
package struct SimulatedAccuracies: Equatable, Sendable {
  /// How often the world was drawn.
  package let trials: Int
  /// The corrections m.
  package let comparisons: [Int]
  /// For each m, the share of cases with p < 0.05/m: the size of the test where the difference is 0, else its power.
  package let found: [Double]
  /// The share of 95 % intervals that hold.
  package let coverage: Double
  /// The share that would hold if only the episodes counted.
  package let coverageOfEpisodesAlone: Double
  /// The mean of the half-widths of the 95 % intervals over those of the episodes alone.
  package let widening: Double

  /// Draws a world many times.
  ///
  /// - Parameters:
  ///   - world: The world, of at least two episodes.
  ///   - comparisons: The corrections m.
  ///   - trials: How often; a share s has the standard error √(s(1 − s)/trials).
  ///   - generator: The source of the draws.
  /// - Complexity: O(trials·S·E·queries).
  package init(
    of world: AccuracyWorld, comparisons: [Int] = [1], trials: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(trials > 0 && world.episodes > 1, "SimulatedAccuracies: \(trials) trials")
    var found = comparisons.map { _ in 0 }
    var (held, heldAlone, widths) = (0, 0, 0.0)
    for _ in 0..<trials {
      let (a, b) = world.draw(using: &generator)
      let comparison = SeededComparison(a, b)
      let alone = PairedComparison(differences: comparison.differences)
      for (i, m) in comparisons.enumerated() where comparison.p < 0.05 / Double(m) { found[i] += 1 }
      guard let interval = comparison.interval95, let narrow = alone.interval95 else { continue }
      if interval.contains(world.difference) { held += 1 }
      if narrow.contains(world.difference) { heldAlone += 1 }
      let width = narrow.upperBound - narrow.lowerBound
      widths += width > 0 ? (interval.upperBound - interval.lowerBound) / width : 1
    }
    self.trials = trials
    self.comparisons = comparisons
    self.found = found.map { Double($0) / Double(trials) }
    coverage = Double(held) / Double(trials)
    coverageOfEpisodesAlone = Double(heldAlone) / Double(trials)
    widening = widths / Double(trials)
  }
}
