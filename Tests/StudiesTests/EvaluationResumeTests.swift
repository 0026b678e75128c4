import ConvFamilies
import Evaluation
import Files
import Foundation
import Images
import Networks
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing

@Suite("Evaluations that are cut off")
struct EvaluationResumeTests {
  private let families = FamilyRegistry.families

  /// Two arms, one of them with two seeds, and other images to test on.
  private func withRuns(_ body: (_ runs: [String], _ folder: String) async throws -> Void) async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var runs: [String] = []
      for (family, adapt, seed) in [("acdc", "atoms", 0), ("standard", "all", 0), ("standard", "all", 1)] {
        var plan = tinyRun(data, "\(folder)/\(family)\(seed)")
        (plan.family, plan.adapt, plan.seed, plan.iterations) = (family, adapt, UInt64(seed), 2)
        plan.innerRate = .fixed(0.1)
        plan.episodes = 6
        _ = try await plan.run()
        runs.append("\(folder)/\(family)\(seed)")
      }
      try GlyphSet.write(
        to: folder + "/other", seed: 1, classes: GlyphClasses(train: 4, validation: 3, test: 2),
        imagesPerClass: 6)
      try await body(runs, folder)
    }
  }

  private func settings(_ folder: String) -> StudySettings {
    var settings = StudySettings()
    (settings.conditions, settings.robustnessEpisodes, settings.probeEpisodes) = (.short, 4, 3)
    (settings.shiftData, settings.threads) = (folder + "/other", 1)
    // Every task is a moment to save.
    settings.checkpointMinutes = 1e-9
    return settings
  }

  private func evaluate(
    _ runs: [String], _ settings: StudySettings, into folder: String,
    _ progress: any ProgressReporter = SilentProgress()
  ) async throws -> RunResult {
    let trained = try runs.flatMap { try TrainedRun.all(in: $0, families: families) }
    return try await Study(of: trained, settings: settings, progress: progress)
      .evaluate(as: .evaluation, into: folder, command: "again")
  }

  @Test(
    "killed after any task and begun again with any number of threads: the same bytes, and nothing done twice"
  )
  func killed() async throws {
    try await withRuns { runs, folder in
      let snapshots = Mutex<[String]>([])
      let settings = settings(folder)
      let steps = StepWatcher { stage, done in
        guard stage.hasPrefix("test") || stage == "robustness" || stage.hasPrefix("data") else { return }
        let path = snapshots.withLock { list -> String in
          list.append("\(folder)/killed\(list.count)")
          return list[list.count - 1]
        }
        try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: path)
      }
      _ = try await evaluate(runs, settings, into: folder + "/whole", steps)
      let whole = try RunFiles(evaluation: folder + "/whole")
      #expect(!FileManager.default.fileExists(atPath: folder + "/whole/parts"))
      let paths = snapshots.withLock { $0 }
      // 18 curves, four episodes of conditions for all, twelve on other images.
      #expect(paths.count == 34)
      for (i, path) in paths.enumerated() where i % 3 == 0 || i > 28 {
        var again = settings
        (again.threads, again.checkpointMinutes) = (1 + i % 2, 1000)
        let watcher = StepWatcher()
        _ = try await evaluate(runs, again, into: path, watcher)
        #expect(try RunFiles(evaluation: path).differences(from: whole) == [], "killed at task \(i)")
        let kept = watcher.notes.compactMap { $0.firstMatch(of: /^([0-9]+) tasks were already measured/)?.1 }
        // All of every training that was done with, at the least.
        #expect(min(i, 18) / 6 * 6 <= kept.first.flatMap { Int($0) } ?? 0, "at task \(i): \(kept)")
      }
    }
  }

  @Test("cancelled: saved; parts that are damaged or of other settings are not used")
  func cancelled() async throws {
    try await withRuns { runs, folder in
      var settings = settings(folder)
      settings.checkpointMinutes = 1000
      _ = try await evaluate(runs, settings, into: folder + "/whole")
      let handle = Mutex<Task<RunResult, any Error>?>(nil)
      let (go, start) = AsyncStream.makeStream(of: Void.self)
      let watcher = StepWatcher { stage, done in
        if stage == "robustness", done == 2 { handle.withLock { $0?.cancel() } }
      }
      let (wanted, all) = (settings, runs)
      let task = Task {
        for await _ in go { break }
        return try await evaluate(all, wanted, into: folder + "/cut", watcher)
      }
      handle.withLock { $0 = task }
      start.yield()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(!FileManager.default.fileExists(atPath: folder + "/cut/results.json"))
      // Three files of curves and three of conditions.
      let parts = try FileManager.default.contentsOfDirectory(atPath: folder + "/cut/parts").sorted()
      #expect(parts.count == 6)
      for copy in ["damaged", "changed"] {
        try FileManager.default.copyItem(atPath: folder + "/cut", toPath: "\(folder)/\(copy)")
      }
      let whole = try RunFiles(evaluation: folder + "/whole")
      let log = Mutex<[String]>([])
      let resumed = StepWatcher { stage, done in
        log.withLock { $0.append("\(stage) \(done)") }
      } noting: { line in
        log.withLock { $0.append(line) }
      }
      _ = try await evaluate(runs, settings, into: folder + "/cut", resumed)
      // What was restored is told once, before the work it is part of, so that it passes for nobody's speed.
      let told = log.withLock { $0 }
      #expect(
        told.filter { $0.hasPrefix("test ") || $0.contains("curves") } == [
          "18 tasks were already measured (curves of adaptation)", "test acdc-atoms 6",
          "test standard-all 12",
        ], "\(told)")
      let robustness = told.filter { $0.contains("robustness") }
      #expect(
        robustness.first?.contains("tasks were already measured") == true
          && robustness.dropFirst().first.map {
            ["robustness 2", "robustness 3", "robustness 4"].contains($0)
          }
            == true
          && robustness.last == "robustness 4", "\(told)")
      #expect(try RunFiles(evaluation: folder + "/cut").differences(from: whole) == [])

      for part in parts.prefix(2) {
        let file = URL(fileURLWithPath: "\(folder)/damaged/parts/\(part)")
        var bytes = try Data(contentsOf: file)
        if part == parts[0] { bytes[bytes.count / 2] ^= 1 } else { bytes.removeLast(bytes.count / 3) }
        try bytes.write(to: file)
      }
      let said = StepWatcher()
      _ = try await evaluate(runs, settings, into: folder + "/damaged", said)
      #expect(said.notes.count { $0.contains("cannot be used") && $0.contains("measured again") } == 2)
      #expect(try RunFiles(evaluation: folder + "/damaged").differences(from: whole) == [])

      var other = settings
      other.steps = 4
      let changed = StepWatcher()
      _ = try await evaluate(runs, other, into: folder + "/changed", changed)
      #expect(changed.notes.contains { $0.contains("begun with other settings (steps was 2 and is 4)") })
      _ = try await evaluate(runs, other, into: folder + "/fresh")
      #expect(
        try RunFiles(evaluation: folder + "/changed")
          .differences(from: RunFiles(evaluation: folder + "/fresh")) == [])
    }
  }

  @Test("what was measured on images corrupted at one place is never used for the other")
  func places() async throws {
    try await withRuns { runs, folder in
      var settings = StudySettings()
      (settings.suite, settings.conditions, settings.robustnessEpisodes) = (.robustness, .short, 3)
      // An ablation keeps its parts when it is finished.
      func evaluate(_ place: CorruptionPlace, _ output: String, _ watcher: StepWatcher) async throws
        -> RunResult
      {
        settings.corruptAt = place
        let trained = try runs.flatMap { try TrainedRun.all(in: $0, families: families) }
        return try await Study(of: trained, settings: settings, progress: watcher)
          .evaluate(as: .ablation, into: output, command: "again")
      }
      let (first, second, third) = (StepWatcher(), StepWatcher(), StepWatcher())
      let network = try await evaluate(.network, folder + "/both", first)
      let original = try await evaluate(.original, folder + "/both", second)
      let parts = try FileManager.default.contentsOfDirectory(atPath: folder + "/both/parts")
      #expect(second.notes.contains { $0.contains("corrupt-at was network and is original") })
      #expect(second.notes.contains { $0.contains("already measured (curves of adaptation)") })
      #expect(!second.notes.contains { $0.contains("already measured (robustness)") }, "\(second.notes)")
      _ = try await evaluate(.original, folder + "/fresh", third)
      let (found, fresh) = (
        try RunFiles(evaluation: folder + "/both"), try RunFiles(evaluation: folder + "/fresh")
      )
      #expect(found.differences(from: fresh) == [])
      #expect(network.corruptAt == .network && original.corruptAt == .original)
      func changes(_ result: RunResult) -> [Double?] { result.arms[0].robustness.map(\.rmsChange) }
      #expect(changes(network) != changes(original) && changes(network)[0] == nil)
      // Three files of curves, three of attribution, and three of conditions at each place.
      #expect(parts.count == 12, "\(parts)")
    }
  }

  @Test("a finished evaluation gives its result again, and its folder is no other's; two at once are refused")
  func finished() async throws {
    try await withRuns { runs, folder in
      var settings = settings(folder)
      (settings.suite, settings.checkpointMinutes) = (.robustness, 1000)
      let first = try await evaluate(runs, settings, into: folder + "/study")
      let watcher = StepWatcher { stage, _ in Issue.record("\(stage) was done again") }
      settings.threads = 2
      #expect(try await evaluate(runs, settings, into: folder + "/study", watcher).json() == first.json())
      #expect(watcher.notes.contains { $0.contains("finished") })
      await #expect {
        _ = try await evaluate(Array(runs.prefix(2)), settings, into: folder + "/study")
      } throws: { error in
        guard case RunFolderError.otherEvaluation(_, let differences) = error else { return false }
        return differences.contains { $0.hasPrefix("training standard-all seed 1 was") }
      }
      let lock = try FolderLock(folder + "/study")
      await #expect { _ = try await evaluate(runs, settings, into: folder + "/study") } throws: { error in
        if case RunFolderError.inUse = error { true } else { false }
      }
      withExtendedLifetime(lock) {}
    }
  }

  @Test(
    "other images are opened before anything is measured; names tell folders apart; none may be named twice")
  func shiftData() async throws {
    try await withRuns { runs, folder in
      var settings = settings(folder)
      (settings.suite, settings.robustnessEpisodes, settings.checkpointMinutes) = (.robustness, 3, 1000)
      let untouched = StepWatcher { stage, _ in
        if stage.hasPrefix("test") { Issue.record("measured before the images were opened") }
      }
      settings.shiftData = "\(folder)/other,\(folder)/missing"
      await #expect(throws: (any Error).self) {
        try await evaluate(runs, settings, into: folder + "/a", untouched)
      }
      settings.shiftData = "\(folder)/other,\(folder)/../\(folder.split(separator: "/").last ?? "")/other/"
      await #expect {
        try await evaluate(runs, settings, into: folder + "/b", untouched)
      } throws: { error in
        (error as? ConfigurationError)?.reason.contains("named twice") == true
      }
      for name in ["one", "two"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder + "/other", toPath: "\(folder)/\(name)/images")
      }
      settings.shiftData = "\(folder)/one/images,\(folder)/two/images,\(folder)/other"
      let result = try await evaluate(runs, settings, into: folder + "/c")
      let rows = result.arms[0].robustness.filter { $0.condition.name.hasPrefix("data ") }
      #expect(rows.map(\.condition.name) == ["data one/images", "data two/images", "data other"])
      // The same images under two names, and fewer episodes than the test has.
      #expect(rows[0].accuracy == rows[1].accuracy)
      let compared = result.comparisons.filter { $0.condition?.name == "data other" }
      #expect(compared.count == 2 && compared.allSatisfy { $0.episodes == 3 })
    }
  }
}
