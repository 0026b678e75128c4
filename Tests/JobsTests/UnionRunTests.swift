import ConvFamilies
import Diagnostics
import Episodes
import Evaluation
import Files
import Foundation
import Images
import Jobs
import Reports
import Results
import Settings
import Studies
import Synchronization
import TestRuns
import Testing
import Training

@Suite("Runs on a union of data sets")
struct UnionRunTests {
  /// Lends the data sets `old` and `new`, whose classes have the same names, and a plan of both.
  private func withUnion(
    _ body: (_ plan: Plan, _ folder: String) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      for (k, name) in ["old", "new"].enumerated() {
        try GlyphSet.write(
          to: "\(folder)/\(name)", seed: UInt64(3 * k),
          classes: GlyphClasses(train: 4 + k, validation: 3, test: 3),
          imagesPerClass: 5)
      }
      var plan = tinyRun(folder + "/unused", folder + "/whole")
      plan.data = DataFolders([folder + "/old", folder + "/new"])
      (plan.iterations, plan.innerRate, plan.episodes) = (6, .fixed(0.1), 12)
      try await body(plan, folder)
    }
  }

  private func rows(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test("means of each data set, and their differences, are those of its rows in episodes.csv")
  func means() async throws {
    try await withUnion { plan, folder in
      var plan = plan
      (plan.baseline, plan.robustnessEpisodes, plan.attributionEpisodes) = (.standard, 2, 0)
      let result = try await plan.run()
      let sets = try #require(result.data.sets)
      #expect(sets.map(\.name) == ["old", "new"])
      #expect(sets.map(\.path) == [folder + "/old", folder + "/new"])
      #expect(sets.map(\.classes) == [[4, 3, 3], [5, 3, 3]])
      #expect(sets.map(\.images) == sets.map { $0.classes.map { 5 * $0 } })
      let clean = try rows(folder + "/whole/eval/episodes.csv").filter { $0["condition"] == "clean" }
      let list = try EpisodeList(contentsOf: folder + "/whole/episodes/test.jsonl")
      var accuracies: [String: [String: [Double]]] = [:]
      for row in clean {
        let (arm, set) = (try #require(row["arm"]), try #require(row["data_set"]))
        accuracies[arm, default: [:]][set, default: []].append(
          try #require(row["accuracy"].flatMap { Double($0) }))
        let episode = try #require(list.episodes.first { "\($0.index)" == row["episode"] })
        #expect(episode.classes.allSatisfy { $0.hasPrefix(set + "/") })
      }
      for arm in result.arms {
        let own = try #require(arm.test.dataSets)
        #expect(own.map(\.name) == ["old", "new"] && own.map(\.hash) == sets.map(\.hash))
        #expect(own.reduce(0) { $0 + $1.episodes } == plan.episodes && own.allSatisfy { $0.classes == 3 })
        for set in own {
          let values = try #require(accuracies[arm.name]?[set.name])
          #expect(values.count == set.episodes)
          #expect(set.accuracy == Estimate(values))
        }
        // The pooled figure is the mean over all of them.
        let pooled = own.reduce(0) { $0 + $1.accuracy.mean * Double($1.episodes) } / Double(plan.episodes)
        #expect(abs(pooled - arm.test.accuracy.mean) < 1e-12)
      }
      for set in sets {
        let compared = result.comparisons.filter { $0.condition?.name == "data set \(set.name)" }
        #expect(compared.count == 1 && compared[0].metric == "accuracy" && compared[0].primary == false)
        let means = result.arms.compactMap { $0.test.dataSets?.first { $0.name == set.name }?.accuracy.mean }
        #expect(abs(compared[0].difference - (means[0] - means[1])) < 1e-12)
      }
      let report = try Report(folder: folder + "/whole")
      for words in ["Accuracy by data set", "old is \(folder)/old: 4 training classes of 20 images"] {
        #expect(report.markdown.replacing("\\", with: "").contains(words), "\(words)")
      }
      _ = try report.write()
      let table = try rows(folder + "/whole/tables/accuracy-by-data-set.csv")
      #expect(table.map { $0["data_set"] } == ["old", "new", "all"])
      for (k, row) in table.enumerated() {
        let means = result.arms.map { k < 2 ? $0.test.dataSets?[k].accuracy.mean : $0.test.accuracy.mean }
        let columns = result.arms.map { "accuracy_\($0.name)_share" }
        for (mean, column) in zip(means, columns) {
          let found = try #require(row[column].flatMap { Double($0) })
          #expect(abs(found - (mean ?? .nan)) < 1e-9, "\(column)")
        }
        let difference = "difference_\(result.arms[0].name)_to_\(result.arms[1].name)_share"
        let found = try #require(row[difference].flatMap { Double($0) })
        #expect(abs(found - ((means[0] ?? .nan) - (means[1] ?? .nan))) < 1e-9)
      }
    }
  }

  @Test("killed at any step and resumed with any number of threads: the same bytes")
  func killed() async throws {
    try await withUnion { plan, folder in
      var plan = plan
      plan.threads = 1
      let snapshots = Mutex<[String]>([])
      _ = try await plan.run(
        StepWatcher { stage, _ in
          guard stage.hasPrefix("train") || stage.hasPrefix("test") else { return }
          let path = snapshots.withLock { list -> String in
            list.append("\(folder)/killed\(list.count)")
            return list[list.count - 1]
          }
          try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: path)
        })
      let whole = try RunFiles(folder + "/whole")
      for (i, path) in snapshots.withLock({ $0 }).enumerated() {
        var again = plan.moved(to: path)
        again.threads = 1 + i % 2
        _ = try await again.resume()
        #expect(try RunFiles(path).differences(from: whole) == [], "interrupted at step \(i)")
      }
      var two = plan.moved(to: folder + "/two")
      two.threads = 2
      _ = try await two.run()
      #expect(try RunFiles(folder + "/two").differences(from: whole) == [])
    }
  }

  @Test("a run is another one in another order, without a set, and on both sets as one folder")
  func identity() async throws {
    try await withUnion { plan, folder in
      var plan = plan
      plan.iterations = 1
      _ = try await plan.run()
      for folders in [["new", "old"], ["old"], ["."]] {
        var other = plan
        other.data = DataFolders(folders.map { "\(folder)/\($0)" })
        await #expect(throws: (any Error).self) { try await other.resume() }
      }
      // Where they are does not matter, as long as they have their names.
      try FileManager.default.createDirectory(atPath: folder + "/there", withIntermediateDirectories: true)
      for name in ["old", "new"] {
        try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/there/\(name)")
      }
      var moved = plan
      moved.data = DataFolders([folder + "/there/old", folder + "/there/new"])
      _ = try await moved.resume()
    }
  }

  @Test("run and images are found again where both were moved, each set by itself")
  func moved() async throws {
    try await withUnion { plan, folder in
      var plan = plan
      (plan.iterations, plan.output) = (1, folder + "/runs/one")
      _ = try await plan.run()
      try await withFolder { elsewhere in
        for name in ["runs", "old", "new"] {
          try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(elsewhere)/\(name)")
        }
        let recorded = try RecordedRun(elsewhere + "/runs/one")
        let found = try #require(recorded.plan.data?.all)
        #expect(found.map(absolutePath) == ["old", "new"].map { absolutePath("\(elsewhere)/\($0)") })
        var settings = StudySettings()
        (settings.suite, settings.probeEpisodes, settings.attribution) = (.speed, 2, .none)
        let study = try Study(
          of: TrainedRun.all(in: elsewhere + "/runs/one", families: FamilyRegistry.families),
          settings: settings, progress: SilentProgress())
        let result = try await study.evaluate(as: .evaluation, into: elsewhere + "/study", command: "again")
        #expect(result.arms[0].test.dataSets?.map(\.name) == ["old", "new"])
        // Fewer folders than the run has are refused by number, before any image is read.
        #expect {
          _ = try RecordedRun(
            elsewhere + "/runs/one", imagesAt: DataPlace(data: DataFolders(elsewhere + "/old")))
        } throws: {
          "\($0)".contains("was trained on the union of 2 folders")
        }
        let place = DataPlace(data: DataFolders([elsewhere + "/old", elsewhere + "/new"]))
        _ = try await QuantizationReport(
          of: elsewhere + "/runs/one", imagesAt: place, bits: 8, roles: nil, threads: 1,
          families: FamilyRegistry.families, progress: SilentProgress())
      }
    }
  }

  @Test("ordinary training tells all classes of the union apart, and a run starts from it")
  func pretrained() async throws {
    try await withUnion { plan, folder in
      var source = plan
      (source.learner, source.head, source.iterations) = (.supervised, .centroid, 3)
      (source.supervision.batchSize, source.output) = (6, folder + "/source")
      let watcher = StepWatcher()
      _ = try await source.run(watcher)
      #expect(watcher.notes.contains { $0.contains("images of 9 classes to learn from") }, "\(watcher.notes)")
      var start = plan
      (start.data, start.output, start.iterations) = (nil, folder + "/next", 0)
      let next = try Plan.made(from: start) { $0.initial = folder + "/source" }
      #expect(next.data == source.data)
      let result = try await next.run()
      #expect(
        result.data.sets?.count == 2 && result.command.contains("--data \(folder)/old --data \(folder)/new"))
    }
  }

  @Test("sets in colour and in grey are not both made grey and inverted unless that was said")
  func colours() async throws {
    try await withUnion { plan, folder in
      for k in 0..<9 {
        for i in 0..<5 {
          let pixels = (0..<64).flatMap { p in [UInt8(3 * p), UInt8(200 - k), UInt8(40 * i)] }
          let part = ["train", "val", "test"][k / 3]
          let path = "\(folder)/colour/\(part)/c\(k)"
          try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
          try Data(PNGCodec.encode(pixels, width: 8, height: 8, channels: 3))
            .write(to: URL(fileURLWithPath: "\(path)/\(i).png"))
        }
      }
      var plan = plan
      (plan.data, plan.iterations) = (DataFolders([folder + "/old", folder + "/colour"]), 1)
      await #expect {
        _ = try await plan.run()
      } throws: {
        "\($0)".contains("colour is in colour and old is not") && "\($0)".contains("--channels 3")
      }
      plan.channels = 3
      #expect(try await plan.run().data.sets?.map(\.name) == ["old", "colour"])
      (plan.channels, plan.invert, plan.output) = (1, false, folder + "/grey")
      _ = try await plan.run()
    }
  }
}
