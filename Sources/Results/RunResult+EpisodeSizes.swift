extension RunResult {
  /// The least, the mean and the largest of some counts.
  package struct Spread: Codable, Hashable, Sendable {
    /// The least.
    package var fewest: Int
    /// The mean.
    package var mean: Double
    /// The largest.
    package var most: Int

    /// From its parts.
    package init(fewest: Int, mean: Double, most: Int) {
      (self.fewest, self.mean, self.most) = (fewest, mean, most)
    }
  }

  /// How large test episodes are, where they vary.
  package struct EpisodeSizes: Codable, Hashable, Sendable {
    /// How they were drawn, in words.
    package var rule: String
    /// Classes of an episode.
    package var ways: Spread
    /// Support images of an episode.
    package var support: Spread
    /// Support images of a class.
    package var supportOfClass: Spread
    /// Query images of an episode.
    package var query: Spread
    /// The accuracy of a guess: the mean of one over the classes of an episode.
    package var chance: Double

    /// From its parts.
    package init(
      rule: String, ways: Spread, support: Spread, supportOfClass: Spread, query: Spread, chance: Double
    ) {
      (self.rule, self.ways, self.support) = (rule, ways, support)
      (self.supportOfClass, self.query, self.chance) = (supportOfClass, query, chance)
    }
  }

  /// The accuracy of a guess in a test episode.
  package var chance: Double { sizes?.chance ?? 1 / Double(ways) }

  /// The shape of a test episode in words: `5-way 1-shot`, or how it varies.
  package var shapeWords: String { sizes?.rule ?? "\(ways)-way \(shots.map { "\($0)" } ?? "variable")-shot" }
}
