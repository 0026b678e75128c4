/// How often the test of ``SeededComparison`` finds a difference where there is none, at the levels of corrections.
///
/// What is not found is covered: the size at level α is the share of intervals at that level that miss.
package struct SimulatedSize: Equatable, Sendable {
  /// The world.
  package let world: GaussianWorld
  /// How many comparisons the level is corrected for, m.
  package let comparisons: Int
  /// The level α/m that the test claims.
  package let nominal: Double
  /// The share of cases in which it finds a difference.
  package let size: Double
  /// The standard error of that share.
  package let sizeError: Double
  /// The mean half-width of the interval, in true standard errors of the mean difference.
  package let halfWidth: Double

  /// Size over level: 1 is exact, below 1 is conservative.
  package var ratio: Double { size / nominal }
  /// The standard error of the ratio.
  package var ratioError: Double { sizeError / nominal }
  /// The share of intervals that hold.
  package var coverage: Double { 1 - size }
}

extension SimulatedSize {
  /// Simulates sizes with normal effects.
  ///
  /// For each draw of the mean squares the chance to find a difference is known, and it is this that is averaged. So a
  /// million draws tell a size of 0.05/300 to a few percent.
  ///
  /// - Parameters:
  ///   - worlds: Worlds of at least two seeds each.
  ///   - comparisons: The corrections m; each gives a row.
  ///   - level: The level α before the correction.
  ///   - draws: How often each world is drawn.
  ///   - generator: The source of the draws.
  /// - Returns: One row per world and m, worlds first.
  /// - Complexity: O(draws) for each row.
  package static func table(
    of worlds: [GaussianWorld], comparisons: [Int] = [1, 30, 300], level: Double = 0.05, draws: Int,
    using generator: inout some RandomNumberGenerator
  ) -> [SimulatedSize] {
    precondition(draws > 1, "SimulatedSize: \(draws) draws")
    return worlds.flatMap { world in
      let reference = CrossedT(seeds: world.seeds, episodes: world.episodes)
      let bounds = comparisons.map { reference.bound(level / Double($0)) }
      var (sums, squares) = (comparisons.map { _ in 0.0 }, comparisons.map { _ in 0.0 })
      var widths = sums
      for _ in 0..<draws {
        let drawn = world.drawComponents(using: &generator)
        let (seedPart, episodePart) = (
          drawn.seedPart(seeds: world.seeds, episodes: world.episodes),
          drawn.episodePart(episodes: world.episodes)
        )
        for (i, bound) in bounds.enumerated() {
          let halfWidth = bound.halfWidth(seedPart: seedPart, episodePart: episodePart)
          let missed = world.missed(by: halfWidth)
          sums[i] += missed
          squares[i] += missed * missed
          widths[i] += halfWidth
        }
      }
      let n = Double(draws)
      let error = world.components.standardError(seeds: world.seeds, episodes: world.episodes)
      return comparisons.indices.map { i in
        let size = sums[i] / n
        return SimulatedSize(
          world: world, comparisons: comparisons[i], nominal: level / Double(comparisons[i]), size: size,
          sizeError: (max(0, squares[i] / n - size * size) / (n - 1)).squareRoot(),
          halfWidth: widths[i] / n / error)
      }
    }
  }
}
