internal import Documents
internal import Evaluation
internal import Figures
internal import Results

/// How robust the arms are to perturbation: a map of conditions, curves over severity, drops and errors.
enum RobustnessSection {
  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms
    let summaries = arms.map(RobustnessSummary.init)
    let kinds = ordered(summaries.flatMap(\.kinds))
    guard !kinds.isEmpty else { return nil }
    var blocks: [Block] = [
      .figure(
        Figure(
          name: "robustness", picture: map(arms, summaries, kinds, side: nil),
          caption: "Query accuracy under every condition, mean over severities and over where it was applied."
        ))
    ]
    if let place = source.result.corruptAt, kinds.contains(where: { $0.group == .corruption }) {
      blocks.append(.paragraph(place.sentence))
    }
    blocks += severities(arms, summaries, groups: ordered(kinds.map(\.group)))
    blocks.append(.table(drops(source.result, summaries, kinds)))
    blocks += sides(arms, summaries, kinds)
    blocks.append(
      .details(
        summary: "Every condition, severity and side", [.table(all(arms))]))
    return Section(title: "Robustness", blocks: blocks)
  }

  private static func ordered<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// Conditions by arms; all sides together where none is given.
  private static func map(
    _ arms: [RunResult.ArmResult], _ summaries: [RobustnessSummary], _ kinds: [Condition], side: Side?
  ) -> HeatMap {
    let shown = kinds.filter { side == nil || $0.side == side }
    let names = ordered(shown.map { Condition(group: $0.group, name: $0.name) })
    var rows = [
      HeatMap.Row(
        "unperturbed", summaries.map(\.unperturbed.mean),
        notes: summaries.map { "± \(Wording.percent($0.unperturbed.ci95))" })
    ]
    var group = Condition.Group.clean
    for name in names {
      let means = summaries.map { summary in
        summary.mean { $0.group == name.group && $0.name == name.name && (side == nil || $0.side == side) }
      }
      rows.append(
        .init(
          name.isMeanCorruption ? "all corruptions" : name.name, means.map { $0?.accuracy },
          notes: means.map { $0.map { "relative drop \(Wording.percent($0.relativeDrop, 1))" } ?? "" },
          startsGroup: name.group != group))
      group = name.group
    }
    return HeatMap(
      title: side.map { "Accuracy with perturbed \($0.words)" } ?? "Accuracy under perturbation",
      columns: arms.map(\.name), rows: rows, valueLabel: "query accuracy, per cent")
  }

  private static func severities(
    _ arms: [RunResult.ArmResult], _ summaries: [RobustnessSummary], groups: [Condition.Group]
  ) -> [Block] {
    groups.compactMap { group in
      let curves = summaries.map { $0.bySeverity(group) }
      guard curves.contains(where: { $0.count > 1 }) else { return nil }
      let (label, title) = words(ofGroup: group)
      let byName = Dictionary(
        zip(arms.map(\.name), zip(curves, summaries)).map { ($0, $1) },
        uniquingKeysWith: { first, _ in first })
      let chart = Charts.lines(title, arms, xLabel: label, yLabel: "query accuracy") { arm in
        // The unperturbed accuracy counts as severity 0, unless severity 0 was measured.
        guard let (points, summary) = byName[arm.name] else { return [] }
        let isKnown = points.isEmpty || points.contains { $0.severity == 0 }
        let start: [(severity: Double, accuracy: Double)] = isKnown ? [] : [(0, summary.unperturbed.mean)]
        return (start + points).map { .init(x: $0.severity, y: $0.accuracy) }
      }
      return .figure(
        Figure(
          name: "severity-\(group.rawValue)", picture: chart,
          caption:
            "Mean over all conditions of the kind “\(group.rawValue)” and over where they were applied; 0 is unperturbed."
        )
      )
    }
  }

  private static func words(ofGroup group: Condition.Group) -> (label: String, title: String) {
    switch group {
    case .corruption: ("severity", "Image corruptions")
    case .labels: ("share of wrong support labels", "Wrong support labels")
    case .attack: ("ε, of pixel values from 0 to 1", "White-box attacks")
    case .clean, .shift, .normalisation: ("severity", "Accuracy over severity: \(group.rawValue)")
    }
  }

  /// By kind of perturbation: the share of its own accuracy an arm loses, and its errors over the reference's.
  private static func drops(
    _ result: RunResult, _ summaries: [RobustnessSummary], _ kinds: [Condition]
  ) -> Table {
    let groups = ordered(kinds.map(\.group))
    let hasErrors = summaries.contains { $0.mean { _ in true }?.relativeError != nil }
    var columns: [Table.Column] = [.text("arm", "arm"), .number("unperturbed", "accuracy", .share)]
    for group in groups {
      columns.append(.number("drop, \(group.rawValue)", "relative_drop_\(group.rawValue)", .share))
      if hasErrors { columns.append(.number("error, \(group.rawValue)", "relative_error_\(group.rawValue)")) }
    }
    let rows = zip(result.arms, summaries).map { arm, summary -> [Table.Cell] in
      [.text(arm.name), .percent(summary.unperturbed)]
        + groups.flatMap { group -> [Table.Cell] in
          let mean = summary.mean { $0.group == group }
          let drop = Table.Cell(text: Wording.percent(mean?.relativeDrop, 1), value: mean?.relativeDrop)
          return hasErrors ? [drop, .number(mean?.relativeError, 3)] : [drop]
        }
    }
    return Table(
      name: "relative-drop", columns: columns, rows: rows,
      note:
        "Drop: (unperturbed − perturbed) / unperturbed, of the arm's own accuracy, mean over conditions, severities "
        + "and sides."
        + (hasErrors
          ? " Error: the arm's error over that of \(Wording.list(result.references.map(\.name))) under the same "
            + "condition, mean over conditions; below 1 is better than the reference."
          : ""))
  }

  private static func sides(
    _ arms: [RunResult.ArmResult], _ summaries: [RobustnessSummary], _ kinds: [Condition]
  ) -> [Block] {
    let sides = ordered(kinds.filter { $0.group == .corruption }.compactMap(\.side))
    guard sides.count > 1 else { return [] }
    let table = Table(
      name: "places",
      columns: [.text("arm", "arm")]
        + sides.map { .number("perturbed \($0.words)", "accuracy_\($0.rawValue)", .share) },
      rows: zip(arms, summaries).map { arm, summary in
        [.text(arm.name)]
          + sides.map { side in
            let mean = summary.corruptions(on: side)
            return Table.Cell(
              text: "\(Wording.percent(mean?.accuracy)) (drop \(Wording.percent(mean?.relativeDrop, 1)))",
              value: mean?.accuracy)
          }
      }, note: "Mean over image corruptions and severities.")
    let maps = sides.map { side in
      Block.figure(
        Figure(
          name: "robustness-\(side.rawValue)", picture: map(arms, summaries, kinds, side: side),
          caption: "Mean over severities, perturbed \(side.words)."))
    }
    return [
      .subheading("Where it was applied"), .table(table), .details(summary: "One map for each side", maps),
    ]
  }

  private static func all(_ arms: [RunResult.ArmResult]) -> Table {
    Table(
      name: "robustness",
      columns: [
        .text("arm", "arm"), .text("kind", "group"), .text("condition", "condition"),
        .number("severity", "severity"), .text("side", "place"), .number("accuracy", "accuracy", .share),
        .number("relative drop", "relative_drop", .share), .number("relative error", "relative_error"),
        .number("rms change", "rms_change"),
      ],
      rows: arms.flatMap { arm in
        arm.robustness.map { row in
          let condition = row.condition
          return [
            .text(arm.name), .text(condition.group.rawValue), .text(condition.name),
            condition.severity.map { Table.Cell(text: Wording.significant($0), value: $0) } ?? .text("mean"),
            condition.side.map { .text($0.rawValue) } ?? .empty, .percent(row.accuracy),
            Table.Cell(text: Wording.percent(row.relativeDrop, 1), value: row.relativeDrop),
            .number(row.relativeError, 3), .number(row.rmsChange, 3),
          ]
        }
      },
      note:
        "Relative drop of the arm's own unperturbed accuracy; relative error over the reference's. The rms change is the "
        + "root mean square of what was changed in the network's input, from 0 to 1, of the perturbed images."
    )
  }
}

extension CorruptionPlace {
  /// Which images were corrupted.
  var sentence: String {
    switch self {
    case .network: "Images were corrupted as the network sees them: after they were resized."
    case .original:
      "Images were corrupted at their own size and resized after that, which weakens noise and coarse pixels."
    }
  }
}

extension Side {
  /// Which images.
  var words: String {
    switch self {
    case .support: "support images"
    case .query: "query images"
    case .both: "support and query images"
    }
  }
}
