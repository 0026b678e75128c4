import ConvFamilies
import Foundation
import Images
import Jobs
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing

/// What may happen to a folder while a command works in it.
enum Disturbance: String, CaseIterable {
  case moved, removed, replaced

  func apply(to folder: String) throws {
    switch self {
    case .moved: try FileManager.default.moveItem(atPath: folder, toPath: folder + "-moved")
    case .removed:
      // A worker may write a file between the emptying of a folder and its removal.
      for _ in 0..<100 {
        try? FileManager.default.removeItem(atPath: folder)
        if !FileManager.default.fileExists(atPath: folder) { return }
      }
      try FileManager.default.removeItem(atPath: folder)
    case .replaced:
      try FileManager.default.moveItem(atPath: folder, toPath: folder + "-moved")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
  }
}

@Suite("A folder that is moved or removed under a command")
struct MovedFolderTests {
  private func withRun(_ body: (_ plan: Plan, _ folder: String) async throws -> Void) async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      (plan.iterations, plan.innerRate, plan.attributionEpisodes) = (6, .fixed(0.1), 0)
      try await body(plan, folder)
    }
  }

  /// Does something at one step of the work, once.
  private func at(_ stage: String, _ done: Int, _ body: @escaping @Sendable () throws -> Void) -> StepWatcher
  {
    StepWatcher { name, count in
      guard name.hasPrefix(stage), count == done else { return }
      do { try body() } catch { Issue.record("\(error)") }
    }
  }

  @Test(
    "a run stops, leaves nothing in another folder, and goes on where it is",
    arguments: Disturbance.allCases, ["train", "test"])
  func run(_ disturbance: Disturbance, _ stage: String) async throws {
    try await withRun { plan, folder in
      _ = try await plan.run()
      let other = plan.moved(to: folder + "/disturbed")
      let watcher = at(stage, 3) { try disturbance.apply(to: folder + "/disturbed") }
      await #expect(throws: RunFolderError.moved(path: folder + "/disturbed")) {
        try await other.run(watcher)
      }
      let left = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/disturbed")) ?? []
      #expect(left.isEmpty, "\(left)")
      #expect(!watcher.notes.contains { $0.contains("Continue with") })
      guard disturbance != .removed else { return }
      _ = try await plan.moved(to: folder + "/disturbed-moved").resume()
      #expect(
        try RunFiles(folder + "/disturbed-moved").differences(from: RunFiles(folder + "/whole")) == [])
    }
  }

  @Test(
    "files that are removed under a run are there at its end",
    arguments: [
      "config.json", "metrics.csv", "checkpoints/best.safetensors", "checkpoints", "episodes", "eval",
    ])
  func removedFile(_ name: String) async throws {
    try await withRun { plan, folder in
      _ = try await plan.run()
      let other = plan.moved(to: folder + "/disturbed")
      _ = try await other.run(
        at("test", 1) { try FileManager.default.removeItem(atPath: "\(folder)/disturbed/\(name)") })
      #expect(FileManager.default.fileExists(atPath: folder + "/disturbed/config.json"))
      // The accuracy of the last validation is a note in a header, which only the removed file had.
      let differences = try RunFiles(folder + "/disturbed").differences(from: RunFiles(folder + "/whole"))
      #expect(differences.allSatisfy { $0 == "checkpoints/last.safetensors" }, "\(differences)")
    }
  }

  @Test("an evaluation stops too, and goes on where it is", arguments: Disturbance.allCases)
  func evaluation(_ disturbance: Disturbance) async throws {
    try await withRun { plan, folder in
      _ = try await plan.run()
      var settings = StudySettings()
      (settings.suite, settings.probeEpisodes, settings.attribution) = (.speed, 2, .none)
      settings.checkpointMinutes = 1e-9
      let wanted = settings
      func evaluate(_ name: String, _ watcher: StepWatcher = StepWatcher()) async throws -> RunResult {
        let trained = try TrainedRun.all(in: folder + "/whole", families: FamilyRegistry.families)
        return try await Study(of: trained, settings: wanted, progress: watcher)
          .evaluate(as: .evaluation, into: "\(folder)/\(name)", command: "again")
      }
      // The last of three tasks: two workers do them, so the result of one of the others is saved.
      let watcher = at("test", 3) { try disturbance.apply(to: folder + "/study") }
      await #expect(throws: RunFolderError.moved(path: folder + "/study")) {
        try await evaluate("study", watcher)
      }
      guard disturbance != .removed else { return }
      let again = StepWatcher()
      _ = try await evaluate("study-moved", again)
      #expect(again.notes.contains { $0.contains("tasks were already measured") })
    }
  }
}
