internal import Documents
internal import Evaluation
internal import Figures
internal import Results

/// What answers are like beside how many are right: bad tasks, probabilities, hard classes and confused pairs.
enum AnswersSection {
  /// How many classes and pairs a page shows.
  private static let shown = 10

  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms.filter { $0.calibration != nil }
    guard !arms.isEmpty else { return nil }
    var blocks: [Block] = [
      .table(table(arms)),
      .figure(
        Figure(
          name: "reliability", picture: reliability(source.result.arms),
          caption:
            "Share of right answers against their confidence, after the trained steps, in \(Reliability.bins) bins of equal "
            + "width, with 95 % bands over test episodes. Below the dashed line an arm is surer than it is right. Bins with fewer than a thousandth of the answers "
            + "are not drawn; results.json has all."
        )),
    ]
    if let classes = classes(arms) { blocks += [.subheading("Hardest classes"), .table(classes)] }
    if let pairs = pairs(arms) { blocks += [.subheading("Most confused pairs"), .table(pairs)] }
    return Section(title: "More than accuracy", blocks: blocks)
  }

  private static func table(_ arms: [RunResult.ArmResult]) -> Table {
    let isAdapting = arms.contains { $0.calibration?.before != nil }
    func both(_ title: String, _ name: String, _ unit: Table.Unit?) -> [Table.Column] {
      (isAdapting ? [.number("\(title), before", "\(name)_before", unit)] : [])
        + [.number(isAdapting ? "after" : title, name, unit)]
    }
    let columns: [Table.Column] =
      [
        .text("arm", "arm"), .number("accuracy", "accuracy", .share),
        .number("worst tenth", "worst_decile", .share),
      ] + both("ECE", "ece", .share) + both("NLL", "nll", .nats) + both("Brier", "brier", nil)
    let rows = arms.map { arm -> [Table.Cell] in
      func cells(_ part: KeyPath<Calibration, Estimate>, _ cell: (Estimate?) -> Table.Cell) -> [Table.Cell] {
        (isAdapting ? [cell(arm.calibration?.before?[keyPath: part])] : [])
          + [cell(arm.calibration?.after[keyPath: part])]
      }
      return [.text(arm.name), .percent(arm.test.accuracy), .percent(arm.test.worstDecile)]
        + cells(\.ece) { .percent($0) } + cells(\.nll) { .number($0, 3) } + cells(\.brier) { .number($0, 3) }
    }
    return Table(
      name: "answers", columns: columns, rows: rows,
      note:
        "Mean ± half-width of the 95 % interval over episodes"
        + (isAdapting ? ", before the first inner step and after the trained ones" : "")
        + ". Worst tenth: mean accuracy of the tenth of the episodes that went worst. ECE: expected calibration error; NLL: "
        + "mean negative logarithm of the probability of the true class, in nats; Brier: squared error of the "
        + "probabilities, summed over classes. Of the last three, less is better; their differences are compared in the "
        + "section on accuracy.")
  }

  /// The bins that hold a thousandth of the answers or more: the share of right ones among fewer says nothing.
  private static func filled(_ bins: [Calibration.Bin]) -> [Calibration.Bin] {
    let all = bins.reduce(0) { $0 + $1.count }
    return bins.filter { 1000 * $0.count >= all }
  }

  private static func reliability(_ arms: [RunResult.ArmResult]) -> LineChart {
    let lines = arms.map { arm in
      LineChart.Series(
        arm.name,
        filled(arm.calibration?.after.bins ?? []).compactMap { bin in
          guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
          return .init(
            x: confidence, y: accuracy.mean, low: max(0, accuracy.mean - accuracy.ci95),
            high: min(1, accuracy.mean + accuracy.ci95))
        })
    }
    return LineChart(
      title: "Reliability of the answers' confidence",
      xLabel: "confidence: probability of the class that is told",
      yLabel: "share that is right", series: lines,
      references: [.init(y: 0, end: 1, label: "as sure as right")], yRange: 0...1,
      xTicks: (0...5).map { Double($0) / 5 }, yFormat: .percent)
  }

  /// The classes with the lowest accuracy, over all arms.
  private static func classes(_ arms: [RunResult.ArmResult]) -> Table? {
    var found: [String: (item: ClassAccuracy, accuracies: [String: Estimate])] = [:]
    for arm in arms {
      for item in arm.classes ?? [] {
        found[item.name, default: (item, [:])].accuracies[arm.name] = item.accuracy
      }
    }
    func mean(_ accuracies: [String: Estimate]) -> Double {
      let all = arms.compactMap { accuracies[$0.name]?.mean }
      return all.reduce(0, +) / Double(all.count)
    }
    let hardest = found.values.map { (item: $0.item, mean: mean($0.accuracies), own: $0.accuracies) }
      .sorted { ($0.mean, $0.item.name) < ($1.mean, $1.item.name) }.prefix(shown)
    guard !hardest.isEmpty else { return nil }
    let isEach = arms.count <= 3
    return Table(
      name: "hardest-classes",
      columns: [.text("class", "class"), .number("query images", "queries")]
        + (isEach
          ? arms.map { .number($0.name, "accuracy_\($0.name)", .share) }
          : [.number("accuracy, mean over arms", "accuracy", .share)]),
      rows: hardest.map { row in
        [.text(row.item.name), .count(row.item.queries)]
          + (isEach ? arms.map { .percent(row.own[$0.name]) } : [.percent(row.mean)])
      },
      note:
        "Of \(Wording.count(found.count, "class", plural: "classes")), those with the lowest accuracy over all arms; results.json has all."
    )
  }

  /// The pairs that each arm confused most often.
  private static func pairs(_ arms: [RunResult.ArmResult]) -> Table? {
    let most = max(2, shown / arms.count)
    let rows = arms.flatMap { arm in
      (arm.confusion?.most ?? []).prefix(most).map { pair -> [Table.Cell] in
        [.text(arm.name), .text(pair.true), .text(pair.predicted), .count(pair.count), .count(pair.asked)]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "confused-pairs",
      columns: [
        .text("arm", "arm"), .text("class", "true"), .text("taken for", "predicted"),
        .number("times", "count"), .number("of", "asked"),
      ], rows: rows,
      note:
        "The \(most) most frequent of each arm, over all its seeds; of: answers to the class where the other was in the "
        + "episode too. eval/confusion.csv has all pairs.")
  }
}

extension Table.Cell {
  /// A number with its interval.
  static func number(_ estimate: Estimate?, _ digits: Int) -> Table.Cell {
    Table.Cell(
      text: estimate.map { "\(Wording.fixed($0.mean, digits)) ± \(Wording.fixed($0.ci95, digits))" } ?? "–",
      value: estimate?.mean, halfWidth: estimate?.ci95)
  }
}
