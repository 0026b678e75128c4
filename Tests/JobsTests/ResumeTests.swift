import ConvFamilies
import Files
import Foundation
import Images
import Jobs
import MetaLearning
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing
import Training

/// Kinds of training that differ in what a state has to hold.
enum TrainingKind: String, CaseIterable {
  case learnedRates, prototypes, pruning, twoArms, fitted, supervised, supervisedParts, supervisedPruning,
    reptile, elementwise

  func apply(to plan: inout Plan) {
    switch self {
    case .learnedRates: plan.adapt = "atoms+norm"
    case .prototypes:
      plan.learner = .prototypical
      plan.iterations = 6
    case .pruning:
      plan.iterations = 9
      plan.family = "svd"
      plan.filters = 8
      plan.options = ["prune-every": "3", "prune-after": "2", "energy": "0.8", "rank": "0.75"]
    case .reptile:
      (plan.learner, plan.family, plan.adapt, plan.head) = (.reptile, "standard", "all", .adapts)
      (plan.innerOptimizer, plan.innerSteps) = (.adam, 2)
    case .elementwise:
      // Each rate belongs to a number, and some of these go.
      (plan.iterations, plan.family, plan.filters, plan.adapt) = (9, "svd", 8, "factors+singular")
      (plan.elementwiseRates, plan.stepNorms) = (true, true)
      plan.options = ["prune-every": "3", "prune-after": "2", "energy": "0.8", "rank": "0.75"]
    case .twoArms:
      plan.baseline = .standard
      plan.iterations = 6
      plan.robustnessEpisodes = 2
      plan.innerRate = .fixed(0.1)
    case .supervised:
      (plan.learner, plan.iterations, plan.head) = (.supervised, 6, .centroid)
      (plan.supervision.batchSize, plan.supervision.averaging) = (6, 0.9)
      plan.supervision.augment = .init(rawValue: "crop+jitter")
    case .supervisedParts:
      (plan.learner, plan.iterations, plan.head) = (.supervised, 6, .centroid)
      // Parts of two and of three images.
      (plan.supervision.batchSize, plan.supervision.batchParts) = (7, 3)
    case .supervisedPruning:
      (plan.learner, plan.iterations, plan.head) = (.supervised, 9, .centroid)
      (plan.supervision.batchSize, plan.supervision.optimizer) = (6, .adamw)
      (plan.family, plan.filters, plan.outerRate) = ("svd", 8, 1e-3)
      plan.options = ["prune-every": "3", "prune-after": "2", "energy": "0.8", "rank": "0.75"]
    case .fitted:
      (plan.iterations, plan.head) = (6, .init(rawValue: "cosine") ?? .frozen)
      (plan.options, plan.adapt) = (["delta": "on"], "atoms-delta")
    }
  }
}

