internal import Documents
internal import Evaluation
internal import Figures
internal import Results

/// Whether the findings depend on the inner rates.
enum RateSection {
  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms
    var blocks: [Block] = []
    let grids = arms.compactMap { arm in arm.speed?.rateGrid.map { (arm, $0) } }
    if !grids.isEmpty {
      blocks.append(
        .paragraph(
          "Every learned rate was multiplied by a factor and the number of steps varied. An arm whose advantage were "
            + "an artefact of its rates would tolerate only a narrow range of them."))
      blocks.append(.figure(overview(arms)))
      blocks.append(.table(tolerated(grids)))
      let maps = grids.enumerated().map { i, item in
        Block.figure(
          Figure(
            name: "rates-\(i + 1)", picture: map(item.0, item.1),
            caption:
              "\(item.0.name), mean over the first \(Wording.count(item.1.tasks, "test episode")); × 1 is as learned."
          ))
      }
      blocks += grids.count <= 2 ? maps : [.details(summary: "One map for each arm", maps)]
    }
    if let sweep = sweep(arms) {
      blocks.append(
        .details(summary: "The search for inner rates, on validation episodes", [.table(sweep)]))
    }
    if let rates = rates(arms) {
      blocks.append(.details(summary: "Inner rates of the evaluated networks", [.table(rates)]))
    }
    return blocks.isEmpty ? nil : Section(title: "Sensitivity to inner rates", blocks: blocks)
  }

  /// Accuracy at the trained number of steps, or the nearest measured one, against the factor.
  private static func overview(_ arms: [RunResult.ArmResult]) -> Figure {
    let chart = Charts.lines(
      "Accuracy against the factor on all inner rates", arms, xLabel: "factor on the learned rates",
      yLabel: "query accuracy", xScale: .logarithmic
    ) { arm in
      guard let grid = arm.speed?.rateGrid,
        let column = grid.steps.indices.min(by: {
          abs(grid.steps[$0] - arm.trainedSteps) < abs(grid.steps[$1] - arm.trainedSteps)
        })
      else { return [] }
      return zip(grid.factors, grid.accuracy).compactMap { factor, row in
        row.indices.contains(column) ? .init(x: factor, y: row[column]) : nil
      }.sorted { $0.x < $1.x }
    }
    return Figure(name: "rates", picture: chart, caption: "At the trained number of steps; 1 is as learned.")
  }

  private static func tolerated(_ grids: [(RunResult.ArmResult, SpeedResult.RateGrid)]) -> Table {
    Table(
      name: "rates-tolerated",
      columns: [
        .text("arm", "arm"), .number("lowest factor", "lowest"), .number("highest factor", "highest"),
        .number("range", "range"), .number("best in the grid", "best_accuracy", .share),
        .number("as learned", "accuracy_as_learned", .share),
      ],
      rows: grids.map { arm, grid in
        let best = grid.accuracy.flatMap(\.self).filter(\.isFinite).max()
        let learned = zip(grid.factors, grid.accuracy).first { $0.0 == 1 }?.1
        let column = grid.steps.firstIndex(of: arm.trainedSteps)
        return [
          .text(arm.name),
          Table.Cell(text: Wording.significant(grid.tolerated.first), value: grid.tolerated.first),
          Table.Cell(text: Wording.significant(grid.tolerated.last), value: grid.tolerated.last),
          Table.Cell(text: "× \(Wording.significant(grid.toleratedRange))", value: grid.toleratedRange),
          .percent(best),
          .percent(column.flatMap { i in learned.flatMap { $0.indices.contains(i) ? $0[i] : nil } }),
        ]
      },
      note:
        "Over the first \(Wording.list(Set(grids.map(\.1.tasks)).sorted().map(Wording.grouped))) test episodes. Factors between "
        + "which accuracy at the trained number of steps stays within 2 points of the best; range: their ratio. Best in "
        + "the grid: over all factors and numbers of steps, chosen on these episodes; as learned: at factor 1 and the "
        + "trained number of steps.")
  }

  private static func map(_ arm: RunResult.ArmResult, _ grid: SpeedResult.RateGrid) -> HeatMap {
    HeatMap(
      title: "\(arm.name): accuracy by rate and steps", rowLabel: "factor on the rates",
      columnLabel: "inner steps", columns: grid.steps.map(String.init),
      rows: zip(grid.factors, grid.accuracy).map { factor, row in
        .init("× " + Wording.significant(factor), row.map { $0 })
      }, valueLabel: "query accuracy, per cent")
  }

  private static func sweep(_ arms: [RunResult.ArmResult]) -> Table? {
    let rows = arms.flatMap { arm in
      arm.train.rateSweep.map { trial -> [Table.Cell] in
        [
          .text(arm.name), .count(trial.update ?? 0), .text(trial.role),
          Table.Cell(text: Wording.significant(trial.factor), value: trial.factor),
          Table.Cell(text: Wording.significant(trial.rate), value: trial.rate), .number(trial.loss, 4),
          .text(trial.kept == true ? "yes" : ""),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "rate-sweep",
      columns: [
        .text("arm", "arm"), .number("after updates", "update"), .text("role", "role"),
        .number("factor", "factor"), .number("rate", "rate"), .number("loss", "loss", .nats),
        .text("kept", "kept"),
      ],
      rows: rows,
      note:
        "Mean query loss after adaptation. A trial multiplies the rates of one role, all others at their best so far; "
        + "the search goes on from every trial that is kept, and every arm has as many.")
  }

  private static func rates(_ arms: [RunResult.ArmResult]) -> Table? {
    let rows = arms.flatMap { arm in
      arm.train.rates.sorted { $0.key < $1.key }.map { path, rates -> [Table.Cell] in
        [
          .text(arm.name), .text(path), .text(rates.map(Wording.significant).joined(separator: ", ")),
          .text(rates.map { "\($0)" }.joined(separator: " ")),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "rates",
      columns: [
        .text("arm", "arm"), .text("tensor", "path"), .text("rate of each step", "rates", at: .page),
        .text("rate of each step", "rates", at: .file),
      ],
      rows: rows,
      note: "On the mean cross-entropy.")
  }
}
