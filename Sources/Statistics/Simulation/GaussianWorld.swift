internal import Foundation

/// Differences with normal effects of trainings, of episodes and of single cells.
///
/// - Source: the model of ``VarianceComponents``.
package struct GaussianWorld: Equatable, Sendable {
  /// The true variances.
  package var components: VarianceComponents
  /// Trainings, S.
  package var seeds: Int
  /// Episodes, E.
  package var episodes: Int

  /// A world with these variances.
  package init(_ components: VarianceComponents, seeds: Int, episodes: Int) {
    self.components = components
    self.seeds = seeds
    self.episodes = episodes
  }

  /// A world whose mean has the squared standard error 1, in given shares.
  ///
  /// - Parameters:
  ///   - seedShare: The share σ²_seed/S.
  ///   - restShare: The share σ²_rest/(S·E); what is left is that of the episodes.
  ///   - seeds: Trainings, S.
  ///   - episodes: Episodes, E.
  package init(seedShare: Double, restShare: Double, seeds: Int, episodes: Int) {
    self.init(
      VarianceComponents(
        seed: seedShare * Double(seeds), episode: max(0, 1 - seedShare - restShare) * Double(episodes),
        rest: restShare * Double(seeds * episodes)),
      seeds: seeds, episodes: episodes)
  }

  /// Draws `[S][E]` differences around a true mean.
  package func draw(
    around mean: Double = 0, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    let shared = (0..<episodes).map { _ in mean + components.episode.squareRoot() * generator.gaussian() }
    let rest = components.rest.squareRoot()
    return (0..<seeds).map { _ in
      let own = components.seed.squareRoot() * generator.gaussian()
      return shared.map { $0 + own + rest * generator.gaussian() }
    }
  }

  /// Draws what a table of the world would give as variance components, without the table.
  ///
  /// The three mean squares of normal effects are independent multiples of χ².
  ///
  /// - Precondition: there are at least two seeds and two episodes.
  package func drawComponents(using generator: inout some RandomNumberGenerator) -> VarianceComponents {
    let (s, e) = (Double(seeds), Double(episodes))
    let ofSeeds = generator.meanSquare(degreesOfFreedom: seeds - 1) * (components.rest + e * components.seed)
    let ofEpisodes =
      generator.meanSquare(degreesOfFreedom: episodes - 1) * (components.rest + s * components.episode)
    let rest = generator.meanSquare(degreesOfFreedom: (seeds - 1) * (episodes - 1)) * components.rest
    return VarianceComponents(
      seed: max(0, ofSeeds - rest) / e, episode: max(0, ofEpisodes - rest) / s, rest: rest)
  }

  /// The chance that an interval of a half-width misses the true mean.
  ///
  /// The mean is independent of the mean squares, so this is all that a simulation of the latter has to average.
  package func missed(by halfWidth: Double) -> Double {
    let variance =
      components.seedPart(seeds: seeds, episodes: episodes) + components.episodePart(episodes: episodes)
    return erfc(halfWidth / (2 * variance).squareRoot())
  }
}
