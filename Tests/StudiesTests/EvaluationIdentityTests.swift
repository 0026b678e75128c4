import ConvFamilies
import Evaluation
import Files
import Foundation
import Images
import Networks
import Results
import Settings
import Studies
import TestRuns
import Testing

@Suite("What makes two evaluations the same")
struct EvaluationIdentityTests {
  private let families = FamilyRegistry.families

  /// Two trainings of one second at most, with different test episodes.
  private func withRuns(
    _ change: (inout Plan, Int) -> Void, _ body: (_ runs: [String], _ folder: String) async throws -> Void
  ) async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var runs: [String] = []
      for i in 0..<2 {
        var plan = tinyRun(data, "\(folder)/run\(i)")
        (plan.iterations, plan.innerRate) = (1, .fixed(0.1))
        change(&plan, i)
        _ = try await plan.run()
        runs.append("\(folder)/run\(i)")
      }
      try await body(runs, folder)
    }
  }

  private func evaluate(
    _ runs: [String], failed: [RunResult.FailedTraining] = [], into folder: String
  ) async throws -> RunResult {
    var settings = StudySettings()
    (settings.suite, settings.probeEpisodes) = (.speed, 2)
    let trained = try runs.flatMap { try TrainedRun.all(in: $0, families: families) }
    return try await Study(of: trained, settings: settings, failed: failed, progress: SilentProgress())
      .evaluate(as: .evaluation, into: folder, command: "again")
  }

  /// Evaluates into a folder that holds another evaluation, and gives what it says differs.
  private func refusal(_ body: () async throws -> RunResult) async -> [String] {
    do {
      _ = try await body()
      return []
    } catch RunFolderError.otherEvaluation(_, let differences) {
      return differences
    } catch {
      return ["\(error)"]
    }
  }

  @Test("the order of the runs, and what the first of them decides, is part of it")
  func order() async throws {
    try await withRuns({ plan, i in
      (plan.adapt, plan.episodes, plan.evaluationSteps) = (["atoms", "coefficients"][i], 3 + i, 3 - i)
      plan.trainQueries = 2 + i
    }) { runs, folder in
      let first = try await evaluate(runs, into: folder + "/study")
      #expect(first.arms[0].test.episodes == 3 && first.identity != nil)
      let differences = await refusal { try await evaluate(runs.reversed(), into: folder + "/study") }
      for words in [
        "episodes was 3 and is 4", "steps was 3 and is 2", "order was acdc-atoms", "2 queries, seed 0 and is",
      ] {
        #expect(differences.contains { $0.contains(words) }, "\(words): \(differences)")
      }
      #expect(try await evaluate(runs, into: folder + "/study").json() == first.json())
      let spelled = ["\(folder)/./run0/", "\(folder)//run1"]
      #expect(try await evaluate(spelled, into: folder + "/study").json() == first.json())
      let error = RunFolderError.otherEvaluation(path: "runs/e", differences: differences)
      let lines = "\(error)".split(separator: "\n")
      #expect(lines.count == 3 && lines.allSatisfy { $0.count < 350 }, "\(error)")
      #expect(differences.count > 3 && "\(error)".contains("; and \(differences.count - 3) more"), "\(error)")
      #expect("\(error)".contains(differences[0]) && !"\(error)".contains(differences[3]))
    }
  }

  @Test("of long values a person sees what tells them apart, of hashes the beginning")
  func shortValues() throws {
    func identity(_ facts: [String: String]) throws -> StudyIdentity {
      let content = ["facts": facts, "made_by": ["command": "again"]]
      return try StudyIdentity(JSONSerialization.data(withJSONObject: content))
    }
    let (hash, path) = (
      String(repeating: "0123456789abcdef", count: 4), String(repeating: "long/", count: 60)
    )
    let then = try identity(["data_hash": hash, "training a seed 0": "\(hash.prefix(16)) of \(path)x"])
    let now = try identity(["data_hash": "f" + hash, "training a seed 0": "\(hash.prefix(16)) of \(path)y"])
    #expect(
      now.differences(from: then) == [
        "data_hash was 0123456789ab… and is f0123456789a…", "training a seed 0 was …x and is …y",
      ])
  }

  @Test("failed trainings of one arm are told apart by seed and folder; following links makes no other arm")
  func failures() async throws {
    try await withRuns({ plan, i in (plan.seed, plan.followLinks) = (UInt64(i), i == 1) }) { runs, folder in
      func failed(_ reasons: [String]) -> [RunResult.FailedTraining] {
        reasons.enumerated().map {
          .init(arm: "lost", seed: UInt64($0.offset), folder: "lost\($0.offset)", reason: $0.element)
        }
      }
      let result = try await evaluate(runs, failed: failed(["a", "b"]), into: folder + "/study")
      #expect(result.arms.map(\.name) == ["acdc-atoms"] && result.arms[0].seeds.map(\.seed) == [0, 1])
      let differences = await refusal {
        try await evaluate(runs, failed: failed(["c", "b"]), into: folder + "/study")
      }
      #expect(differences == ["training lost seed 0 in lost0 was not there: a and is not there: c"])
    }
  }

  @Test("a result beside the file of another evaluation is not taken for that one's")
  func foreignResult() async throws {
    try await withRuns({ plan, i in plan.seed = UInt64(i) }) { runs, folder in
      for (i, run) in runs.enumerated() { _ = try await evaluate([run], into: "\(folder)/study\(i)") }
      let (own, other) = (folder + "/study0/evaluation.json", folder + "/study1/evaluation.json")
      try FileManager.default.removeItem(atPath: own)
      try FileManager.default.copyItem(atPath: other, toPath: own)
      let differences = await refusal { try await evaluate([runs[1]], into: folder + "/study0") }
      #expect(differences == ["its results.json is of another evaluation"])
      // The result says what it is of, whatever stands beside it.
      #expect(try await evaluate([runs[0]], into: folder + "/study0").arms[0].seeds[0].seed == 0)
    }
  }
}
