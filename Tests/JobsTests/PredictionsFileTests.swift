import ConvFamilies
import Evaluation
import Files
import Formats
import Foundation
import Jobs
import Results
import Settings
import Studies
import TestRuns
import Testing
import Training

/// Every number of a result that is about answers, found again from the file of answers and nothing else.
@Suite("The file of predictions")
struct PredictionsFileTests {
  /// One row of the file.
  private struct Row {
    let arm: String
    let seed: String
    let episode: Int
    let truth: String
    let told: String
    /// Whether it is right, confidence, loss and Brier score.
    let after: (right: Bool, sure: Double, loss: Double, brier: Double)
    let before: (right: Bool, sure: Double, loss: Double, brier: Double)?
  }

  private func rows(_ folder: String) throws -> [Row] {
    let table = try CSVTable(
      [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/eval/predictions.csv"))))
    func place(_ name: String) throws -> Int { try #require(table.header.firstIndex(of: name)) }
    let names = [
      "arm", "seed", "episode", "true", "predicted", "probability", "loss", "brier", "right_before",
      "probability_before", "loss_before", "brier_before",
    ]
    let places = try names.map(place)
    return try table.rows.map { row in
      let text = places.map { row.fields[$0] }
      func number(_ i: Int) throws -> Double { try #require(Double(text[i])) }
      return Row(
        arm: text[0], seed: text[1], episode: Int(try number(2)), truth: text[3], told: text[4],
        after: (text[3] == text[4], try number(5), try number(6), try number(7)),
        before: text[8].isEmpty
          ? nil : (text[8] == "1", try number(9), try number(10), try number(11)))
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func halfWidth(_ values: [Double]) -> Double {
    let m = mean(values)
    let s = (values.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(values.count - 1)).squareRoot()
    return 1.96 * s / Double(values.count).squareRoot()
  }

  private func ece(_ answers: [(right: Bool, sure: Double, loss: Double, brier: Double)]) -> Double {
    (0..<15).reduce(0) { sum, b in
      let own = answers.filter { Int(($0.sure * 15).rounded(.up)) - 1 == b }
      return sum + abs(own.reduce(0) { $0 + ($1.right ? 1 : 0) - $1.sure }) / Double(answers.count)
    }
  }

  private func check(_ result: RunResult, _ folder: String) throws {
    let rows = try rows(folder)
    let tests = result.arms[0].test.episodes
    var found: [String: [String: Double]] = [:]
    for arm in result.arms {
      let own = rows.filter { $0.arm == arm.name }
      #expect(own.count == tests * result.ways * result.queries * arm.seeds.count)
      let seeds = Dictionary(grouping: own, by: \.seed).values
      /// `[seed][episode]`.
      func perEpisode(_ value: (Row) -> Double) -> [[Double]] {
        seeds.map { rows in
          Dictionary(grouping: rows, by: \.episode).sorted { $0.key < $1.key }.map {
            mean($0.value.map(value))
          }
        }
      }
      func overSeeds(_ table: [[Double]]) -> [Double] {
        table[0].indices.map { e in mean(table.map { $0[e] }) }
      }
      func expect(_ estimate: Estimate?, _ values: [Double], _ what: String) throws {
        let estimate = try #require(estimate)
        #expect(abs(estimate.mean - mean(values)) < 1e-12, "\(arm.name) \(what)")
        #expect(abs(estimate.ci95 - halfWidth(values)) < 1e-12, "\(arm.name) \(what)")
      }
      let accuracies = perEpisode { $0.after.right ? 1 : 0 }
      try expect(arm.test.accuracy, overSeeds(accuracies), "accuracy")
      let calibration = try #require(arm.calibration)
      try expect(calibration.after.nll, overSeeds(perEpisode(\.after.loss)), "nll")
      try expect(calibration.after.brier, overSeeds(perEpisode(\.after.brier)), "brier")
      #expect(abs(calibration.after.ece.mean - mean(seeds.map { ece($0.map(\.after)) })) < 1e-12)
      #expect(
        abs(calibration.after.nll.mean - arm.test.curve[arm.train.rates.first?.value.count ?? 0].loss) < 2e-6)
      if let before = calibration.before {
        try expect(before.nll, overSeeds(perEpisode { $0.before?.loss ?? .nan }), "nll before")
        try expect(before.brier, overSeeds(perEpisode { $0.before?.brier ?? .nan }), "brier before")
        #expect(abs(before.ece.mean - mean(seeds.map { ece($0.compactMap(\.before)) })) < 1e-12)
      } else {
        #expect(own.allSatisfy { $0.before == nil })
      }
      for (b, bin) in calibration.after.bins.enumerated() {
        let inside = own.map(\.after).filter { Int(($0.sure * 15).rounded(.up)) - 1 == b }
        #expect(bin.count == inside.count)
        guard bin.count > 0 else { continue }
        #expect(abs((bin.confidence ?? 0) - mean(inside.map(\.sure))) < 1e-12)
        #expect(abs((bin.accuracy?.mean ?? 0) - mean(inside.map { $0.right ? 1 : 0 })) < 1e-12)
      }
      let worst = (tests + 9) / 10
      let tails = accuracies.map { mean(Array($0.sorted().prefix(worst))) }
      #expect(abs((arm.test.worstDecile?.mean ?? 0) - mean(tails)) < 1e-12)
      found[arm.name] = [
        "worst_decile": mean(tails), "ece": calibration.after.ece.mean, "nll": calibration.after.nll.mean,
        "brier": calibration.after.brier.mean,
      ]
      let classes = Dictionary(grouping: own, by: \.truth)
      #expect(arm.classes?.map(\.name) == classes.keys.sorted())
      for item in arm.classes ?? [] {
        let asked = classes[item.name] ?? []
        #expect(abs(item.accuracy.mean - mean(asked.map { $0.after.right ? 1 : 0 })) < 1e-12)
        #expect(item.queries * arm.seeds.count == asked.count)
        #expect(item.episodes == Set(asked.map(\.episode)).count)
      }
      let wrong = Dictionary(grouping: own.filter { !$0.after.right }) { [$0.truth, $0.told] }
      #expect(arm.confusion?.pairs == wrong.count)
      #expect(arm.confusion?.wrong == wrong.values.reduce(0) { $0 + $1.count })
      for pair in arm.confusion?.most ?? [] {
        #expect(pair.count == wrong[[pair.true, pair.predicted]]?.count)
        let together = Set(own.filter { $0.truth == pair.predicted }.map(\.episode))
        #expect(pair.asked == own.count { $0.truth == pair.true && together.contains($0.episode) })
      }
    }
    for metric in ["worst_decile", "ece", "nll", "brier"] {
      let compared = result.comparisons.filter { $0.metric == metric }
      #expect(compared.count == result.arms.count - 1)
      for c in compared {
        #expect(c.primary == false && c.ci95[0] <= c.difference && c.difference <= c.ci95[1])
        let expected = (found[c.a]?[metric] ?? .nan) - (found[c.b]?[metric] ?? .nan)
        #expect(abs(c.difference - expected) < 1e-12, "\(metric)")
      }
    }
  }

  @Test("of a run with a baseline it holds all that the result says of answers, for any number of threads")
  func run() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/one")
      plan.robustnessEpisodes = 0
      plan.attributionEpisodes = 0
      plan.episodes = 13
      let result = try await plan.run()
      #expect(result.arms.count == 2 && result.arms.allSatisfy { $0.calibration?.before != nil })
      try check(result, folder + "/one")
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
      try check(result, folder + "/study")
    }
  }
}
