internal import Documents
internal import Evaluation
internal import Foundation
internal import Results

extension PaperTable {
  /// The arms of a result with all that its verdict rests on, in few and narrow columns; nil without arms.
  init?(_ result: RunResult) {
    guard !result.arms.isEmpty else { return nil }
    let findings = Dictionary(
      result.findings.map { ($0.arm.name, $0) }, uniquingKeysWith: { first, _ in first })
    let isAdapting = result.arms.contains { $0.trainedSteps > 0 }
    let isDisturbed = result.arms.contains { !$0.robustness.isEmpty }
    let hasSeeds = result.arms.contains { $0.seeds.count > 1 }
    func isTested(_ direction: (Finding) -> Direction) -> Bool {
      findings.values.contains { direction($0) != .untested }
    }
    var columns: [(title: String, isNumeric: Bool)] = [
      ("arm", false), ("adapted", true), ("accuracy (%)", true),
    ]
    if !findings.isEmpty { columns.append(("difference (points)", true)) }
    if isAdapting {
      columns.append(("steps to 95 %", true))
      if isTested(\.speed.direction) { columns.append(("speed", false)) }
    }
    if isDisturbed {
      columns.append(("drop (%)", true))
      if isTested(\.robustness.direction) { columns.append(("robustness", false)) }
    }
    let rows = result.arms.map { arm -> [String] in
      let finding = findings[arm.name]
      var row = [
        arm.name, Wording.grouped(arm.parameters.adapted), Self.accuracy(arm, withSeeds: hasSeeds),
      ]
      if !findings.isEmpty { row.append(finding.map(Self.difference) ?? "–") }
      if isAdapting {
        row.append(GlanceSection.steps(arm).text)
        if isTested(\.speed.direction) {
          row.append(Self.word(finding?.speed.direction, better: "faster", worse: "slower"))
        }
      }
      if isDisturbed {
        let drop = RobustnessSummary(arm).corruptions()?.relativeDrop
        row.append(Wording.fixed(drop.map { 100 * $0 }, 1))
        if isTested(\.robustness.direction) {
          row.append(Self.word(finding?.robustness.direction, better: "more robust", worse: "less robust"))
        }
      }
      return row
    }
    self.init(
      label: Self.label(result), caption: Self.caption(result, findings), columns: columns, rows: rows)
  }

  /// Mean ± interval over episodes, and where there are several seeds ± their deviation.
  private static func accuracy(_ arm: RunResult.ArmResult, withSeeds: Bool) -> String {
    let found = arm.test.accuracy
    let own = "\(Wording.points(found.mean)) ± \(Wording.points(found.ci95))"
    guard withSeeds else { return own }
    return own + (arm.betweenSeedDeviation.map { " ± \(Wording.points($0))" } ?? " ± –")
  }

  private static func difference(_ finding: Finding) -> String {
    guard let found = finding.accuracy else { return "–" }
    return
      "\(Wording.signedPoints(found.mean)) (\(Wording.points(found.low)) to \(Wording.points(found.high)))"
      + found.marks
  }

  private static func word(_ direction: Direction?, better: String, worse: String) -> String {
    switch direction {
    case nil, .some(.untested): "–"
    case .some(.none): "n.s."
    case .some(let direction): direction.word(better: better, worse: worse)
    }
  }

  private static func caption(_ result: RunResult, _ findings: [String: Finding]) -> String {
    let counts = Set(result.arms.map(\.seeds.count)).sorted()
    let seeds =
      counts == [1]
      ? "one seed" : "\(Wording.list(counts.map(String.init))) seeds"
    var text =
      "\(result.shapeWords), \(dataName(result)), \(seeds). ± after accuracy: half-width of the 95 % interval over "
      + Wording.count(result.arms[0].test.episodes, "test episode")
    text +=
      counts.contains { $0 > 1 } ? "; second ±: standard deviation of the seeds’ means." : "."
    if !findings.isEmpty {
      text +=
        " Differences to \(Wording.list(result.references.map(\.name))), in brackets their "
        + "\(findings.values.compactMap(\.accuracy).first?.words ?? "95 % interval"); * p < 0.05, ** p < 0.01, "
        + "*** p < 0.001 (Holm); n.s.: not significant."
    }
    if result.arms.contains(where: { !$0.robustness.isEmpty }) {
      text += " Drop: share of its accuracy that an arm loses under corruption."
    }
    if let statistics = result.normStatistics, statistics != .batch {
      text += " Normalisation by \(statistics.rawValue) statistics."
    }
    return text
  }

  private static func dataName(_ result: RunResult) -> String {
    Wording.list(result.data.folders.map { URL(fileURLWithPath: $0).lastPathComponent })
  }

  /// `tab:5-way-1-shot-omniglot`: letters, digits and hyphens, which LaTeX takes everywhere.
  private static func label(_ result: RunResult) -> String {
    let words = "\(result.shapeWords) \(dataName(result))".lowercased().split { character in
      !(character.isASCII && (character.isLetter || character.isNumber))
    }
    return "tab:" + words.joined(separator: "-")
  }
}
