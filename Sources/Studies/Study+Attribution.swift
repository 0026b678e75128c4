internal import Episodes
internal import Evaluation
internal import Files
internal import MetaLearning
internal import Settings
internal import Training

extension Study {
  /// Adaptation taken apart: what each arm reaches with a part of what it adapts, on the first test episodes.
  struct AttributionFindings {
    /// `[arm][part]`.
    var parts: [[AdaptedPart]] = []
    /// `[arm][training][part][episode]`.
    var scores: [[[[TaskScore]]]] = []
    /// `[arm][training]`: to whom they belong.
    var owners: [[(arm: String, seed: UInt64)]] = []
    /// Numbers of the test episodes.
    var episodes: [Int] = []

    /// The rows of an arm; none where nothing was measured.
    func rows(of arm: Int, _ candidates: [Candidate]) -> [Attribution] {
      parts.indices.contains(arm) ? Attribution.rows(candidates, parts[arm], scores[arm]) : []
    }
  }

  /// Measures all arms; nothing if the settings ask for no episodes of it.
  func attribution(_ data: RunData, _ parts: EvaluationParts) async throws -> AttributionFindings {
    var found = AttributionFindings()
    guard settings.attribution != .none, settings.attributionEpisodes > 0 else { return found }
    guard settings.normStatistics != .running else {
      // Means over fully adapted networks are not those of a network that adapts a part.
      progress.note("attribution is left out under running statistics")
      return found
    }
    let tests = Array(tests(data).prefix(settings.attributionEpisodes))
    guard tests.count > 1 else { return found }
    found.episodes = tests.map(\.index)
    let tasks = TaskSource(tests, of: data.store)
    let suite = AttributionSuite(workers: plan.workers, byLayer: settings.attribution == .layers)
    for arm in arms {
      let candidates = arm.candidates
      let own = suite.parts(of: candidates)
      let names = own.map(\.description).joined(separator: " ")
      let caches = arm.runs.map {
        parts.cache("attribution to \(names)", of: [$0]).renumbered(found.episodes)
      }
      parts.reportFound("attribution of \(arm.label)")
      let meter = progress.counter(
        stage: "attribution \(arm.label)", total: tasks.count * candidates.count,
        known: caches.map { $0.known(of: tasks.count) }.reduce(0, +))
      var scores: [[[TaskScore]]] = []
      for (candidate, cache) in zip(candidates, caches) where !own.isEmpty {
        scores.append(
          try await suite.measure(candidate, own, on: tasks, keeping: cache) { meter.advance() })
      }
      let blown = scores.joined().joined().count { !$0.isFinite }
      if blown > 0 {
        progress.note(
          "\(arm.label): \(blown) times a part of what adapts gave numbers that are not finite, which count as wholly wrong"
        )
      }
      found.owners.append(arm.runs.map { (arm.label, $0.plan.seed) })
      found.parts.append(own)
      found.scores.append(scores)
    }
    return found
  }
}
