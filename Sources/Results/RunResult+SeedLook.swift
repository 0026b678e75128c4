extension RunResult {
  /// What was found when an ablation asked whether it needs more seeds.
  package struct SeedLook: Codable, Hashable, Sendable {
    /// Seeds of every arm so far.
    package var seeds: Int
    /// Numbers of seeds at which it looks; the last is the limit.
    package var looks: [Int]
    /// The half-width that is wanted of every primary difference, as a share.
    package var wanted: Double
    /// The largest half-width that was found, at the level of this look.
    package var widest: Double
    /// Whether that is narrow enough.
    package var isNarrow: Bool
    /// The number of seeds of the next look; nil where it ends.
    package var next: Int?
    /// The number of seeds at which it is expected to end; nil if the limit is not expected to do.
    package var expected: Int?

    /// From its parts.
    package init(
      seeds: Int, looks: [Int], wanted: Double, widest: Double, isNarrow: Bool, next: Int?, expected: Int?
    ) {
      self.seeds = seeds
      self.looks = looks
      self.wanted = wanted
      self.widest = widest
      self.isNarrow = isNarrow
      self.next = next
      self.expected = expected
    }
  }
}
