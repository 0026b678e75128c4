import ConvFamilies
import Diagnostics
import Evaluation
import Files
import Foundation
import Images
import Jobs
import MetaLearning
import Networks
import Results
import Settings
import Studies
import Tensors
import TestRuns
import Testing
import Training

@Suite("Test episodes whose numbers go wrong")
struct TestEpisodeTests {
  private let families = FamilyRegistry.families + [FragileFamily.self]

  /// Breaks on nine images, which only the query of a test episode has.
  private func fragile(_ data: String, _ output: String) -> Plan {
    var plan = fragileRun(data, output)
    plan.queries = 3
    plan.iterations = 2
    plan.episodes = 24
    return plan
  }

  @Test("stop names the episode and how to see it; skip leaves it out for all arms and counts it")
  func rules() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 4), imagesPerClass: 6) {
      data, folder in
      var plan = fragile(data, folder + "/run")
      let error = await #expect(throws: SelfCheckError.self) {
        try await Runner(plan: plan, families: families).run(progress: SilentProgress())
      }
      let text = error?.description ?? ""
      let match = try #require(text.firstMatch(of: /--replay-episode test:([0-9]+)/), "\(text)")
      let replay = try EpisodeReplay(
        EpisodeName("test:\(match.1)"), of: plan, families: families, folder: folder + "/run",
        progress: SilentProgress())
      #expect(replay.origin.hasSuffix("checkpoints/best.safetensors"))
      #expect(replay.steps.last?.queryLoss.isNaN == true)

      (plan.onNonfinite, plan.baseline) = (.skip, .standard)
      plan.output = folder + "/skip"
      let result = try await Runner(plan: plan, families: families).run(progress: SilentProgress())
      let skipped = try #require(result.skippedEpisodes).map(\.episode)
      #expect((1..<12).contains(skipped.count) && skipped.contains(Int(match.1) ?? -1))
      #expect(result.arms.map(\.test.episodes) == [24 - skipped.count, 24 - skipped.count])
      #expect(
        result.comparisons.filter { $0.condition == nil }.allSatisfy { $0.episodes == 24 - skipped.count })
      let rows = try String(contentsOfFile: folder + "/skip/eval/episodes.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      for arm in result.arms.map(\.name) {
        let own = rows.filter { $0[0] == arm && $0[1] == "clean" }.compactMap { Int($0[2]) }
        #expect(own == (0..<24).filter { !skipped.contains($0) })
      }
      #expect(
        result.arms.allSatisfy { $0.test.accuracy.mean.isFinite && $0.test.curve.allSatisfy(\.loss.isFinite) }
      )
      #expect(try RunResult(json: result.json()).skippedEpisodes == result.skippedEpisodes)
    }
  }

  @Test("in an evaluation the training that breaks is left out and said, and the others are reported")
  func evaluation() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 4), imagesPerClass: 6) {
      data, folder in
      var plan = fragile(data, folder + "/fragile")
      // On four test episodes nothing breaks, or they are skipped: the run itself has to end.
      plan.onNonfinite = .skip
      _ = try await Runner(plan: plan, families: families).run(progress: SilentProgress())
      for seed in [UInt64(0), 1] {
        (plan.family, plan.adapt, plan.seed, plan.output) = (
          "standard", "all", seed, "\(folder)/standard\(seed)"
        )
        _ = try await Runner(plan: plan, families: families).run(progress: SilentProgress())
      }
      func study(_ names: [String], _ rule: NonfiniteRule) throws -> Study {
        var settings = StudySettings()
        (settings.conditions, settings.robustnessEpisodes, settings.probeEpisodes) = (.short, 4, 3)
        // Under many conditions nearly every episode breaks somewhere.
        (settings.onNonfinite, settings.suite) = (rule, rule == .skip ? .speed : .all)
        return try Study(
          of: names.flatMap { try TrainedRun.all(in: "\(folder)/\($0)", families: families) },
          settings: settings, progress: SilentProgress())
      }
      let all = ["fragile", "standard0", "standard1"]
      let stopped = try await study(all, .stop).evaluate(
        as: .evaluation, into: folder + "/stop", command: "again")
      #expect(stopped.arms.map(\.name) == ["standard-all"] && stopped.skippedEpisodes == nil)
      #expect(stopped.failed?.map(\.arm) == ["fragile-kernels"])
      #expect(stopped.failed?.first?.reason.contains("--replay-episode test:") == true)
      let without = try await study(["standard0", "standard1"], .stop).evaluate(
        as: .evaluation, into: folder + "/without", command: "again")
      #expect(stopped.arms[0].test.accuracy == without.arms[0].test.accuracy)
      #expect(stopped.arms[0].robustness == without.arms[0].robustness)

      let skipping = try await study(all, .skip).evaluate(
        as: .evaluation, into: folder + "/skip", command: "again")
      let skipped = try #require(skipping.skippedEpisodes)
      #expect(skipping.failed == nil && skipping.arms.count == 2)
      #expect(skipping.arms.allSatisfy { $0.test.episodes == 24 - skipped.count })
      // Where arms are not compared episode by episode, it counts as wholly wrong, and is counted.
      let wrong = skipping.arms.map { ($0.speed?.shapes ?? []).compactMap(\.nonfinite).reduce(0, +) }
      #expect(wrong[0] > 0 && wrong[1] == 0)

      // Under many conditions most episodes break somewhere: then it is the training that is left out.
      var settings = StudySettings()
      (settings.suite, settings.conditions, settings.onNonfinite) = (.robustness, .short, .skip)
      settings.robustnessEpisodes = 4
      let perturbed = try await Study(
        of: all.flatMap { try TrainedRun.all(in: "\(folder)/\($0)", families: families) },
        settings: settings, progress: SilentProgress()
      ).evaluate(as: .evaluation, into: folder + "/perturbed", command: "again")
      let reason = perturbed.failed?.first?.reason ?? ""
      let condition = try #require(reason.firstMatch(of: /the first of them [0-9]+ under ([^,]+),/)?.1)
      #expect(reason.contains("(it shows the clean episode, without \(condition))"), "\(reason)")

      // With nothing left to report, the reason is the error.
      await #expect(throws: SelfCheckError.self) {
        _ = try await study(["fragile"], .stop).evaluate(
          as: .evaluation, into: folder + "/alone", command: "again")
      }
    }
  }

  @Test("inner loops that explode are counted in the metrics, and listed and replayed by their episode")
  func exploding() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      plan.innerRate = .fixed(100)
      plan.iterations = 1
      let watcher = StepWatcher()
      let result = try await plan.run(watcher)
      let exploded = try #require(result.arms[0].seeds[0].exploded)
      #expect(watcher.notes.contains { $0.contains("exploded in training episode") })
      #expect(watcher.notes.contains { $0.contains("--replay-episode test:\(exploded[0])") })
      let replay = try EpisodeReplay(
        EpisodeName("test:\(exploded[0])"), of: plan, families: FamilyRegistry.families,
        folder: folder + "/run", progress: SilentProgress())
      let last = try #require(replay.steps.last)
      #expect(last.queryLoss.isFinite && last.queryLoss > 10 * log(3))
      let rows = try String(contentsOfFile: folder + "/run/metrics.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      let column = try #require(rows[0].firstIndex(of: "exploded"))
      #expect(rows.dropFirst().allSatisfy { (Int($0[column]) ?? 0) > 0 })

      // An evaluation on more episodes than the run had, by other statistics.
      var settings = StudySettings()
      (settings.suite, settings.episodes, settings.probeEpisodes) = (.speed, 8, 2)
      settings.normStatistics = .support
      let more = StepWatcher()
      let study = try await Study(
        of: TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families), settings: settings,
        progress: more
      ).evaluate(as: .evaluation, into: folder + "/study", command: "again")
      let beyond = try #require(study.arms[0].seeds[0].exploded?.last)
      try #require(beyond >= plan.episodes)
      #expect(more.notes.contains { $0.contains("(it shows the clean episode, without statistics support)") })
      let seen = try EpisodeReplay(
        EpisodeName("test:\(beyond)"), of: plan, families: FamilyRegistry.families,
        folder: folder + "/run", progress: SilentProgress())
      #expect(seen.steps.last.map { $0.queryLoss > 10 * log(3) } == true)
      let error = #expect(throws: ConfigurationError.self) {
        try EpisodeReplay(
          EpisodeName("validation:\(beyond)"), of: plan, families: FamilyRegistry.families,
          folder: folder + "/run", progress: SilentProgress())
      }
      #expect(error?.field == "replay-episode")
    }
  }

  @Test("the replay of a baseline's test episode names the baseline, also in the run that trained it")
  func baseline() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.innerRate, plan.iterations, plan.baseline) = (.fixed(100), 1, .standard)
      let watcher = StepWatcher()
      _ = try await plan.run(watcher)
      let notes = watcher.notes.filter { $0.contains("test episodes. See the first") }
      #expect(notes.count == 2)
      #expect(notes.allSatisfy { $0.contains("episode baseline:test:") == $0.hasPrefix("standard-all") })
    }
  }

  @Test("without inner steps nothing is said to explode, however large the loss")
  func prototypes() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      // So large a step makes the last layer's outputs, and with them the distances, as large.
      (plan.learner, plan.outerRate, plan.iterations) = (.prototypical, 1000, 3)
      let watcher = StepWatcher()
      let result = try await plan.run(watcher)
      #expect(result.arms[0].test.curve[0].loss > 10 * log(3))
      #expect(result.arms[0].seeds[0].exploded == nil)
      #expect(!watcher.notes.contains { $0.contains("exploded") })
      let rows = try String(contentsOfFile: folder + "/run/metrics.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let column = try #require(rows[0].firstIndex(of: "exploded"))
      let loss = try #require(rows[0].firstIndex(of: "loss"))
      #expect(rows.dropFirst().contains { (Double($0[loss]) ?? 0) > 10 * log(3) })
      #expect(rows.dropFirst().allSatisfy { $0[column] == "0" })
    }
  }

  @Test(
    "episodes have names",
    arguments: [
      ("17", "training episode 17"), ("train:0", "training episode 0"),
      ("validation:3", "validation episode 3"),
      ("test:5", "test episode 5"), ("baseline:test:5", "test episode 5"),
    ])
  func names(text: String, words: String) throws { #expect(try EpisodeName(text).words == words) }

  @Test(
    "what is no episode is refused",
    arguments: ["", "-1", "x", "test", "test:", "best:1", "baseline:3", "a:b:1"])
  func faults(text: String) {
    let error = #expect(throws: ConfigurationError.self) { try EpisodeName(text) }
    #expect(error?.field == "replay-episode")
  }
}
