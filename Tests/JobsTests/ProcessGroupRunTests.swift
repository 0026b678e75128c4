import ConvFamilies
import Files
import Formats
import Foundation
import Images
import Jobs
import MetaLearning
import Kernels
import Networks
import ProcessGroups
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing

@Suite("A run by several processes")
struct ProcessGroupRunTests {
  private let classes = GlyphClasses(train: 4, validation: 3, test: 3)

  /// Runs a plan in each of several members; nil for a process alone.
  private func run(
    _ plan: Plan, by count: Int, resuming: Bool = false,
    families: [any ConvFamily.Type] = FamilyRegistry.families,
    _ progress: any ProgressReporter = SilentProgress()
  ) async -> [Result<RunResult, any Error>] {
    await together(count) { member in
      // Only the first one is watched, as it is the only one that speaks.
      let progress = member.isFirst ? progress : SilentProgress()
      let runner = Runner(plan: plan, families: families)
      return try await resuming ? runner.resume(progress: progress) : runner.run(progress: progress)
    }
  }

  @Test("any number of processes and threads: the same bytes as one", arguments: TrainingKind.allCases)
  func alike(_ kind: TrainingKind) async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      var plan = tinyRun(data, folder + "/one")
      kind.apply(to: &plan)
      (plan.robustnessEpisodes, plan.metaBatch) = (2, 3)
      if kind == .fitted {
        var source = tinyRun(data, folder + "/source")
        (source.family, source.learner, source.iterations) = ("standard", .prototypical, 3)
        _ = try await source.run()
        plan.initial = folder + "/source"
      }
      plan.threads = 1
      _ = try await plan.run()
      let one = try RunFiles(folder + "/one")
      for count in 2...4 {
        var shared = plan.moved(to: "\(folder)/by\(count)")
        shared.threads = 1 + count % 2
        for end in await run(shared, by: count) {
          let machine = try end.get().machine
          #expect(machine.processes == count)
          #expect(machine.exchangedBytes ?? 0 > 0)
        }
        #expect(try RunFiles("\(folder)/by\(count)").differences(from: one) == [], "\(count) processes")
      }
    }
  }

  @Test("the metrics say what was exchanged: the gradients of all tasks, however often a run was stopped")
  func traffic() async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      var plan = tinyRun(data, folder + "/whole")
      (plan.baseline, plan.innerRate, plan.metaBatch, plan.iterations) = (.none, .fixed(0.1), 3, 20)
      plan.checkpointMinutes = 1e-9
      let shared = plan
      func rows(_ folder: String) throws -> [[String: String]] {
        let table = try CSVTable(Array(Data(contentsOf: URL(fileURLWithPath: folder + "/metrics.csv"))))
        return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0.fields)) }
      }
      func number(_ row: [String: String], _ column: String) throws -> Double {
        try #require(row[column].flatMap { Double($0) })
      }
      for end in await run(plan, by: 2) { _ = try end.get() }
      // Stopped after the first of several updates of a row, it counts that one too.
      plan.output = folder + "/stopped"
      let stopping = plan
      _ = await together(2) { member in
        try await stopping.run(
          StepWatcher { stage, done in
            if stage.hasPrefix("train"), done == 5, member.isFirst { member.stop() }
          })
      }
      for end in await run(plan, by: 2, resuming: true) { _ = try end.get() }
      plan.output = folder + "/alone"
      _ = try await plan.run()
      for name in ["whole", "stopped"] {
        var before = 0.0
        for row in try rows("\(folder)/\(name)") {
          let bytes = try number(row, "exchanged_bytes")
          #expect(try number(row, "exchange_seconds") >= number(row, "waiting_seconds"))
          guard row["split"] == "train" else {
            #expect(bytes > 0)
            continue
          }
          let updates = try number(row, "iteration") - before
          before += updates
          let least =
            updates * Double(shared.metaBatch * MemoryLayout<Scalar>.size) * (try number(row, "parameters"))
          #expect((least..<2 * least + 4096 * updates).contains(bytes), "\(name): \(row)")
        }
      }
      for row in try rows(folder + "/alone") {
        for column in ["exchanged_bytes", "exchange_seconds", "waiting_seconds"] {
          #expect(try number(row, column) == 0)
        }
      }
    }
  }

  @Test("tasks that are skipped for numbers that are not finite: the same bytes")
  func skipping() async throws {
    let families: [any ConvFamily.Type] = FamilyRegistry.families + [FragileFamily.self]
    try await withTinyData(classes, imagesPerClass: 6) { data, folder in
      var plan = fragileRun(data, folder + "/one")
      (plan.trainQueries, plan.onNonfinite) = (3, .skip)
      let watcher = StepWatcher()
      _ = try await Runner(plan: plan, families: families).run(progress: watcher)
      try #require(watcher.notes.contains { $0.contains("skipped training episode") })
      let one = try RunFiles(folder + "/one")
      for count in 2...3 {
        let shared = StepWatcher()
        for end in await run(plan.moved(to: "\(folder)/by\(count)"), by: count, families: families, shared) {
          _ = try end.get()
        }
        #expect(try RunFiles("\(folder)/by\(count)").differences(from: one) == [], "\(count) processes")
        #expect(
          shared.notes.filter { $0.contains("skipped") } == watcher.notes.filter { $0.contains("skipped") })
      }
      // Without skipping all of them fail the same check.
      plan.onNonfinite = .stop
      let ends = await run(plan.moved(to: folder + "/stop"), by: 3, families: families)
      let texts = Set(
        ends.map { end -> String in if case .failure(let error) = end { "\(error)" } else { "none" } })
      #expect(texts.count == 1 && texts.first?.contains("training episode") == true, "\(texts)")
    }
  }

  @Test("killed at any update and gone on by any number of processes: the same bytes", arguments: [2, 3])
  func killed(_ count: Int) async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      var plan = tinyRun(data, folder + "/whole")
      (plan.iterations, plan.robustnessEpisodes, plan.threads) = (6, 2, 1)
      let snapshots = Mutex<[String]>([])
      let watcher = StepWatcher { stage, done in
        guard stage.hasPrefix("train") || stage.hasPrefix("test") || stage == "robustness" else { return }
        let path = snapshots.withLock { list -> String in
          list.append("\(folder)/killed\(list.count)")
          return list[list.count - 1]
        }
        try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: path)
      }
      for end in await run(plan, by: count, watcher) { _ = try end.get() }
      let whole = try RunFiles(folder + "/whole")
      let paths = snapshots.withLock { $0 }
      #expect(paths.count >= plan.iterations)
      for (i, path) in paths.enumerated() {
        for end in await run(plan.moved(to: path), by: 1 + i % 4, resuming: true) { _ = try end.get() }
        #expect(try RunFiles(path).differences(from: whole) == [], "interrupted at step \(i)")
      }
      // A finished run gives its result to all.
      for end in await run(plan, by: 3, resuming: true) {
        #expect(try end.get().machine.processes == count)
      }
    }
  }

  @Test(
    "any of them asked to stop: all stop, with their state saved, and any number goes on", arguments: 0..<3)
  func stopped(_ asked: Int) async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      var plan = tinyRun(data, folder + "/whole")
      plan.checkpointMinutes = 1000
      _ = try await plan.run()
      plan.output = folder + "/stopped"
      let stopping = plan
      let ends = await together(3) { member in
        // Every member sees its own updates.
        let watcher = StepWatcher { stage, done in
          if stage.hasPrefix("train"), done == 5, member.rank == asked { member.stop() }
        }
        return try await stopping.run(watcher)
      }
      for end in ends {
        #expect { try end.get() } throws: { $0 is RunInterruption }
      }
      let states = try FileManager.default.contentsOfDirectory(atPath: folder + "/stopped/checkpoints")
        .filter { $0.hasPrefix("state-") }
      // The state of the fifth or sixth update, and perhaps that of a validation before it.
      #expect((1...2).contains(states.count) && states.contains { $0.contains("05.") || $0.contains("06.") })
      for end in await run(plan, by: 2, resuming: true) { _ = try end.get() }
      #expect(try RunFiles(folder + "/stopped").differences(from: RunFiles(folder + "/whole")) == [])
    }
  }

  @Test("other settings or other images in one of them: an error in all, and nothing is written")
  func unequal() async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      try GlyphSet.write(to: folder + "/other", seed: 5, classes: classes, imagesPerClass: 4)
      let plan = tinyRun(data, folder + "/run")
      var settings = plan
      settings.outerRate = 0.01
      var images = plan
      images.data = DataFolders(folder + "/other")
      for (different, fact, status) in [(settings, "outer-rate", 64), (images, "data_hash", 65)] {
        let ends = await together(3) { member in
          try await (member.rank == 1 ? different : plan).run()
        }
        for end in ends {
          #expect { try end.get() } throws: { error in
            guard case GroupError.unequal(fact, let values, Int32(status)) = error else { return false }
            return values.count == 2 && values[1].contains("process 1")
          }
        }
        #expect(!RunFolder.holdsRun(folder + "/run"))
      }
    }
  }

  @Test("an evaluation, and one that goes on: the same bytes")
  func evaluation() async throws {
    try await withTinyData(classes, imagesPerClass: 6) { data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.baseline, plan.iterations, plan.innerRate, plan.episodes) = (.standard, 2, .fixed(0.1), 6)
      _ = try await plan.run()
      var settings = StudySettings()
      (settings.conditions, settings.robustnessEpisodes, settings.probeEpisodes) = (.short, 4, 3)
      (settings.threads, settings.checkpointMinutes) = (1, 1e-9)
      let wanted = settings
      @Sendable func evaluate(_ target: String, _ progress: any ProgressReporter = SilentProgress())
        async throws
        -> RunResult
      {
        let trained = try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families)
        return try await Study(of: trained, settings: wanted, progress: progress)
          .evaluate(as: .evaluation, into: target, command: "again")
      }
      _ = try await evaluate(folder + "/one")
      let one = try RunFiles(evaluation: folder + "/one")
      for count in 2...3 {
        let (target, killed) = ("\(folder)/by\(count)", "\(folder)/killed\(count)")
        let ends = await together(count) { member in
          try await evaluate(
            target,
            StepWatcher { stage, _ in
              guard member.isFirst, stage == "robustness" else { return }
              try? FileManager.default.copyItem(atPath: target, toPath: killed)
            })
        }
        for end in ends { _ = try end.get() }
        #expect(try RunFiles(evaluation: target).differences(from: one) == [], "\(count) processes")
        // Cut off before its last part, gone on by another number.
        try #require(FileManager.default.fileExists(atPath: killed + "/parts"))
        for end in await together(5 - count, { _ in try await evaluate(killed) }) { _ = try end.get() }
        #expect(try RunFiles(evaluation: killed).differences(from: one) == [], "cut off, \(count) processes")
        // Finished, it gives its result to all of them.
        for end in await together(2, { _ in try await evaluate(target) }) {
          #expect(try end.get().machine.processes == count)
        }
      }
    }
  }

  @Test("a picture that one of them cannot read: an error in all, with its name")
  func unreadable() async throws {
    try await withTinyData(classes, imagesPerClass: 4) { data, folder in
      let plan = tinyRun(data, folder + "/run")
      let ends = await together(2) { member in
        var own = plan
        if member.rank == 1 { own.data = DataFolders(folder + "/nowhere") }
        return try await own.run()
      }
      for (rank, end) in ends.enumerated() {
        #expect { try end.get() } throws: { error in
          "\(error)".contains("nowhere") && (rank == 1 || "\(error)".hasPrefix("process 1 on "))
        }
      }
    }
  }
}
