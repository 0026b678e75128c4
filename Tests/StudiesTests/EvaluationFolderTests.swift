import ConvFamilies
import Files
import Foundation
import Images
import Results
import Settings
import Studies
import TestRuns
import Testing

@Suite("The folder of an evaluation")
struct EvaluationFolderTests {
  @Test("what a kill leaves at the very beginning may be taken, whatever was being written")
  func untouched() async throws {
    try await withFolder { folder in
      for name in [".lock", "evaluation.json.draft", "own.txt"] {
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        #expect(Study.mayUse(folder) == (name != "own.txt"), "\(name)")
      }
    }
  }

  @Test(
    "one that is not named: the same evaluation finds its own, another takes the next, and nobody takes one in use"
  )
  func choice() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.iterations, plan.innerRate, plan.attributionEpisodes) = (1, .fixed(0.1), 0)
      _ = try await plan.run()
      func evaluate(_ probes: Int, _ watcher: StepWatcher = StepWatcher()) async throws -> (RunResult, String)
      {
        var settings = StudySettings()
        (settings.suite, settings.probeEpisodes, settings.attribution) = (.speed, probes, .none)
        let trained = try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families)
        let study = try Study(of: trained, settings: settings, progress: watcher)
        let found = try await study.evaluate(as: .evaluation, below: folder + "/e/of", command: "again")
        return (found.result, found.folder)
      }
      let first = try await evaluate(2)
      #expect(first.1 == folder + "/e/of")
      let again = StepWatcher { stage, _ in if stage.hasPrefix("test") { Issue.record("measured again") } }
      let second = try await evaluate(2, again)
      #expect(try second.1 == first.1 && second.0.json() == first.0.json())
      #expect(again.notes.contains { $0.contains("this evaluation is finished") })
      #expect(try await evaluate(3).1 == folder + "/e/of-2")
      #expect(try await evaluate(3).1 == folder + "/e/of-2")
      // A folder of something else, and one in which a process works.
      try FileManager.default.createDirectory(
        atPath: folder + "/e/of-3/own", withIntermediateDirectories: true)
      let busy = try RunFolder(taking: folder + "/e/of")
      #expect(try await evaluate(2).1 == folder + "/e/of-4")
      withExtendedLifetime(busy) {}
    }
  }
}
