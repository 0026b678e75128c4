internal import Documents
internal import Evaluation
internal import Results

/// One row per arm with all that the verdict rests on.
enum GlanceSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    let references = result.references.map(\.name)
    guard !result.arms.isEmpty else { return nil }
    let findings = Dictionary(
      result.findings.map { ($0.arm.name, $0) }, uniquingKeysWith: { first, _ in first })
    let isAdapting = result.arms.contains { $0.trainedSteps > 0 }
    let isDisturbed = result.arms.contains { !$0.robustness.isEmpty }
    var columns: [Table.Column] = [
      .text("arm", "arm"), .number("seeds", "seeds", at: .file),
      .number("adapted numbers", "adapted_numbers"), .number("accuracy", "accuracy", .share),
    ]
    if !findings.isEmpty {
      columns += [
        .text("against", "reference", at: references.count > 1 ? .everywhere : .file),
        .number("difference (points)", "difference", .share), .number("p (Holm)", "p"),
      ]
    }
    if isAdapting {
      columns.append(.number("steps to 95 %", "steps_to_95_percent"))
      if !findings.isEmpty { columns.append(.text("speed", "speed_finding")) }
    }
    if isDisturbed {
      columns.append(.number("drop under corruption", "corruption_drop", .share))
      if !findings.isEmpty { columns.append(.text("robustness", "robustness_finding")) }
    }
    let rows = result.arms.map { arm -> [Table.Cell] in
      let finding = findings[arm.name]
      var row: [Table.Cell] = [
        .text(arm.name), .count(arm.seeds.count), .count(arm.parameters.adapted), .percent(arm.test.accuracy),
      ]
      if !findings.isEmpty {
        row += [
          finding.map { .text($0.reference.name) } ?? .empty, difference(finding),
          finding?.accuracy.map { p($0.p) } ?? .empty,
        ]
      }
      if isAdapting {
        row.append(steps(arm))
        if !findings.isEmpty {
          row.append(word(finding?.speed.direction, better: "faster", worse: "slower"))
        }
      }
      if isDisturbed {
        row.append(.percent(RobustnessSummary(arm).corruptions()?.relativeDrop))
        if !findings.isEmpty {
          row.append(word(finding?.robustness.direction, better: "more robust", worse: "less robust"))
        }
      }
      return row
    }
    var note =
      "Accuracy: mean over \(Wording.count(result.arms[0].test.episodes, "test episode")) ± half-width of "
      + "the 95 % interval"
    let trained = Set(result.arms.map(\.trainedSteps)).sorted()
    note +=
      trained == [0]
      ? "."
      : trained.count == 1
        ? ", after \(Wording.count(trained[0], "inner step")) as trained."
        : ", after as many inner steps as each was trained with (\(Wording.list(trained.map(String.init))))."
    if !findings.isEmpty {
      note +=
        " Differences are to \(Wording.list(references)), paired over the same episodes, in brackets their "
        + "\(findings.values.compactMap(\.accuracy).first?.words ?? "95 % interval"); "
        + "* p < 0.05, ** p < 0.01, *** p < 0.001 after correction (Holm)."
    }
    if isAdapting {
      note +=
        " Steps to 95 %: the first step that has made 95 % of the way from step 0 to the best of the mean curve, with "
        + "an interval over test episodes; faster or slower where the steps to an accuracy that both reach differ with "
        + "p < 0.05 after correction."
    }
    if !result.statisticsSentence.isEmpty { note += " " + result.statisticsSentence }
    return Section(
      title: findings.isEmpty ? "Result" : "At a glance",
      blocks: [
        .table(Table(name: "summary", columns: columns, rows: rows, note: note))
      ])
  }

  private static func difference(_ finding: Finding?) -> Table.Cell {
    guard let found = finding?.accuracy else { return .empty }
    return Table.Cell(
      text:
        "\(Wording.signedPoints(found.mean)) (\(Wording.points(found.low)) to \(Wording.points(found.high)))\(found.marks)",
      value: found.mean, direction: found.direction
    ).within(found.low, found.high)
  }

  static func p(_ value: Double) -> Table.Cell {
    Table.Cell(text: Wording.probability(value), value: value.isNaN ? nil : value)
  }

  /// The steps with their interval.
  static func steps(_ arm: RunResult.ArmResult) -> Table.Cell {
    guard let steps = arm.stepsTo95Percent else { return .empty }
    let interval = arm.speed?.stepsTo95PercentInterval.flatMap {
      $0.count == 2 ? " (\($0[0]) to \($0[1]))" : nil
    }
    let ends = arm.speed?.stepsTo95PercentInterval ?? []
    return Table.Cell(text: "\(steps)\(interval ?? "")", value: Double(steps))
      .within(ends.first.map(Double.init), ends.last.map(Double.init))
  }

  private static func word(_ direction: Direction?, better: String, worse: String) -> Table.Cell {
    guard let direction else { return .empty }
    return Table.Cell(
      text: direction == .none ? "not significant" : direction.word(better: better, worse: worse),
      direction: direction)
  }
}