@Suite("Resuming a run")
struct ResumeTests {
  @Test(
    "killed at any update or trial and resumed with any number of threads: the same bytes",
    arguments: TrainingKind.allCases)
  func killed(_ kind: TrainingKind) async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      kind.apply(to: &plan)
      if kind == .fitted {
        var source = tinyRun(data, folder + "/source")
        (source.family, source.learner, source.iterations) = ("standard", .prototypical, 3)
        _ = try await source.run()
        plan.initial = folder + "/source"
      }
      // One worker, so that nothing is written while the folder is copied.
      plan.threads = 1
      // What stands on disk at a step is what a kill at this step leaves.
      let snapshots = Mutex<[String]>([])
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard
            stage.hasPrefix("train") || stage.hasPrefix("test") || stage == "robustness"
              || (stage.hasPrefix("rates") && done % 5 == 0)
          else { return }
          let path = snapshots.withLock { list -> String in
            list.append("\(folder)/killed\(list.count)")
            return list[list.count - 1]
          }
          try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: path)
        })
      let whole = try RunFiles(folder + "/whole")
      let paths = snapshots.withLock { $0 }
      #expect(paths.count >= plan.iterations)
      for (i, path) in paths.enumerated() {
        var again = plan.moved(to: path)
        again.threads = 1 + i % 3
        // Saved at other moments than before.
        again.checkpointMinutes = 1000
        _ = try await again.resume()
        #expect(try RunFiles(path).differences(from: whole) == [], "interrupted at step \(i)")
      }
      // The states of a finished run are gone.
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder + "/whole/checkpoints")
          .allSatisfy { !$0.hasPrefix("state") })
    }
  }

  @Test("when states are saved makes no difference, nor how often a run is stopped")
  func stopped() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      plan.checkpointMinutes = 1000
      _ = try await plan.run()
      plan.output = folder + "/stopped"
      var resumed = false
      for stop in [1, 2, 5, 20] {
        let current = plan
        let handle = Mutex<Task<RunResult, any Error>?>(nil)
        let (go, start) = AsyncStream.makeStream(of: Void.self)
        let watcher = StepWatcher { stage, done in
          if stage.hasPrefix("train"), done == stop { handle.withLock { $0?.cancel() } }
        }
        let isFirst = !resumed
        let task = Task {
          for await _ in go { break }
          return isFirst ? try await current.run(watcher) : try await current.resume(watcher)
        }
        handle.withLock { $0 = task }
        start.yield()
        await #expect { try await task.value } throws: { error in
          (error as? RunInterruption)?.description.contains("fewshot run --resume \(folder)/stopped") == true
        }
        resumed = true
      }
      let result = try await plan.resume()
      #expect(try RunFiles(folder + "/stopped").differences(from: RunFiles(folder + "/whole")) == [])

      // A finished run gives its result again and says so.
      let watcher = StepWatcher()
      let again = try await plan.resume(watcher)
      #expect(try again.json() == result.json())
      #expect(watcher.notes.contains { $0.contains("finished") })
      // It cannot become another run, not even by force; what is free may change.
      var other = plan
      other.outerRate = 1e-3
      for isForced in [false, true] {
        await #expect { try await other.resume(anyway: isForced) } throws: { error in
          (error as? ResumeRefusal)?.isFinished == true && "\(error)".contains("outer-rate was")
        }
      }
      other = plan
      other.threads = 2
      #expect(try await other.resume().json() == result.json())
    }
  }

  @Test("a damaged state is noticed and the one before it used; without a whole one the error names them")
  func damaged() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      plan.innerRate = .fixed(0.1)
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard stage.hasPrefix("train"), done == 8 else { return }
          for copy in ["cut", "changed", "both", "half"] {
            try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: "\(folder)/\(copy)")
          }
        })
      let whole = try RunFiles(folder + "/whole")
      func states(_ copy: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
          at: URL(fileURLWithPath: "\(folder)/\(copy)/checkpoints"), includingPropertiesForKeys: nil
        ).filter { $0.lastPathComponent.hasPrefix("state") }.sorted { $0.path < $1.path }
      }
      #expect(try states("cut").map(\.lastPathComponent) == [6, 7].map { "state-00000000\($0).safetensors" })
      func change(_ file: URL, _ body: (inout Data) -> Void) throws {
        var bytes = try Data(contentsOf: file)
        body(&bytes)
        try bytes.write(to: file)
      }
      try change(states("cut")[1]) { $0.removeLast($0.count / 3) }
      try change(states("changed")[1]) { $0[$0.count / 2] ^= 1 }
      for copy in ["cut", "changed"] {
        let watcher = StepWatcher()
        _ = try await plan.moved(to: "\(folder)/\(copy)").resume(watcher)
        #expect(watcher.notes.contains { $0.contains("state-000000007") && $0.contains("cannot use") })
        #expect(watcher.notes.contains { $0.contains("after update 6 of 20") })
        #expect(try RunFiles("\(folder)/\(copy)").differences(from: whole) == [])
      }
      for file in try states("both") { try change(file) { $0[12] ^= 8 } }
      await #expect { try await plan.moved(to: folder + "/both").resume() } throws: { error in
        let text = "\(error)"
        return error is DamagedStates && text.contains("state-000000006") && text.contains("state-000000007")
      }
      // Files that were never finished are no states, and go.
      let draft = folder + "/half/checkpoints/state-000000009.safetensors" + DurableFile.draftSuffix
      try Data("half".utf8).write(to: URL(fileURLWithPath: draft))
      try Data("half a row".utf8).write(to: URL(fileURLWithPath: folder + "/half/metrics.csv"))
      _ = try await plan.moved(to: folder + "/half").resume()
      #expect(!FileManager.default.fileExists(atPath: draft))
      #expect(try RunFiles(folder + "/half").differences(from: whole) == [])
    }
  }

  @Test("where the first arm has to go back while the second is further, all rows keep their order")
  func damagedFirstArm() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      TrainingKind.twoArms.apply(to: &plan)
      // One worker, so that nothing is written while the folder is copied.
      plan.threads = 1
      let steps = ["train standard-all 3", "train standard-all 6", "robustness 1"]
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard let i = steps.firstIndex(of: "\(stage) \(done)") else { return }
          try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: "\(folder)/back\(i)")
        })
      let whole = try RunFiles(folder + "/whole")
      for i in steps.indices {
        let path = "\(folder)/back\(i)/checkpoints"
        let newest = try #require(
          try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("state") }.max())
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(path)/\(newest)"))
        _ = try await plan.moved(to: "\(folder)/back\(i)").resume()
        #expect(try RunFiles("\(folder)/back\(i)").differences(from: whole) == [], "\(steps[i])")
      }
    }
  }

  @Test("a class that moved to another split is noticed although every image is the same")
  func movedClass() async throws {
    try await withTinyData(GlyphClasses(train: 5, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      let classes = try FileManager.default.subpathsOfDirectory(atPath: data)
        .filter { $0.split(separator: "/").count == 2 && !$0.hasSuffix(".png") }.sorted()
      func write(_ moved: String?) throws {
        let lines = classes.map { "\($0),\($0 == moved ? "test" : String($0.split(separator: "/")[0]))" }
        try (["class,split"] + lines).joined(separator: "\n")
          .write(toFile: folder + "/split.csv", atomically: true, encoding: .utf8)
      }
      try write(nil)
      var plan = tinyRun(data, folder + "/run")
      plan.prototypes()
      plan.split = folder + "/split.csv"
      plan.iterations = 4
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard stage.hasPrefix("train"), done == 2 else { return }
          try? FileManager.default.copyItem(atPath: folder + "/run", toPath: folder + "/copy")
        })
      try write(classes.last { $0.hasPrefix("train") })
      await #expect { try await plan.moved(to: folder + "/copy").resume() } throws: { error in
        (error as? ResumeRefusal)?.description.contains("split_hash was") == true
      }
      // And training classes are not tested.
      let runs = try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families)
      var settings = StudySettings()
      settings.suite = .speed
      let study = try Study(of: runs, settings: settings, progress: SilentProgress())
      await #expect {
        _ = try await study.evaluate(as: .evaluation, into: folder + "/study", command: "again")
      } throws: { "\($0)".contains("training classes may be tested") }
    }
  }

  @Test("other settings, images or programs are refused by name, unless told otherwise")
  func refused() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/whole")
      plan.prototypes()
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard stage.hasPrefix("train"), done == 8 else { return }
          for copy in ["a", "b", "c", "d"] {
            try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: "\(folder)/\(copy)")
          }
        })
      func refuses(_ plan: Plan, _ words: String) async {
        await #expect { try await plan.resume() } throws: { error in
          (error as? ResumeRefusal)?.description.contains(words) == true
        }
      }
      var other = plan.moved(to: folder + "/a")
      other.outerRate = 1e-3
      other.iterations = 22
      await refuses(other, "iterations was 20 and is 22; outer-rate was 0.002 and is 0.001")
      #expect(try await other.resume(anyway: true).arms[0].train.iterations == 22)

      // An edited configuration is noticed although the command agrees with it.
      let config = folder + "/b/config.json"
      let text = try String(contentsOfFile: config, encoding: .utf8)
      try text.replacingOccurrences(of: "\"outer-rate\": 0.002", with: "\"outer-rate\": 0.001")
        .write(toFile: config, atomically: true, encoding: .utf8)
      other = plan.moved(to: folder + "/b")
      other.outerRate = 1e-3
      await refuses(other, "outer-rate was 0.002 and is 0.001")
      try text.replacingOccurrences(of: "\"version\": \"\(Version.current)\"", with: "\"version\": \"0.0.9\"")
        .write(toFile: config, atomically: true, encoding: .utf8)
      await refuses(plan.moved(to: folder + "/b"), "version was 0.0.9 and is \(Version.current)")
      let core = text.replacing(/"blas_core": "[^"]*"/, with: "\"blas_core\": \"Abacus\"")
      try core.write(toFile: config, atomically: true, encoding: .utf8)
      let watcher = StepWatcher()
      _ = try await plan.moved(to: folder + "/b").resume(watcher)
      #expect(watcher.notes.contains { $0.contains("Abacus") && $0.contains("last bits may differ") })

      // Where the images lie is free, what they are is not.
      try FileManager.default.moveItem(atPath: data, toPath: folder + "/elsewhere")
      other = plan.moved(to: folder + "/c")
      other.data = DataFolders(folder + "/elsewhere")
      _ = try await other.resume()
      let images = try FileManager.default.subpathsOfDirectory(atPath: folder + "/elsewhere")
        .filter { $0.hasSuffix(".png") }.sorted()
      try FileManager.default.removeItem(atPath: "\(folder)/elsewhere/\(images[0])")
      try FileManager.default.copyItem(
        atPath: "\(folder)/elsewhere/\(images[5])", toPath: "\(folder)/elsewhere/\(images[0])")
      other.output = folder + "/d"
      await refuses(other, "data_hash was")
    }
  }
}

extension Plan {
  fileprivate mutating func prototypes() { learner = .prototypical }
}
