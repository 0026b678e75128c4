/// The variance of a difference d[s][e], measured by several trainings on the same episodes, taken apart.
///
/// d[s][e] = μ + seed_s + episode_e + rest_se with independent random effects, all crossed: every training meets every
/// episode. The mean squares of a two-way analysis of variance with one value a cell are set equal to what they are
/// expected to be; a component that comes out negative is 0:
/// - E[MS_seed] = σ²_rest + E·σ²_seed
/// - E[MS_episode] = σ²_rest + S·σ²_episode
/// - E[MS_rest] = σ²_rest
///
/// - Source: Searle, Casella and McCulloch 1992, "Variance Components", chapter 4 (the method of moments).
public struct VarianceComponents: Equatable, Sendable {
  /// σ²_seed: how much the mean over all episodes differs from training to training.
  public let seed: Double
  /// σ²_episode: how much episodes differ, whatever the training; with one seed the rest is in it.
  public let episode: Double
  /// σ²_rest: what is left; 0 with one seed, where it cannot be told from the episodes'.
  public let rest: Double

  /// Components that are already known.
  ///
  /// - Precondition: none is negative.
  public init(seed: Double, episode: Double, rest: Double) {
    precondition(!(seed < 0 || episode < 0 || rest < 0), "variance components: \(seed), \(episode), \(rest)")
    self.seed = seed
    self.episode = episode
    self.rest = rest
  }

  /// Estimates the components.
  ///
  /// - Parameter table: `[S][E]`, one row per training.
  /// - Precondition: there are at least two episodes and the rows are equally long.
  /// - Complexity: O(S·E).
  public init(_ table: [[Double]]) {
    let (seeds, episodes) = (table.count, table.first?.count ?? 0)
    precondition(
      seeds > 0 && episodes > 1 && table.allSatisfy { $0.count == episodes },
      "variance components of \(table.map(\.count)) values")
    let rows = table.map { Summary($0).mean }
    let columns = columnMeans(table)
    let spreadOfColumns = Summary(columns).standardDeviation ?? .nan
    guard seeds > 1 else {
      self.init(seed: 0, episode: spreadOfColumns * spreadOfColumns, rest: 0)
      return
    }
    let mean = Summary(rows).mean
    let spreadOfRows = Summary(rows).standardDeviation ?? .nan
    var squares = 0.0
    for (values, row) in zip(table, rows) {
      for (value, column) in zip(values, columns) {
        let left = value - row - column + mean
        squares += left * left
      }
    }
    let rest = squares / Double((seeds - 1) * (episodes - 1))
    self.init(
      seed: max(0, spreadOfRows * spreadOfRows - rest / Double(episodes)),
      episode: max(0, spreadOfColumns * spreadOfColumns - rest / Double(seeds)), rest: rest)
  }

  /// What the trainings add to the squared standard error of the mean: σ²_seed/S + σ²_rest/(S·E).
  ///
  /// It is the variance of the trainings' means over S, so S − 1 degrees of freedom know it.
  func seedPart(seeds: Int, episodes: Int) -> Double { (seed + rest / Double(episodes)) / Double(seeds) }

  /// What the episodes add: σ²_episode/E.
  func episodePart(episodes: Int) -> Double { episode / Double(episodes) }

  /// The standard error of the mean over S trainings and E episodes:
  /// √(σ²_seed/S + σ²_episode/E + σ²_rest/(S·E)).
  public func standardError(seeds: Int, episodes: Int) -> Double {
    (seedPart(seeds: seeds, episodes: episodes) + episodePart(episodes: episodes)).squareRoot()
  }
}
