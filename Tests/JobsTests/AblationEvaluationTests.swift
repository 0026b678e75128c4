import ConvFamilies
import Evaluation
import Files
import Foundation
import Images
import Jobs
import Networks
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing

@Suite("Evaluation of an ablation's cells")
struct AblationEvaluationTests {
  private let families = FamilyRegistry.families

  /// Cells of a grid, trained where the ablation looks for them.
  private func ablation(
    _ grid: String, in folder: String, episodes: Int = 4, steps: Int = 2,
    _ progress: any ProgressReporter = SilentProgress()
  ) async throws -> Ablation {
    let base =
      "{data: \(folder)/data, image-size: 16, filters: 4, ways: 3, queries: 2, train-queries: 2, "
      + "validation-queries: 2, meta-batch: 2, iterations: 1, episodes: \(episodes), validation-episodes: 2, "
      + "evaluation-steps: \(steps), inner-rate: 0.1}"
    let cells = try Grid("base: \(base)\ngrid: {\(grid)}", from: "grid").cells(families: families)
    for cell in cells {
      let path = "\(folder)/out/cells/\(cell.name)"
      guard !FileManager.default.fileExists(atPath: path) else { continue }
      _ = try await cell.plan().moved(to: path).run()
    }
    return try Ablation(
      cells, in: folder + "/out", executable: "/bin/false", jobs: 1, threads: 1, progress: progress)
  }

  private var settings: StudySettings {
    var settings = StudySettings()
    (settings.conditions, settings.robustnessEpisodes, settings.probeEpisodes) = (.short, 3, 3)
    return settings
  }

  private func summary(_ ablation: Ablation) async throws -> AblationSummary {
    try await ablation.evaluate(
      await ablation.train(), settings: settings, families: families, command: "again")
  }

  private func result(_ folder: String) throws -> RunResult { try RunResult(folder: folder) }

