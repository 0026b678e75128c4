internal import Episodes
internal import Evaluation
package import Files
internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import MetaLearning
package import Networks
package import Results
package import Settings
internal import Statistics
package import Training

/// Trained runs evaluated together: every arm on identical episodes under identical conditions.
package struct Study: Sendable {
  var arms: [StudyArm]
  let settings: StudySettings
  /// The settings that images and episodes are drawn by.
  let plan: Plan
  let progress: any ProgressReporter
  /// Trainings that are not reported, and why.
  var failed: [RunResult.FailedTraining]
  /// When more seeds are wanted; nil where the seeds are what they are.
  var seedPlan: SeedPlan?
  /// Test episodes that are left out for all arms, with the reason.
  package var skipped: [Int: String] = [:]

  /// Sorts runs into arms.
  ///
  /// - Parameters:
  ///   - runs: Trainings that share data and episode shape; several seeds of one arm become one arm.
  ///   - settings: What is measured.
  ///   - failed: Trainings that should be there but cannot be read, for the report.
  ///   - seedPlan: When more seeds are wanted.
  ///   - progress: Receives reports on the work.
  /// - Throws: ``ConfigurationError`` if there is none, or they cannot be compared.
  package init(
    of runs: [TrainedRun], settings: StudySettings, failed: [RunResult.FailedTraining] = [],
    seedPlan: SeedPlan? = nil, progress: any ProgressReporter
  ) throws(ConfigurationError) {
    guard let first = runs.first else {
      throw ConfigurationError(
        field: "run", value: "", reason: "there is no run to evaluate", remedy: "Name the folder of a run")
    }
    let (arms, others) = try StudyArm.group(runs)
    self.arms = arms
    self.settings = settings
    self.seedPlan = seedPlan
    self.progress = progress
    self.failed = failed + others
    for other in others {
      progress.note("\(other.folder): its \(other.arm) is not reported: \(other.reason)")
    }
    var plan = first.plan
    plan.episodes = settings.episodes ?? plan.episodes
    // One horizon for all; otherwise areas would be means over different steps.
    let trained = runs.map(\.arm.learner.innerLoop.steps).max() ?? 0
    plan.evaluationSteps = max(settings.steps ?? plan.evaluationSteps, trained)
    plan.threads = settings.threads
    self.plan = plan
  }

  /// What was measured, before it is written.
  package struct Findings: Sendable {
    package var result: RunResult
    let data: RunData
    /// Numbers of the test episodes that were measured, in their order.
    let episodes: [Int]
    /// `[arm][seed]`.
    let speed: [[SpeedMeasures]]
    let scores: [ConditionScores]
    /// Per candidate of the scores: its arm and its seed.
    let owners: [(arm: String, seed: UInt64)]
    let attribution: AttributionFindings
    let further: TestSetFindings
  }

  /// Measures everything that the settings request.
  ///
  /// A training that fails a check is left out, and so are test episodes whose numbers are not finite; then everything is
  /// checked again, with what was measured already taken from the parts.
  package func measure(
    _ data: RunData, as kind: RunResult.Kind, folder: String, command: String,
    keeping parts: EvaluationParts, since start: ContinuousClock.Instant = .now
  ) async throws -> Findings {
    try await measure(
      data, [], [], as: kind, folder: folder, command: command, keeping: parts, since: start)
  }

  /// The same, on other images too.
  func measure(
    _ data: RunData, _ shifts: [ShiftData], _ sets: [TestSet], as kind: RunResult.Kind, folder: String,
    command: String, keeping parts: EvaluationParts, since start: ContinuousClock.Instant = .now
  ) async throws -> Findings {
    let tests = tests(data)
    let speed = try await curves(data, parts)
    var found = screening(speed, tests)
    let (scores, positions) = found.isClean ? try await robustness(data, shifts, parts) : ([], [])
    if found.isClean { found = screening(scores) }
    guard found.isClean else {
      return try await reduced(by: found, as: kind, data).measure(
        data, shifts, sets, as: kind, folder: folder, command: command, keeping: parts, since: start)
    }
    var results: [RunResult.ArmResult] = []
    let disjoint = try await self.disjoint(data, parts)
    let attribution = try await self.attribution(data, parts)
    let further = try await self.further(sets, parts)
    let union = UnionEpisodes(tests, of: data.store)
    if !union.left.isEmpty {
      progress.note(
        "no results by data set for \(union.left.map(printable).joined(separator: ", ")), with fewer than two of the "
          + "\(tests.count) test episodes; --episodes draws more")
    }
    let movements = SpeedResult.commonMovements(of: speed)
    let shapes = try otherShapes(data)
    for (i, arm) in arms.enumerated() {
      let probes = try await probes(of: arm, in: shapes, data, parts)
      let found = SpeedResult(
        speed[i], movements: movements, rateGrid: probes?.grid, shapes: probes?.shapes ?? [],
        seed: plan.episodeSeed)
      var result = try await armResult(arm, speed[i], found, disjoint?[i], data)
      addAnswers(speed[i], to: tests, into: &result)
      let rows = attribution.rows(of: i, arm.candidates)
      result.attribution = rows.isEmpty ? nil : rows
      result.test.dataSets = union.results(speed[i], plan.testShape)
      result.dataSets = sets.isEmpty ? nil : further.results(of: i)
      results.append(result)
    }
    let table = RobustnessTable(scores)
    let references = StudyArm.references(among: arms)
    if !scores.isEmpty {
      for i in arms.indices {
        results[i].robustness = table.rows(of: positions[i], reference: references[i].map { positions[$0] })
      }
    }
    let compared = comparisons(speed, results, table, positions, further, union)
    let pixels = try tests.map { PixelBaseline.accuracy(try data.store.episode($0)) }
    var result = RunResult(
      kind: kind, ways: plan.ways, shots: plan.shotRule == .variable ? nil : plan.shots,
      queries: plan.queries, arms: results,
      comparisons: compared.all,
      secondOrderShare: results[0].secondOrderShare,
      pixelBaseline: Estimate(pixels), normStatistics: settings.normStatistics,
      data: data.facts,
      command: command, folder: folder, version: Version.current,
      machine: .init(blasCore: Gemm.coreName, threads: plan.workers),
      seconds: start.duration(to: .now) / .seconds(1))
    result.sizes = plan.testShape.isPlain ? nil : RunResult.EpisodeSizes(of: tests, plan.testShape)
    result.seedLook = compared.look
    result.corruptAt = scores.isEmpty ? nil : settings.corruptAt
    result.failed = failed.isEmpty ? nil : failed
    result.skippedEpisodes =
      skipped.isEmpty
      ? nil : skipped.sorted { $0.key < $1.key }.map { .init(episode: $0.key, reason: $0.value) }
    let owners = trainings.map { (arm: $0.label, seed: $0.run.plan.seed) }
    return Findings(
      result: result, data: data, episodes: tests.map(\.index), speed: speed, scores: scores, owners: owners,
      attribution: attribution, further: further)
  }

  /// `[arm][seed]`: adaptation curves on the test episodes.
  private func curves(_ data: RunData, _ parts: EvaluationParts) async throws -> [[SpeedMeasures]] {
    let tests = tests(data)
    let tasks = TaskSource(tests, of: data.store)
    let suite = SpeedSuite(steps: plan.evaluationSteps, workers: plan.workers, seed: plan.episodeSeed)
    let caches = arms.map { arm in
      arm.runs.map {
        parts.cache("curves of \(plan.evaluationSteps) steps", of: [$0]).renumbered(tests.map(\.index))
      }
    }
    parts.reportFound("curves of adaptation")
    var all: [[SpeedMeasures]] = []
    for (arm, caches) in zip(arms, caches) {
      let meter = progress.counter(
        stage: "test \(arm.label)", total: tasks.count * arm.runs.count,
        known: caches.map { $0.known(of: tasks.count) }.reduce(0, +))
      var own: [SpeedMeasures] = []
      for (candidate, cache) in zip(arm.candidates, caches) {
        own.append(try await suite.measure(candidate, on: tasks, keeping: cache) { meter.advance() })
      }
      all.append(own)
    }
    return all
  }

  private func armResult(
    _ arm: StudyArm, _ measures: [SpeedMeasures], _ speed: SpeedResult,
    _ disjoint: RunResult.Test.Disjoint?, _ data: RunData
  ) async throws -> RunResult.ArmResult {
    let tests = tests(data)
    let seeds = zip(arm.runs, measures).map { run, measures in
      let exploded = exploded(measures, tests)
      if let first = exploded.first {
        progress.note(
          "\(arm.label), seed \(run.plan.seed): the inner loop exploded in \(exploded.count) of \(tests.count) test "
            + "episodes. See the first: \(replay(first, of: run))")
      }
      return RunResult.SeedResult(
        seed: run.plan.seed, folder: run.folder, accuracy: Estimate(measures.trainedAccuracies),
        trainSeconds: run.training?.seconds ?? 0, exploded: exploded.isEmpty ? nil : exploded)
    }
    let means = seeds.map(\.accuracy.mean)
    let test = RunResult.Test(
      episodes: tests.count, accuracy: speed.curve[speed.trainedSteps].queryAccuracy,
      curve: speed.curve.map {
        .init(
          step: $0.step, accuracy: $0.queryAccuracy.mean, ci95: $0.queryAccuracy.ci95, loss: $0.queryLoss)
      },
      areaUnderCurve: speed.areaUnderCurve.mean, stepsTo95Percent: speed.stepsTo95Percent,
      msPerTask: try await msPerTask(arm.candidates[0], data), disjoint: disjoint,
      worstDecile: Estimate(columnMeans(measures.compactMap { $0.values(of: .worstDecile) })))
    return RunResult.ArmResult(
      arm, test: test, speed: speed, seeds: seeds, deviation: Summary(means).standardDeviation)
  }

  /// Timed apart from the curves, which assess after every step.
  private func msPerTask(_ candidate: Candidate, _ data: RunData) async throws -> Double {
    let sample = try tests(data).prefix(64).map(data.task)
    let clock = ContinuousClock()
    let start = clock.now
    _ = try await mapTasks(sample.count, workers: plan.workers) { i in
      candidate.learner.score(from: candidate.point, on: sample[i]).loss
    }
    return (clock.now - start) / .milliseconds(1) / Double(sample.count)
  }
}
