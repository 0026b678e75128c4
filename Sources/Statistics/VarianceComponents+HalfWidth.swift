extension VarianceComponents {
  /// The half-width that an interval over S trainings and E episodes has on average.
  ///
  /// - Parameters:
  ///   - seeds: Trainings of each arm.
  ///   - episodes: Episodes that all trainings share.
  ///   - level: The chance that the interval misses the difference; for one of m simultaneous intervals 0.05/m.
  /// - Returns: The half-width, in the unit of the differences.
  /// - Precondition: there are at least two seeds and two episodes, and `0 < level < 1`.
  public func expectedHalfWidth(seeds: Int, episodes: Int, level: Double = 0.05) -> Double {
    precondition(0 < level && level < 1, "expectedHalfWidth: level \(level)")
    let bound = CrossedT(seeds: seeds, episodes: episodes).bound(level)
    return averaged(seeds: seeds, episodes: episodes) {
      bound.halfWidth(seedPart: $0, episodePart: $1)
    }
  }

  /// The smallest number of seeds whose interval is expected to be as narrow as ± a half-width.
  ///
  /// The components usually come from a pilot of few seeds, which know σ²_seed badly: with 3 seeds it is in truth 0.4 to
  /// 9.5 times the estimate in 80 % of cases. So this is an expectation to plan with, no promise.
  ///
  /// - Parameters:
  ///   - halfWidth: The half-width, in the unit of the differences.
  ///   - episodes: Episodes that all trainings share.
  ///   - level: The chance that the interval misses the difference; for one of m simultaneous intervals 0.05/m.
  /// - Returns: At least 2; nil if the episodes' own part is wider, which no number of seeds makes narrower, or if a
  ///   million seeds would not do.
  /// - Precondition: `halfWidth` is positive, there are at least two episodes, and `0 < level < 1`.
  public func seedsNeeded(toHalfWidth halfWidth: Double, episodes: Int, level: Double = 0.05) -> Int? {
    precondition(halfWidth > 0, "seedsNeeded: half-width \(halfWidth)")
    func isNarrow(_ seeds: Int) -> Bool {
      expectedHalfWidth(seeds: seeds, episodes: episodes, level: level) <= halfWidth
    }
    let least = -StudentT(degreesOfFreedom: Double(episodes - 1)).quantile(level / 2)
    guard least * episodePart(episodes: episodes).squareRoot() < halfWidth || isNarrow(2) else { return nil }
    var (low, high) = (1, 2)
    while !isNarrow(high) {
      guard high < 1_000_000 else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if isNarrow(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