  @Test("a second call measures nothing again; new cells are measured and old ones are not")
  func again() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) { _, folder in
      let arms = "arm: [{family: acdc, adapt: atoms}, {family: standard, adapt: all}]"
      #expect(try await summary(ablation("\(arms), seed: [0]", in: folder)).unreported.isEmpty)
      let first = try result(folder + "/out")
      let idle = StepWatcher { stage, _ in
        if stage.hasPrefix("test") || stage == "robustness" { Issue.record("\(stage) was done again") }
      }
      _ = try await summary(ablation("\(arms), seed: [0]", in: folder, idle))
      #expect(idle.notes.contains { $0.contains("this evaluation is finished") })
      #expect(try result(folder + "/out").json() == first.json())

      let more = StepWatcher()
      _ = try await summary(ablation("\(arms), seed: [0, 1]", in: folder, more))
      #expect(more.notes.contains { $0.contains("begun with other settings") && $0.contains("seed 1") })
      #expect(more.notes.contains { $0.contains("tasks were already measured") })
      let grown = try result(folder + "/out")
      #expect(grown.arms.map(\.seeds.count) == [2, 2])
      #expect(grown.arms.map(\.seeds[0].accuracy) == first.arms.map(\.seeds[0].accuracy))
    }
  }

  @Test("a grown grid whose evaluation is cut off is not finished, and the next call gives its report")
  func cutOff() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) { _, folder in
      _ = try await summary(ablation("seed: [0]", in: folder))
      let handle = Mutex<Task<AblationSummary, any Error>?>(nil)
      let watcher = StepWatcher { stage, _ in
        if stage.hasPrefix("test") { handle.withLock { $0?.cancel() } }
      }
      let (go, start) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        for await _ in go { break }
        // Made here, so that its lock goes with it.
        return try await summary(ablation("seed: [0, 1]", in: folder, watcher))
      }
      handle.withLock { $0 = task }
      start.yield()
      await #expect(throws: CancellationError.self) { try await task.value }
      // What is there is the report of the smaller grid.
      #expect(try result(folder + "/out").arms.map(\.seeds.count) == [1])

      let again = StepWatcher()
      _ = try await summary(ablation("seed: [0, 1]", in: folder, again))
      #expect(!again.notes.contains { $0.contains("this evaluation is finished") })
      #expect(try result(folder + "/out").arms.map(\.seeds.count) == [2])
    }
  }

  @Test("how many episodes and steps cells are tested on, the grid says, also for those that are trained")
  func testing() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) { _, folder in
      _ = try await summary(ablation("seed: [0]", in: folder))
      for (episodes, steps) in [(5, 2), (5, 3), (3, 3)] {
        let watcher = StepWatcher()
        _ = try await summary(
          ablation("seed: [0]", in: folder, episodes: episodes, steps: steps, watcher))
        #expect(watcher.notes.contains { $0.contains("begun with other settings") })
        let test = try result(folder + "/out").arms[0].test
        #expect(test.episodes == episodes && test.curve.count == steps + 1)
      }
    }
  }

  @Test("each shape and folder of images has its own report; an earlier one at the root is set aside")
  func shapes() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      _ = try await summary(ablation("shots: [1]", in: folder))
      #expect(FileManager.default.fileExists(atPath: folder + "/out/results.json"))
      let two = try await summary(ablation("shots: [1, 2]", in: folder))
      #expect(two.reports == ["\(folder)/out/evaluation-shots1", "\(folder)/out/evaluation-shots2"])
      #expect(try two.reports.map { try result($0).shots } == [1, 2])
      #expect(!FileManager.default.fileExists(atPath: folder + "/out/results.json"))
      #expect(try result(folder + "/out/earlier-evaluation-1").shots == 1)

      // Two folders of different images with the same last name.
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: data, toPath: "\(folder)/\(name)/images")
      }
      let spare = try #require(
        try FileManager.default.subpathsOfDirectory(atPath: folder + "/b/images")
          .first { $0.hasPrefix("train/") && $0.hasSuffix(".png") })
      try FileManager.default.removeItem(atPath: "\(folder)/b/images/\(spare)")
      let images = try await ablation("data: [\(folder)/a/images, \(folder)/b/images]", in: folder)
      let paths = try await summary(images).reports
      #expect(Set(paths).count == 2 && paths.allSatisfy { $0.contains("/evaluation-dataimages~") })
      #expect(try paths.map { try result($0).data.path } == ["\(folder)/a/images", "\(folder)/b/images"])
    }
  }

  @Test("a cell that cannot be read is said and listed, and the others are reported")
  func damagedCell() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) { _, folder in
      let ablation = try await ablation("seed: [0, 1, 2]", in: folder)
      try Data("nothing".utf8).write(
        to: URL(fileURLWithPath: folder + "/out/cells/acdc-atoms-seed1/checkpoints/best.safetensors"))
      let found = try await summary(ablation)
      #expect(found.unreported.count == 1 && found.unreported[0].contains("acdc-atoms-seed1"))
      let result = try result(folder + "/out")
      #expect(result.arms.map { $0.seeds.map(\.seed) } == [[0, 2]])
      #expect(result.failed?.map(\.arm) == ["acdc-atoms-seed1"])
    }
  }

  @Test("a baseline that several runs bring along is one training")
  func sharedBaselines() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var runs: [TrainedRun] = []
      for adapt in ["atoms", "coefficients"] {
        var plan = tinyRun(data, "\(folder)/\(adapt)")
        (plan.adapt, plan.baseline, plan.iterations, plan.innerRate) = (adapt, .standard, 2, .fixed(0.1))
        _ = try await plan.run()
        runs += try TrainedRun.all(in: "\(folder)/\(adapt)", families: families)
      }
      #expect(runs.count == 4)
      var speed = settings
      speed.suite = .speed
      let result = try await Study(of: runs, settings: speed, progress: SilentProgress())
        .evaluate(as: .evaluation, into: folder + "/study", command: "again")
      #expect(result.arms.map(\.name) == ["acdc-atoms", "standard-all", "acdc-coefficients"])
      #expect(result.arms[1].seeds.count == 1 && result.comparisons.allSatisfy { $0.b == "standard-all" })
    }
  }
}
