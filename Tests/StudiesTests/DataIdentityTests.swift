import ConvFamilies
import Diagnostics
import Files
import Foundation
import Images
import Networks
import Results
import Settings
import Studies
import TestRuns
import Testing
import Training

@Suite("A trained network is asked about its own images only")
struct DataIdentityTests {
  private let families = FamilyRegistry.families

  /// Two runs of an update on one division in a file: the second on the same images by another path.
  private func withRuns(_ body: (_ folder: String) async throws -> Void) async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      try divide(data, exchanging: false)
      for (i, path) in [data, folder + "/./data/"].enumerated() {
        var plan = tinyRun(path, "\(folder)/run\(i)")
        (plan.iterations, plan.innerRate, plan.seed) = (1, .fixed(0.1), UInt64(i))
        plan.split =
          folder + (i == 0 ? "/split.csv" : "/../\(URL(fileURLWithPath: folder).lastPathComponent)/split.csv")
        plan.attributionEpisodes = 0
        _ = try await plan.run()
      }
      try await body(folder)
    }
  }

  /// Writes a split file beside the images, with or without training and test classes exchanged.
  private func divide(_ data: String, exchanging: Bool, to name: String = "split.csv") throws {
    let classes = try FileManager.default.subpathsOfDirectory(atPath: data)
      .filter { $0.split(separator: "/").count == 2 && !$0.hasSuffix(".png") }.sorted()
    let other = ["train": "test", "test": "train"]
    let lines = classes.map { name in
      let split = String(name.split(separator: "/")[0])
      return "\(name),\(exchanging ? other[split] ?? split : split)"
    }
    try (["class,split"] + lines).joined(separator: "\n")
      .write(toFile: data + "/../" + name, atomically: true, encoding: .utf8)
  }

  private func evaluate(
    _ runs: [String], imagesAt place: DataPlace = DataPlace(), into folder: String
  ) async throws -> RunResult {
    var settings = StudySettings()
    (settings.suite, settings.probeEpisodes, settings.attribution) = (.speed, 2, .none)
    let trained = try runs.flatMap { try TrainedRun.all(in: $0, imagesAt: place, families: families) }
    return try await Study(of: trained, settings: settings, progress: SilentProgress())
      .evaluate(as: .evaluation, into: folder, command: "again")
  }

  private func quantize(_ run: String, imagesAt place: DataPlace = DataPlace()) async throws {
    _ = try await QuantizationReport(
      of: run, imagesAt: place, bits: 8, roles: nil, threads: 1, families: families,
      progress: SilentProgress())
  }

  private func replay(_ run: String, _ change: (inout Plan) -> Void = { _ in }) throws {
    var plan = try RecordedRun(run).plan
    change(&plan)
    _ = try EpisodeReplay(
      EpisodeName("test:0"), of: plan, families: families, folder: run, progress: SilentProgress())
  }

  @Test("whatever evaluates refuses images that are divided in another way, or others, and says so alike")
  func changed() async throws {
    try await withRuns { folder in
      let run = folder + "/run0"
      _ = try RunConversion(of: run, to: "acdc", options: [:], families: families).write(
        to: folder + "/fitted")
      func refused(_ words: String) async {
        let works: [(String, () async throws -> Void)] = [
          ("evaluate", { _ = try await evaluate([run], into: folder + "/study") }),
          (
            "evaluate a conversion",
            { _ = try await evaluate([folder + "/fitted"], into: folder + "/study2") }
          ),
          ("quantize", { try await quantize(run) }), ("replay", { try replay(run) }),
        ]
        for (name, work) in works {
          await #expect("\(name)") { try await work() } throws: { error in
            (error as? ConfigurationError)?.reason.contains(words) == true
          }
        }
      }
      try divide(folder + "/data", exchanging: true)
      await refused("its classes are not divided as those that")
      try divide(folder + "/data", exchanging: false)
      try await quantize(run)
      try replay(run)
      let image = try #require(
        try FileManager.default.subpathsOfDirectory(atPath: folder + "/data").first { $0.hasSuffix(".png") })
      try PNGCodec.encode([7, 9, 8, 3], width: 2, height: 2).withUnsafeBytes { bytes in
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/data/\(image)"))
      }
      await refused("its images are not those that")
      // What cannot be read is said of the run, with what can be done here.
      try FileManager.default.removeItem(atPath: folder + "/data")
      await #expect { try await quantize(run) } throws: { error in
        error is TrainedDataError && "\(error)".contains("\(run) was trained on")
          && "\(error)".contains("--data")
      }
    }
  }

  @Test(
    "a list that gives an image to another class is another division; of what is not known, places decide")
  func labels() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      let images = try FileManager.default.subpathsOfDirectory(atPath: data).filter { $0.hasSuffix(".png") }
        .sorted()
      func hash(exchanging: Bool) throws -> String {
        var rows = images.map { image in
          let parts = image.split(separator: "/")
          return [image, String(parts[1]), String(parts[0])]
        }
        if exchanging {
          // A training picture and a test picture change places.
          let (i, k) = (rows.firstIndex { $0[2] == "train" } ?? 0, rows.firstIndex { $0[2] == "test" } ?? 0)
          (rows[i][0], rows[k][0]) = (rows[k][0], rows[i][0])
        }
        try (["filename,label,split"] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n")
          .write(toFile: folder + "/list.csv", atomically: true, encoding: .utf8)
        var plan = tinyRun(data, folder + "/none")
        plan.split = folder + "/list.csv"
        let store = try plan.images(progress: SilentProgress()).1
        return store.dataHash + " " + store.divisionHash
      }
      #expect(try hash(exchanging: false) != hash(exchanging: true))
    }
    #expect(DataIdentity().difference(to: DataIdentity(), at: ["data": "a"], and: ["data": "a"]) == nil)
    #expect(DataIdentity().difference(to: DataIdentity(), at: ["data": "a"], and: ["data": "b"]) != nil)
  }

  @Test("the same images under other names are the same; they may be named where they are now")
  func elsewhere() async throws {
    try await withRuns { folder in
      let result = try await evaluate([folder + "/run0", folder + "/run1"], into: folder + "/study")
      #expect(result.arms.map(\.name) == ["acdc-atoms"] && result.arms[0].seeds.map(\.seed) == [0, 1])
      let place = DataPlace(data: DataFolders(folder + "/there"), split: folder + "/named.csv")
      try FileManager.default.moveItem(atPath: folder + "/data", toPath: folder + "/there")
      try FileManager.default.moveItem(atPath: folder + "/split.csv", toPath: folder + "/named.csv")
      #expect(
        try await evaluate([folder + "/run0"], imagesAt: place, into: folder + "/study2").data.path
          == folder + "/there")
      try await quantize(folder + "/run0", imagesAt: place)
      try replay(folder + "/run0") { $0 = place.applied(to: $0) }
      // A finished run gives its result for the same images, wherever they are, and for no others.
      var plan = place.applied(to: try RecordedRun(folder + "/run0").plan)
      plan.output = folder + "/run0"
      _ = try await plan.resume()
      try divide(folder + "/there", exchanging: true, to: "exchanged.csv")
      plan.split = folder + "/exchanged.csv"
      await #expect { try await plan.resume() } throws: { error in
        (error as? ResumeRefusal)?.description.contains("split_hash was") == true
      }
    }
  }

  @Test("an episode is not shown under other settings than the run's, unless it is wanted")
  func replaySettings() async throws {
    try await withRuns { folder in
      #expect {
        try replay(folder + "/run0") { $0.shots = 2 }
      } throws: { error in
        (error as? ResumeRefusal)?.differences.contains { $0.hasPrefix("shots was 1 and is 2") } == true
      }
    }
  }

  @Test("an evaluation, an ablation and a conversion say what they are where a run is needed")
  func otherFolders() async throws {
    try await withRuns { folder in
      _ = try await evaluate([folder + "/run0"], into: folder + "/study")
      try RunConversion(of: folder + "/run0", to: "acdc", options: [:], families: families)
        .write(to: folder + "/fitted")
      #expect { try TrainedRun.all(in: folder + "/study", families: families) } throws: {
        "\($0)".contains("it holds an evaluation and not a run")
      }
      var plan = try RecordedRun(folder + "/fitted").plan
      plan.output = folder + "/fitted"
      let fitted = plan
      await #expect(throws: RunFolderError.notTrained(path: folder + "/fitted", .conversion)) {
        try await fitted.resume()
      }
      #expect { try RunResult(folder: folder + "/fitted") } throws: {
        "\($0)".contains("holds a converted network; evaluate it with fewshot evaluate \(folder)/fitted")
      }
    }
  }
}
