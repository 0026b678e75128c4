internal import Corruptions
public import Episodes
internal import Files
public import Images
public import MetaLearning
internal import Networks

/// Robustness of several trained networks under the same conditions on the same episodes.
///
/// Everything is a function of the seed and the episode's index, for any number of workers.
public struct RobustnessSuite: Sendable {
  /// The conditions beside `clean`, which is always measured.
  public var perturbations: [Perturbation]
  /// Where all accidents come from.
  public var seed: UInt64

  /// A suite of conditions.
  public init(_ perturbations: [Perturbation], seed: UInt64) {
    self.perturbations = perturbations
    self.seed = seed
  }

  /// A condition that was left out, and why.
  public struct Skipped: Hashable, Sendable {
    /// The condition.
    public let condition: Condition
    /// Why, as the rest of a sentence.
    public let reason: String
  }

  /// What the suite works on.
  public struct Setting: Sendable {
    /// All images, prepared, whose files are still there.
    public var images: ImageStore
    /// The episodes, the same for all candidates.
    public var episodes: [EpisodeDescription]
    /// Another data set that outliers come from, prepared alike; nil for other classes of the same.
    public var outliers: ImageStore?

    /// A setting.
    public init(
      images: ImageStore, episodes: [EpisodeDescription], outliers: ImageStore? = nil
    ) {
      self.images = images
      self.episodes = episodes
      self.outliers = outliers
    }

    var outlierSource: OutlierSource { OutlierSource(store: outliers ?? images, isForeign: outliers != nil) }
  }

  /// What came of a suite.
  public struct Result: Sendable {
    /// Every candidate under every condition, candidate by candidate, `clean` first.
    public let scores: [ConditionScores]
    /// Conditions that could not be.
    public let skipped: [Skipped]
  }

  /// The conditions that cannot be in a setting.
  public func impossible(for candidates: [Candidate], in setting: Setting) -> [Skipped] {
    let knowsRunning = candidates.allSatisfy { !$0.running.isEmpty }
    return perturbations.compactMap { perturbation in
      let reason =
        perturbation.statistics == .running && !knowsRunning
        ? "running statistics are not known" : reasonAgainst(perturbation, setting)
      return reason.map { Skipped(condition: perturbation.condition, reason: $0) }
    }
  }

  /// The conditions that are measured in a setting, `clean` first.
  public func conditions(for candidates: [Candidate], in setting: Setting) -> [Condition] {
    possible(candidates, setting).map(\.condition)
  }

  private func possible(_ candidates: [Candidate], _ setting: Setting) -> [Perturbation] {
    let left = Set(impossible(for: candidates, in: setting).map(\.condition))
    return [.clean] + perturbations.filter { !left.contains($0.condition) && $0.condition != .clean }
  }

  private func reasonAgainst(_ perturbation: Perturbation, _ setting: Setting) -> String? {
    switch perturbation.change {
    case .image(let corruption, _)
    where corruption.name == "grey" && setting.images.preparation.channels == 1:
      return "the images are grey already"
    case .labels(.outlier, _):
      let others = setting.outlierSource
      if others.store.preparation != setting.images.preparation { return "outliers are prepared otherwise" }
      return setting.episodes.contains { others.classes(outside: $0).isEmpty }
        ? "every class is in the episode" : nil
    case .labels(let noise, let share):
      let sizes = setting.episodes.map { ($0.support.count, $0.support.first?.count ?? 0) }
      let fewest = sizes.map { (share * Double($0.0 * $0.1)).rounded() }.min() ?? 0
      if sizes.contains(where: { $0.0 < 2 }) { return "\(noise.rawValue) needs two classes" }
      return fewest < 1 ? "\(share) of the support is less than one image" : nil
    case .none, .image, .attack: return nil
    }
  }

  /// Measures all candidates under all conditions.
  ///
  /// - Parameters:
  ///   - candidates: The networks.
  ///   - setting: Episodes and images.
  ///   - workers: Episodes at once.
  ///   - caches: One per candidate that keeps finished episodes; nil for none.
  ///   - progress: Told the number of episodes done and of all, from any thread; where caches hold some, first how
  ///     many.
  /// - Returns: The scores, and what was left out.
  /// - Throws: `DatasetError` if an image cannot be read, what the caches throw, or `CancellationError`.
  /// - Precondition: there is an episode.
  public func run(
    _ candidates: [Candidate], in setting: Setting, workers: Int, keeping caches: [any ResultCache]? = nil,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> Result {
    precondition(!setting.episodes.isEmpty, "a robustness suite without episodes")
    let skipped = impossible(for: candidates, in: setting)
    let all = possible(candidates, setting)
    let work = EpisodeWork(candidates, all, setting, seed: seed)
    let isKnown = setting.episodes.indices.map { i in
      caches?.allSatisfy { $0.result(of: i) != nil } ?? false
    }
    let counter = ProgressCounter(
      known: isKnown.count(where: \.self), total: setting.episodes.count, progress)
    let scores = try await saving(caches ?? []) {
      try await mapTasks(setting.episodes.count, workers: workers) { i in
        defer { if !isKnown[i] { counter.advance() } }
        var rows = candidates.indices.map { k -> [TaskScore]? in caches?[k].value(of: i) }
        let missing = rows.indices.filter { rows[$0]?.count != all.count }
        if !missing.isEmpty {
          for (k, row) in zip(missing, try work.scores(of: setting.episodes[i], for: missing)) {
            rows[k] = row
            try caches?[k].keep(row, for: i)
          }
        }
        return rows.compactMap(\.self)
      }
    }
    return Result(
      scores: candidates.indices.flatMap { k in
        all.indices.map { c in
          ConditionScores(
            condition: all[c].condition, candidate: k, episodes: setting.episodes.map(\.index),
            scores: scores.map { $0[k][c] })
        }
      }, skipped: skipped)
  }
}

/// How one candidate did under one condition, episode by episode.
public struct ConditionScores: Sendable {
  /// The condition.
  public let condition: Condition
  /// The candidate's position.
  public let candidate: Int
  /// Numbers of the episodes, of the test episodes or, for other images, of theirs.
  public let episodes: [Int]
  /// After the trained steps, one per episode.
  public let scores: [TaskScore]

  /// Scores of all episodes.
  ///
  /// - Precondition: there is one score per episode.
  public init(condition: Condition, candidate: Int, episodes: [Int], scores: [TaskScore]) {
    precondition(episodes.count == scores.count, "\(scores.count) scores of \(episodes.count) episodes")
    self.condition = condition
    self.candidate = candidate
    self.episodes = episodes
    self.scores = scores
  }

  /// Query accuracy, one per episode.
  public var accuracy: [Double] { scores.map(\.accuracy) }

  /// Mean query cross-entropy, one per episode.
  public var loss: [Double] { scores.map(\.loss) }
}
