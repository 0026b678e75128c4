import Episodes
import Evaluation
import Formats
import Foundation
import Results
import Testing

/// Every number of a result that is about answers, found again from the file of answers and nothing else.
struct AnswerOracle {
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

  /// Compares a result with the file beside it.
  func check(_ result: RunResult, _ folder: String) throws {
    let rows = try rows(folder)
    let tests = result.arms[0].test.episodes
    let list = try EpisodeList(contentsOf: folder + "/episodes/test.jsonl")
    let asked = list.episodes.reduce(0) { $0 + $1.query.joined().count }
    var found: [String: [String: Double]] = [:]
    for arm in result.arms {
      let own = rows.filter { $0.arm == arm.name }
      #expect(own.count == asked * arm.seeds.count)
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
        let rows = classes[item.name] ?? []
        #expect(abs(item.accuracy.mean - mean(rows.map { $0.after.right ? 1 : 0 })) < 1e-12)
        #expect(item.queries * arm.seeds.count == rows.count)
        #expect(item.episodes == Set(rows.map(\.episode)).count)
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
}
