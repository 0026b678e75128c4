internal import Episodes
internal import Evaluation
internal import Files
internal import Foundation
internal import Images
internal import MetaLearning
internal import Results
internal import Settings
internal import Training

extension Study {
  /// How many training episodes running statistics are means over.
  static let episodesOfRunningStatistics = 32

  /// Every training asked under the statistics that the settings name, with running statistics where they are needed.
  func normalised(_ data: RunData) async throws -> Study {
    var study = self
    let isCrossed =
      settings.suite != .speed && settings.conditions == .full && settings.robustnessEpisodes > 0
    for i in arms.indices {
      for k in arms[i].runs.indices {
        var candidate = arms[i].candidates[k]
        if isCrossed || settings.normStatistics == .running {
          let tasks = try trainingTasks(of: arms[i].runs[k], data)
          candidate = try await candidate.knowingRunningStatistics(of: tasks, workers: plan.workers)
        }
        study.arms[i].candidates[k] = candidate.normalising(by: settings.normStatistics)
      }
    }
    return study
  }

  /// The first episodes that a run was trained on.
  private func trainingTasks(of run: TrainedRun, _ data: RunData) throws -> [MetaTask] {
    let sampler = try run.plan.trainingSampler(of: data.store)
    return try (0..<Self.episodesOfRunningStatistics).map { try data.task(sampler.episode($0)) }
  }

  /// Sensitivity to rates and to the shape of the episodes; nil if speed is not measured.
  func probes(
    of arm: StudyArm, in shapes: ShapeSuite?, _ data: RunData, _ parts: EvaluationParts
  ) async throws -> (grid: SpeedResult.RateGrid?, shapes: [SpeedResult.Shape])? {
    guard let shapes else { return nil }
    let candidates = arm.candidates
    let suite = SpeedSuite(
      steps: plan.evaluationSteps, workers: plan.workers, gridTasks: settings.probeEpisodes,
      seed: plan.episodeSeed)
    let tests = tests(data)
    let tasks = TaskSource(tests, of: data.store)
    let caches = arm.runs.map { run in
      parts.cache("rates \(suite.rateFactors) over \(plan.evaluationSteps) steps", of: [run])
        .renumbered(tests.map(\.index))
    }
    // All are opened now, so that what they hold is reported before the work.
    var cachesOf: [EpisodeShape: [any ResultCache]] = [:]
    for drawn in shapes.shapes(for: candidates[0]) {
      cachesOf[drawn.shape] = arm.runs.map { parts.cache("episodes of \(drawn.shape.words)", of: [$0]) }
    }
    progress.note("\(arm.label): rates, shots and ways")
    parts.reportFound("rates, shots and ways of \(arm.label)")
    let grid = try await suite.rateGrid(candidates, on: tasks, keeping: caches)
    let rows = try await shapes.measure(candidates, workers: plan.workers) { cachesOf[$0] }
    for row in rows {
      note(row.nonfinite, of: row.tasks, "episodes of \(row.ways) ways, \(row.shots) shots", arm)
    }
    return (grid, rows)
  }

  /// Episodes with other shots and ways; nil if speed is not measured.
  func otherShapes(_ data: RunData) throws -> ShapeSuite? {
    guard settings.suite != .robustness else { return nil }
    if !plan.testShape.isPlain {
      progress.note("other shots and ways are left out: those of the episodes vary")
    }
    let shapes = try ShapeSuite(
      plan.testShape.isPlain ? ShapeSuite.sizes(around: plan.testShape) : [], of: data.store,
      queries: plan.queries,
      rotations: plan.rotations,
      episodes: settings.probeEpisodes, seed: plan.episodeSeed)
    for leftOut in shapes.leftOut {
      progress.note("left out \(leftOut.size.ways) ways, \(leftOut.size.shots) shots: \(leftOut.reason)")
    }
    return shapes
  }

  /// Reports how often numbers were not finite where no other arm is compared on the same episodes.
  private func note(_ nonfinite: Int?, of tasks: Int, _ what: String, _ arm: StudyArm) {
    guard let nonfinite else { return }
    progress.note(
      "\(arm.label): \(nonfinite) of \(tasks * arm.runs.count) \(what) gave numbers that are not finite, which count as "
        + "wholly wrong")
  }

  /// Accuracy over episodes that share no image, per arm; nil if speed is not measured or there are too few images.
  func disjoint(_ data: RunData, _ parts: EvaluationParts) async throws -> [RunResult.Test.Disjoint]? {
    guard settings.suite != .robustness else { return nil }
    let episodes = data.testSampler.disjointEpisodes(upTo: data.test.episodes.count)
    guard episodes.count > 1 else { return nil }
    let tasks = TaskSource(episodes, of: data.store)
    let caches = arms.map { arm in
      arm.runs.map { parts.cache("\(episodes.count) episodes without a common image", of: [$0]) }
    }
    parts.reportFound("disjoint episodes")
    var all: [RunResult.Test.Disjoint] = []
    for (arm, caches) in zip(arms, caches) {
      let found = ArmAccuracy(
        try await arm.candidates.scores(on: tasks, workers: plan.workers, keeping: caches))
      all.append(.init(episodes: tasks.count, accuracy: found.accuracy, nonfinite: found.nonfinite))
      note(found.nonfinite, of: tasks.count, "episodes without a common image", arm)
    }
    return all
  }

