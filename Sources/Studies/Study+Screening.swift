internal import Episodes
internal import Evaluation
internal import Files
internal import Foundation
internal import MetaLearning
internal import Results
internal import Settings
internal import Training

/// What is wrong with measurements: trainings to drop and episodes to skip.
struct Screening {
  /// Trainings that cannot be reported, by their position among all trainings of the study.
  var failures: [Int: SelfCheckError] = [:]
  /// Test episodes that are left out for all arms, by number, with the reason.
  var skipped: [Int: String] = [:]

  var isClean: Bool { failures.isEmpty && skipped.isEmpty }
}

extension Study {
  /// All trainings, arm by arm.
  var trainings: [(label: String, run: TrainedRun)] {
    arms.flatMap { arm in arm.runs.map { (arm.label, $0) } }
  }

  /// The test episodes that all arms are measured on: without those that were skipped.
  func tests(_ data: RunData) -> [EpisodeDescription] {
    data.test.episodes.filter { skipped[$0.index] == nil }
  }

  /// Checks adaptation curves.
  func screening(_ speed: [[SpeedMeasures]], _ tests: [EpisodeDescription]) -> Screening {
    var found = Screening()
    for (k, measures) in speed.joined().enumerated() {
      // Far past the trained steps a curve may blow up: that is a finding. Up to them it is an error.
      let bad = measures.curves.indices.filter { i in
        !measures.curves[i].prefix(measures.trainedSteps + 1).allSatisfy { $0.queryLoss.isFinite }
      }
      guard bad.isEmpty else {
        note(bad.map { (tests[$0].index, nil) }, of: k, among: tests.count, in: &found)
        continue
      }
      do {
        try SelfChecks.startsAtChance(measures, trainings[k].run.plan, ways: tests.map(\.classes.count))
      } catch {
        found.failures[k] = error
      }
    }
    return found
  }

  /// Checks scores under conditions.
  func screening(_ scores: [ConditionScores]) -> Screening {
    var found = Screening()
    for k in trainings.indices {
      var bad: [Int: String] = [:]
      // Other images have episodes of their own; those with such numbers are left out already.
      for row in scores where row.candidate == k {
        for (episode, score) in zip(row.episodes, row.scores) where !score.isFinite && bad[episode] == nil {
          bad[episode] = row.condition.name
        }
      }
      note(
        bad.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, of: k, among: row(scores, k), in: &found)
    }
    return found
  }

  private func row(_ scores: [ConditionScores], _ k: Int) -> Int {
    scores.first { $0.candidate == k }?.episodes.count ?? 0
  }

  /// Applies the rule for numbers that are not finite to the episodes in which a training has some.
  private func note(
    _ bad: [(episode: Int, condition: String?)], of k: Int, among count: Int, in found: inout Screening
  ) {
    guard let first = bad.first else { return }
    let (label, run) = trainings[k]
    func underCondition(_ condition: String?) -> String { condition.map { " under \($0)" } ?? "" }
    // A training that breaks on most episodes must not take them from all others.
    if rule(for: run) == .stop || 2 * bad.count > count {
      found.failures[k] = NonfiniteTask(
        loss: .nan, norm: nil,
        location:
          "\(bad.count) of \(count) test episodes of \(label), the first of them \(first.episode)\(underCondition(first.condition))"
      ).error(replay: replay(first.episode, of: run, under: first.condition))
      return
    }
    for item in bad {
      found.skipped[item.episode] =
        "numbers of \(label), seed \(run.plan.seed), are not finite\(underCondition(item.condition))"
    }
  }

  /// The rule for a training's numbers that are not finite.
  func rule(for run: TrainedRun) -> NonfiniteRule { settings.onNonfinite ?? run.plan.onNonfinite }

  /// The command that shows a test episode step by step, with a remark on what it does not show.
  ///
  /// - Parameters:
  ///   - episode: Its number.
  ///   - run: The training.
  ///   - condition: Under which condition the fault was; nil for the episode as it is.
  /// - Returns: A command, perhaps with a remark in brackets.
  func replay(_ episode: Int, of run: TrainedRun, under condition: String? = nil) -> String {
    let missing =
      [condition, settings.normStatistics == .batch ? nil : "statistics \(settings.normStatistics.rawValue)"]
      .compactMap { $0 }
    let remark =
      missing.isEmpty
      ? "" : " (it shows the clean episode, without \(missing.joined(separator: " and without ")))"
    return "\(RunFolder.resumption(of: run.folder)) --replay-episode "
      + "\(run.isBaseline ? "baseline:" : "")test:\(episode)\(remark)"
  }

  /// The study without the trainings and episodes that cannot be used.
  ///
  /// - Parameters:
  ///   - found: What was found; at least one failure or episode.
  ///   - kind: The command: a run that trained two arms stops at the first failure.
  ///   - data: The episodes.
  /// - Returns: A smaller study.
  /// - Throws: ``SelfCheckError`` if nothing is left to report.
  func reduced(by found: Screening, as kind: RunResult.Kind, _ data: RunData) throws -> Study {
    let first = found.failures.min { $0.key < $1.key }?.value
    if let first, kind == .run || found.failures.count == trainings.count { throw first }
    var study = without(found.failures)
    for (episode, reason) in found.skipped.sorted(by: { $0.key < $1.key })
    where study.skipped.updateValue(reason, forKey: episode) == nil {
      progress.note("test episode \(episode) is left out for all arms: \(reason)")
    }
    if study.tests(data).count < 2 {
      throw SelfCheckError(
        check: "finite numbers",
        found: "\(study.skipped.count) of \(data.test.episodes.count) test episodes left out",
        expected: "at least two episodes to report", advice: "Train again with a lower inner rate")
    }
    return study
  }

  /// The study without some trainings, given by position, which are reported and listed as failed.
  func without(_ errors: [Int: some Error]) -> Study {
    var study = self
    for (k, error) in errors.sorted(by: { $0.key < $1.key }) {
      let (label, run) = trainings[k]
      study.failed.append(.init(arm: label, seed: run.plan.seed, folder: run.folder, reason: "\(error)"))
      progress.note("\(label), seed \(run.plan.seed), is not reported: \(error)")
    }
    var k = 0
    study.arms = arms.compactMap { arm in
      let positions = k..<k + arm.runs.count
      k += arm.runs.count
      return arm.keeping(positions.filter { errors[$0] == nil }.map { $0 - positions.lowerBound })
    }
    return study
  }

  /// Numbers of the test episodes whose inner loop exploded: the loss after the trained steps is a number, but more
  /// than ``ExplodedTask/factor`` times that of a uniform guess.
  func exploded(_ measures: SpeedMeasures, _ tests: [EpisodeDescription]) -> [Int] {
    zip(tests, measures.curves).compactMap { test, curve in
      ExplodedTask.holds(
        curve[measures.trainedSteps].queryLoss, ways: test.classes.count, steps: measures.trainedSteps)
        ? test.index : nil
    }
  }
}
