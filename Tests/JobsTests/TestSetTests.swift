import ConvFamilies
import Episodes
import Evaluation
import Files
import Foundation
import Images
import Jobs
import Results
import Settings
import Studies
import TestRuns
import Testing
import Training

@Suite("Further test data")
struct TestSetTests {
  private func study(_ run: String, _ change: (inout StudySettings) -> Void) throws -> Study {
    var settings = StudySettings()
    (settings.suite, settings.conditions, settings.robustnessEpisodes) = (.robustness, .short, 100)
    settings.attribution = .none
    change(&settings)
    return try Study(
      of: TrainedRun.all(in: run, families: FamilyRegistry.families), settings: settings,
      progress: SilentProgress())
  }

  @Test("each data set has a row for each number of shots, on frozen episodes, compared in pairs")
  func table() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      (plan.robustnessEpisodes, plan.attributionEpisodes, plan.iterations) = (0, 0, 3)
      _ = try await plan.run()
      for (k, name) in ["here/one", "there/one"].enumerated() {
        try GlyphSet.write(
          to: "\(folder)/\(name)", seed: UInt64(5 + k),
          classes: GlyphClasses(train: 2, validation: 1, test: 2),
          imagesPerClass: 9)
      }
      let study = try study(folder + "/run") {
        $0.testData = "\(folder)/here/one,\(folder)/there/one"
        ($0.testShots, $0.shiftData) = ([1, 3], "\(folder)/here/one")
      }
      let result = try await study.evaluate(
        as: .evaluation, into: folder + "/study", command: "again")
      for arm in result.arms {
        let rows = try #require(arm.dataSets)
        #expect(rows.map(\.name) == ["here/one", "here/one", "there/one", "there/one"])
        #expect(
          rows.map(\.shots) == [1, 3, 1, 3]
            && rows.allSatisfy { $0.classes == 5 && $0.images == 45 })
        // The same images as a shift, with the shots of the run: the same episodes, measured on another way.
        let shift = arm.robustness.first { $0.condition.name == "data one" }
        #expect(shift?.accuracy == rows[0].accuracy)
      }
      for (name, shots) in [("here-one", 1), ("here-one", 3), ("there-one", 1), ("there-one", 3)] {
        let list = try EpisodeList(
          contentsOf: "\(folder)/study/episodes/\(name)-\(shots)-shots.jsonl")
        #expect(list.episodes.count == plan.episodes && list.header.shape.shots == shots)
        let row = result.comparisons.filter {
          $0.condition?.name
            == "data \(name.replacing("-", with: "/")), \(shots) \(shots == 1 ? "shot" : "shots")"
        }
        #expect(row.count == 1 && row[0].metric == "accuracy" && row[0].primary == false)
        let place = try #require(
          result.arms[0].dataSets?.firstIndex {
            $0.name == name.replacing("-", with: "/") && $0.shots == shots
          })
        let means = result.arms.map { $0.dataSets?[place].accuracy.mean ?? .nan }
        #expect(abs(row[0].difference - (means[0] - means[1])) < 1e-12)
      }
    }
  }

  @Test("what cannot be tested is refused before anything is measured, in the words of the setting")
  func refusals() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      (plan.robustnessEpisodes, plan.attributionEpisodes, plan.iterations) = (0, 0, 1)
      plan.baseline = .none
      _ = try await plan.run()
      try GlyphSet.write(
        to: folder + "/other", seed: 5, classes: GlyphClasses(train: 2, validation: 1, test: 2),
        imagesPerClass: 9)
      func complaint(_ change: (inout StudySettings) -> Void) async throws -> String {
        do {
          _ = try await study(folder + "/run", change).evaluate(
            as: .evaluation, into: folder + "/study", command: "again")
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(try await complaint { $0.testShots = [5] }.contains("test-shots"))
      let few = try await complaint { ($0.testData, $0.testShots) = (folder + "/other", [1, 8]) }
      #expect(few.hasPrefix("test-data \(folder)/other: ") && few.contains("12 images of a class"))
      #expect(
        try await complaint { $0.testData = folder + "/none" }.hasPrefix(
          "test-data \(folder)/none: "))
      #expect(try await complaint { $0.testData = data }.contains("test-data"))
      #expect(
        try await complaint {
          $0.testData =
            "\(folder)/other,\(folder)/../\(folder.split(separator: "/").last ?? "")/other"
        }
        .contains("named twice"))
    }
  }
}
