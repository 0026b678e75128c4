import ConvFamilies
import Evaluation
import Files
import Foundation
import Jobs
import MetaLearning
import Networks
import Results
import SafeTensors
import Settings
import Studies
import TestRuns
import Testing
import Training

@Suite("Evaluations of trained runs")
struct StudyTests {
  private let families = FamilyRegistry.families

  private func train(
    _ data: String, _ output: String, _ change: (inout Plan) -> Void = { _ in }
  ) async throws -> String {
    var plan = tinyPlan(data, output)
    plan.baseline = .none
    change(&plan)
    _ = try await Runner(plan: plan, families: families).run(progress: SilentProgress())
    return output
  }

  private func study(_ folders: [String], _ settings: StudySettings) throws -> Study {
    let runs = try folders.flatMap { try TrainedRun.all(in: $0, families: families) }
    return try Study(of: runs, settings: settings, progress: SilentProgress())
  }

  private var quick: StudySettings {
    var settings = StudySettings()
    settings.conditions = .short
    settings.robustnessEpisodes = 3
    settings.probeEpisodes = 3
    return settings
  }

  @Test("seeds become one arm, options tell namesakes apart, and every arm is compared with the standard one")
  func arms() async throws {
    try await withTinyData { data, folder in
      var folders: [String] = []
      for seed in [UInt64(0), 1] {
        folders.append(try await train(data, "\(folder)/atoms\(seed)") { $0.seed = seed })
        folders.append(
          try await train(data, "\(folder)/standard\(seed)") {
            ($0.family, $0.adapt, $0.seed) = ("standard", "all", seed)
          })
      }
      folders.append(try await train(data, folder + "/four") { $0.options = ["atoms": "4"] })
      let result = try await study(folders, quick).evaluate(
        as: .evaluation, into: folder + "/study", command: "again")
      #expect(result.arms.map(\.name) == ["acdc-atoms atoms=default", "standard-all", "acdc-atoms atoms=4"])
      #expect(result.arms.map(\.seeds.count) == [2, 2, 1])
      #expect(result.arms[0].betweenSeedDeviation != nil && result.arms[2].betweenSeedDeviation == nil)
      #expect(result.comparisons.allSatisfy { $0.b == "standard-all" })
      let plain = result.comparisons.filter { $0.condition == nil && $0.metric == "accuracy" }
      #expect(plain.map(\.a) == ["acdc-atoms atoms=default", "acdc-atoms atoms=4"])
      #expect(plain.map(\.seeds) == [2, 1])
      // Pooled accuracy is the mean over the seeds, on the same episodes.
      let seeds = result.arms[0].seeds.map(\.accuracy.mean)
      #expect(abs(result.arms[0].test.accuracy.mean - (seeds[0] + seeds[1]) / 2) < 1e-12)
      #expect(
        abs(plain[0].difference - (result.arms[0].test.accuracy.mean - result.arms[1].test.accuracy.mean))
          < 1e-12)
      #expect(result.arms.allSatisfy { $0.speed?.rateGrid != nil && !$0.robustness.isEmpty })
      for name in ["results.json", "eval/episodes.csv", "eval/curves.csv", "episodes/test.jsonl"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/study/\(name)"), "\(name)")
      }
    }
  }

  @Test("where the order of the gradient varies, each arm is compared with the standard one of its order")
  func references() async throws {
    try await withTinyData { data, folder in
      var folders: [String] = []
      for order in [DerivativeOrder.first, .second] {
        folders.append(try await train(data, "\(folder)/atoms-\(order)") { $0.order = order })
        folders.append(
          try await train(data, "\(folder)/standard-\(order)") {
            ($0.family, $0.adapt, $0.order) = ("standard", "all", order)
          })
      }
      var settings = quick
      settings.suite = .speed
      let result = try await study(folders, settings).evaluate(
        as: .evaluation, into: folder + "/study", command: "again")
      let pairs = Set(result.comparisons.map { [$0.a, $0.b] })
      #expect(
        pairs == [
          ["acdc-atoms order=first", "standard-all order=first"],
          ["acdc-atoms order=second", "standard-all order=second"],
        ])
      let metrics = Set(result.comparisons.map(\.metric))
      #expect(metrics.isSuperset(of: ["accuracy", "accuracy_after_1_step", "area_under_curve"]))
    }
  }

  @Test("a run on the built-in glyphs beside one on a folder is refused in plain words")
  func glyphs() async throws {
    try await withTinyData { data, folder in
      let run = try await train(data, folder + "/run")
      try FileManager.default.copyItem(atPath: run, toPath: folder + "/glyphs")
      let file = URL(fileURLWithPath: folder + "/glyphs/config.json")
      var settings = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      settings["data"] = nil
      var environment = try #require(settings["environment"] as? [String: Any])
      environment["data_hash"] = "0"
      settings["environment"] = environment
      try JSONSerialization.data(withJSONObject: settings).write(to: file)
      let error = #expect(throws: ConfigurationError.self) { try study([run, folder + "/glyphs"], quick) }
      #expect(
        "\(error.map { "\($0)" } ?? "")".contains(
          "data is \"the built-in glyphs\", but its images are not those of \(run)"))
    }
  }

  @Test("under statistics of the support the whole evaluation is that of their condition")
  func supportStatistics() async throws {
    try await withTinyData { data, folder in
      let run = try await train(data, folder + "/run")
      var settings = quick
      var found: [RunResult] = []
      for statistics in [NormalisationStatistics.batch, .support] {
        (settings.normStatistics, settings.robustnessEpisodes) = (statistics, 1000)
        found.append(
          try await study([run], settings).evaluate(
            as: .evaluation, into: "\(folder)/\(statistics)", command: "again"))
      }
      func row(_ result: RunResult, _ name: String) -> Estimate? {
        result.arms[0].robustness.first { $0.condition == Condition(group: .normalisation, name: name) }?
          .accuracy
      }
      #expect(found.map(\.normStatistics) == [.batch, .support])
      #expect(row(found[0], "support-statistics") == found[1].arms[0].test.accuracy)
      #expect(row(found[1], "batch-statistics") == found[0].arms[0].test.accuracy)
    }
  }

  @Test(
    "a baseline that several runs bring along is one, unless its bytes differ: then one is reported, and that is said"
  )
  func baselines() async throws {
    try await withTinyData { data, folder in
      var folders: [String] = []
      for family in ["acdc", "svd"] {
        folders.append(
          try await train(data, "\(folder)/\(family)") { ($0.family, $0.baseline) = (family, .standard) })
      }
      var settings = quick
      settings.suite = .speed
      let same = try await study(folders, settings).evaluate(
        as: .evaluation, into: folder + "/same", command: "again")
      #expect(same.failed == nil && same.arms.count == 3)

      let file = URL(fileURLWithPath: folders[1] + "/checkpoints/baseline/best.safetensors")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count - 4] ^= 1
      try bytes.write(to: file)
      #expect(throws: StoredResultError.self) { try study(folders, settings) }
      // As another machine could have trained it.
      try Data(SealedFile.encode(SafeTensorsFile(bytes: [UInt8](bytes)))).write(to: file)
      let other = try await study(folders, settings).evaluate(
        as: .evaluation, into: folder + "/other", command: "again")
      #expect(other.failed?.map(\.folder) == [folders[1]] && other.arms.count == 3)
      #expect(other.failed?.first?.reason.contains("\(folders[0]) has the same training") == true)
      #expect(other.arms.map(\.test.accuracy) == same.arms.map(\.test.accuracy))
    }
  }

  @Test("a run's own figures come out again, for any number of workers")
  func sameFigures() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      let run = try await Runner(plan: plan, families: families).run(progress: SilentProgress())
      plan.output = nil
      var found: [RunResult] = []
      for threads in [1, 3] {
        var settings = quick
        (settings.suite, settings.threads) = (.speed, threads)
        found.append(
          try await study([folder + "/run"], settings).evaluate(
            as: .evaluation, into: "\(folder)/study\(threads)", command: "again"))
      }
      for result in found {
        #expect(result.arms.map(\.name) == run.arms.map(\.name))
        #expect(result.arms.map(\.test.accuracy) == run.arms.map(\.test.accuracy))
        #expect(result.arms.map(\.test.areaUnderCurve) == run.arms.map(\.test.areaUnderCurve))
        #expect(result.arms.allSatisfy { $0.robustness.isEmpty })
      }
      #expect(found[0].comparisons == found[1].comparisons)
    }
  }

  @Test("runs that meet other episodes, and the same training twice, are refused with the reason")
  func refusals() async throws {
    try await withTinyData { data, folder in
      let first = try await train(data, folder + "/first")
      let other = try await train(data, folder + "/other") { $0.shots = 2 }
      let shots = #expect(throws: ConfigurationError.self) { try study([first, other], quick) }
      #expect(shots?.field == "shots" && shots?.value == "2")
      let twice = #expect(throws: ConfigurationError.self) { try study([first, first], quick) }
      #expect(twice?.reason.contains("same training") == true)
      #expect(throws: ConfigurationError.self) { try study([], quick) }
      #expect(throws: ConfigurationFileError.self) { try study([folder + "/none"], quick) }
    }
  }
}
