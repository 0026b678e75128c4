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
  /// The perturbations; `clean` need not be among them, since it is always measured.
  public var perturbations: [Perturbation]
  /// The seed of everything random in the perturbations.
  public var seed: UInt64
  /// Where images are corrupted and shifted.
  public var place: CorruptionPlace

  /// A suite of perturbations, measured in the given order.
  public init(_ perturbations: [Perturbation], seed: UInt64, corruptingAt place: CorruptionPlace = .network) {
    self.perturbations = perturbations
    self.seed = seed
    self.place = place
  }

  /// A condition that was left out, and why.
  public struct Skipped: Hashable, Sendable {
    /// The condition that was left out.
    public let condition: Condition
    /// Why, as the rest of a sentence.
    public let reason: String
  }

  /// The episodes and images that a suite works on.
  public struct Setting: Sendable {
    /// All images, prepared; where originals are corrupted, their files are still there.
    public var images: ImageStore
    /// The episodes, the same for all candidates.
    public var episodes: [EpisodeDescription]
    /// Another data set for outliers, with the same preparation; nil for other classes of the same data set.
    public var outliers: ImageStore?

    /// Episodes of some images; see the properties.
    public init(
      images: ImageStore, episodes: [EpisodeDescription], outliers: ImageStore? = nil
    ) {
      self.images = images
      self.episodes = episodes
      self.outliers = outliers
    }

    var outlierSource: OutlierSource { OutlierSource(store: outliers ?? images, isForeign: outliers != nil) }
  }

  /// The scores of a suite and the conditions without any.
  public struct Result: Sendable {
    /// Every candidate under every condition, candidate by candidate, `clean` first.
    public let scores: [ConditionScores]
    /// The conditions that cannot be measured in the setting.
    public let skipped: [Skipped]
  }

  /// The conditions that cannot be measured in a setting, with the reasons.
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
    case .labels where setting.episodes.contains { Set($0.support.map(\.count)).count > 1 }:
      return "classes have unequal numbers of support images"
    case .labels(.outlier, _):
      let others = setting.outlierSource
      if others.store.preparation != setting.images.preparation { return "outliers are prepared differently" }
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
  ///   - progress: Called with the number of finished episodes and of all, from any thread; first of all with the
  ///     number that the caches hold.
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
    let work = EpisodeWork(candidates, all, setting, corruptingAt: place, seed: seed)
    let isKnown = setting.episodes.indices.map { i in
      caches?.allSatisfy { $0.result(of: i) != nil } ?? false
    }
    let counter = ProgressCounter(
      known: isKnown.count(where: \.self), total: setting.episodes.count, progress)
    // Without caches every candidate is missing in every episode.
    let none = candidates.map { _ in NoCache() as any ResultCache }
    let scores = try await mapTasks(
      setting.episodes.count, workers: workers, keeping: caches ?? none,
      isUsable: { (row: [PerturbedScore]) in row.count == all.count }
    ) { i, missing in
      defer { if !isKnown[i] { counter.advance() } }
      return try work.scores(of: setting.episodes[i], for: missing)
    }
    return Result(
      scores: candidates.indices.flatMap { k in
        all.indices.map { c in
          let changes = scores.compactMap { $0[k][c].squaredChange }
          return ConditionScores(
            condition: all[c].condition, candidate: k, episodes: setting.episodes.map(\.index),
            scores: scores.map { $0[k][c].score }, squaredChanges: changes.isEmpty ? nil : changes)
        }
      }, skipped: skipped)
  }
}

/// How one candidate did under one condition, episode by episode.
public struct ConditionScores: Sendable {
  /// The condition under which the scores were taken.
  public let condition: Condition
  /// The candidate's position among those of the suite.
  public let candidate: Int
  /// The numbers of the episodes: of the test episodes or, for other images, of their own.
  public let episodes: [Int]
  /// Query loss and accuracy after the trained steps, one score per episode.
  public let scores: [TaskScore]
  /// Mean square of what was changed in the input values, 0...1, of the images that the condition changes, one number per
  /// episode; nil for a condition that changes none.
  public let squaredChanges: [Double]?

  /// Scores of one candidate under one condition.
  ///
  /// - Precondition: there is one score per episode, and one change if any.
  public init(
    condition: Condition, candidate: Int, episodes: [Int], scores: [TaskScore],
    squaredChanges: [Double]? = nil
  ) {
    precondition(episodes.count == scores.count, "\(scores.count) scores of \(episodes.count) episodes")
    precondition(
      squaredChanges.map { $0.count == episodes.count } ?? true,
      "\(squaredChanges?.count ?? 0) changes of \(episodes.count) episodes")
    self.squaredChanges = squaredChanges
    self.condition = condition
    self.candidate = candidate
    self.episodes = episodes
    self.scores = scores
  }

  /// Query accuracy, a share in 0...1 per episode.
  public var accuracy: [Double] { scores.map(\.accuracy) }

  /// Mean query cross-entropy in nats, one per episode.
  public var loss: [Double] { scores.map(\.loss) }
}
