internal import Episodes
internal import Results
internal import Statistics

extension RunResult.EpisodeSizes {
  /// The sizes of some episodes.
  ///
  /// - Precondition: there is an episode.
  init(of episodes: [EpisodeDescription], _ shape: EpisodeShape) {
    func spread(_ numbers: [Int]) -> RunResult.Spread {
      RunResult.Spread(
        fewest: numbers.min() ?? 0, mean: Summary(numbers.map(Double.init)).mean, most: numbers.max() ?? 0)
    }
    let ways = episodes.map(\.classes.count)
    self.init(
      rule: shape.words, ways: spread(ways), support: spread(episodes.map { $0.support.joined().count }),
      supportOfClass: spread(episodes.flatMap { $0.support.map(\.count) }),
      query: spread(episodes.map { $0.query.joined().count }),
      chance: Summary(ways.map { 1 / Double($0) }).mean)
  }
}
