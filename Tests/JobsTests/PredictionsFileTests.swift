import ConvFamilies
import Evaluation
import Files
import Foundation
import Jobs
import Results
import Settings
import Studies
import TestRuns
import Testing
import Training

@Suite("The file of predictions")
struct PredictionsFileTests {
  @Test("of a run with a baseline it holds all that the result says of answers, for any number of threads")
  func run() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/one")
      plan.robustnessEpisodes = 0
      plan.attributionEpisodes = 0
      plan.episodes = 13
      let result = try await plan.run()
      #expect(result.arms.count == 2 && result.arms.allSatisfy { $0.calibration?.before != nil })
      try AnswerOracle().check(result, folder + "/one")
      plan.threads = (plan.threads ?? 0) == 1 ? 2 : 1
      _ = try await plan.moved(to: folder + "/other").run()
      for name in ["predictions.csv", "confusion.csv"] {
        let files = ["one", "other"].map {
          FileManager.default.contents(atPath: "\(folder)/\($0)/eval/\(name)")
        }
        #expect(files[0] != nil && files[0] == files[1])
      }
    }
  }

  @Test(
    "with several seeds its numbers are means over the trainings; a learner without steps has none before")
  func seeds() async throws {
    try await withTinyData { data, folder in
      var runs: [TrainedRun] = []
      for (family, seed) in [("acdc", 0), ("acdc", 1), ("standard", 0), ("standard", 1)] {
        var plan = tinyPlan(data, "\(folder)/\(family)\(seed)")
        (plan.family, plan.seed, plan.baseline, plan.learner) = (family, UInt64(seed), .none, .prototypical)
        (plan.head, plan.robustnessEpisodes, plan.attributionEpisodes) = (.frozen, 0, 0)
        _ = try await plan.run()
        runs += try TrainedRun.all(in: "\(folder)/\(family)\(seed)", families: FamilyRegistry.families)
      }
      var settings = StudySettings()
      (settings.suite, settings.probeEpisodes) = (.speed, 2)
      let result = try await Study(of: runs, settings: settings, progress: SilentProgress()).evaluate(
        as: .evaluation, into: folder + "/study", command: "again")
      #expect(result.arms.count == 2 && result.arms.allSatisfy { $0.seeds.count == 2 })
      #expect(result.arms.allSatisfy { $0.calibration != nil && $0.calibration?.before == nil })
      try AnswerOracle().check(result, folder + "/study")
    }
  }
}
