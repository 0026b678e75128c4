package import Networks
internal import Settings

extension Grid {
  private static let key = "seed"

  /// Where the seeds stand among the axes; nil where the grid varies none, or other things with them.
  private var seedAxis: Int? {
    axes.firstIndex { axis in axis.points.allSatisfy { $0.count == 1 && $0[0].key == Self.key } }
  }

  /// The seeds of the grid, in its order; nil where it varies none.
  private var seeds: [UInt64]? {
    seedAxis.map { axes[$0].points.compactMap { UInt64($0[0].text) } }
  }

  /// The number of seeds that the grid varies.
  ///
  /// - Throws: ``ConfigurationError`` if they are too few to see how much trainings differ.
  package func pilotSeeds() throws(ConfigurationError) -> Int {
    guard let seeds, seeds.count > 1 else {
      throw ConfigurationError(
        field: "seed", value: (seeds ?? []).map { "\($0)" }.joined(separator: ", "),
        reason: "the first seeds show how much trainings differ, so --until needs two or more under grid",
        remedy: "Write seed: [0, 1, 2] there")
    }
    return seeds.count
  }

  /// The same grid with more seeds: those after the largest.
  ///
  /// - Parameter count: How many seeds in all.
  /// - Returns: This grid where it has so many already, or varies none.
  package func withSeeds(_ count: Int) -> Grid {
    guard let seedAxis, let seeds, let last = seeds.max(), count > seeds.count else { return self }
    var axes = axes
    let more = (1...UInt64(count - seeds.count)).map { [Setting(Self.key, "\(last &+ $0)")] }
    axes[seedAxis] = Axis(key: axes[seedAxis].key, points: axes[seedAxis].points + more)
    return Grid(base: base, axes: axes, evaluation: evaluation)
  }
}