  /// Scores under all conditions, and the positions of each arm's candidates; none if only speed is measured.
  func robustness(
    _ data: RunData, _ shifts: [ShiftData], _ parts: EvaluationParts
  ) async throws -> (scores: [ConditionScores], positions: [[Int]]) {
    var positions: [[Int]] = []
    for arm in arms {
      let start = positions.last.map { ($0.last ?? 0) + 1 } ?? 0
      positions.append(Array(start..<start + arm.runs.count))
    }
    guard settings.suite != .speed, settings.robustnessEpisodes > 0 else { return ([], positions) }
    let candidates = arms.flatMap(\.candidates)
    let (seed, own, place) = (plan.episodeSeed, settings.normStatistics, settings.corruptAt)
    let suite: RobustnessSuite =
      settings.conditions == .full
      ? .full(seed: seed, own: own, corruptingAt: place) : .short(seed: seed, own: own, corruptingAt: place)
    let setting = RobustnessSuite.Setting(
      images: data.store, episodes: Array(tests(data).prefix(settings.robustnessEpisodes)))
    let progress = progress
    // The place is part of the work: what was measured at one is never taken for the other.
    let work =
      "corrupted at \(place.rawValue), with changes: "
      + suite.conditions(for: candidates, in: setting).map { "\($0)" }.joined(separator: ";")
    let caches = trainings.map {
      parts.cache(work, of: [$0.run]).renumbered(setting.episodes.map(\.index))
    }
    parts.reportFound("robustness")
    let found = try await suite.run(
      candidates, in: setting, workers: plan.workers, keeping: caches
    ) { done, total in
      progress.update(stage: "robustness", done: done, total: total, detail: "")
    }
    for line in Set(found.skipped.map { "left out \($0.condition.name): \($0.reason)" }).sorted() {
      progress.note(line)
    }
    return (found.scores + (try await otherData(candidates, shifts, parts)), positions)
  }

  /// Scores on other folders of images, prepared like the runs' own: every class of them is a test class.
  ///
  /// Episodes in which numbers of a training are not finite are left out for all of them.
  private func otherData(
    _ candidates: [Candidate], _ shifts: [ShiftData], _ parts: EvaluationParts
  ) async throws -> [ConditionScores] {
    var scores: [ConditionScores] = []
    for shift in shifts {
      let tasks = TaskSource(shift.episodes, of: shift.store)
      let caches = trainings.map { parts.cache("images \(shift.store.dataHash)", of: [$0.run]) }
      parts.reportFound(shift.name)
      let meter = progress.counter(
        stage: shift.name, total: tasks.count * candidates.count,
        known: caches.map { $0.known(of: tasks.count) }.reduce(0, +))
      let found = try await candidates.scores(
        on: tasks, workers: plan.workers, keeping: caches, advance: meter.advance)
      let kept = (0..<tasks.count).filter { i in found.allSatisfy { $0[i].isFinite } }
      if kept.count < tasks.count {
        progress.note(
          "\(shift.name): \(tasks.count - kept.count) of \(tasks.count) episodes are left out, since numbers are not "
            + "finite")
      }
      guard kept.count > 1 else { continue }
      let condition = Condition(group: .shift, name: shift.name, side: .both)
      scores += candidates.indices.map { k in
        ConditionScores(
          condition: condition, candidate: k, episodes: kept, scores: kept.map { found[k][$0] })
      }
    }
    return scores
  }
}

extension RobustnessTable {
  /// The conditions that arms are compared under: all corruptions of a side together, and every other kind that is
  /// not crossed with one, over its severities.
  var compared: [Condition] {
    var found = Side.allCases.map(Condition.meanCorruption)
    for condition in conditions where condition.isComparedByItself {
      if !found.contains(condition.withoutSeverity) { found.append(condition.withoutSeverity) }
    }
    return found
  }

  /// `[seed][episode]`: accuracies of each training of an arm; nil if the condition was not measured.
  func trainings(_ positions: [Int], under condition: Condition) -> [[Double]]? {
    let rows = positions.compactMap { accuracies(under: condition, of: [$0]) }
    return rows.count == positions.count ? rows : nil
  }
}

extension Condition {
  /// Whether arms are compared under this condition for its own sake, and not as one of all corruptions.
  fileprivate var isComparedByItself: Bool {
    switch group {
    case .clean, .corruption: false
    case .normalisation: severity == nil
    case .shift: side == .both
    case .labels, .attack: true
    }
  }
}
