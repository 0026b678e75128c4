internal import Documents
internal import Evaluation
internal import Figures
internal import Results

/// How fast the arms adapt, against steps, time and arithmetic, and how far they move.
enum SpeedSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    guard result.arms.contains(where: { $0.trainedSteps > 0 }) else { return nil }
    var blocks: [Block] = []
    let measured = result.arms.filter { $0.speed != nil }
    if !measured.isEmpty {
      blocks.append(.table(milestones(measured)))
      if let table = targets(measured) { blocks.append(.table(table)) }
    }
    blocks += costs(source)
    if !measured.isEmpty {
      blocks += movement(result.arms) + matched(result.arms) + similarity(measured) + shapes(result.arms)
    }
    return blocks.isEmpty ? nil : Section(title: "Speed of adaptation", blocks: blocks)
  }

  /// The adaptation curve, which the page is about; nil where nothing adapts.
  static func adaptation(_ source: ReportSource) -> Figure? {
    let result = source.result
    let trained = Set(result.arms.map(\.trainedSteps).filter { $0 > 0 }).sorted()
    guard !trained.isEmpty, source.curves.contains(where: { !$0.points.isEmpty }) else { return nil }
    let references = [
      LineChart.Reference(
        y: result.chance, label: "chance, \(Wording.percent(result.chance, 0))"),
      LineChart.Reference(
        y: result.pixelBaseline.mean,
        label: "nearest mean on pixels, \(Wording.percent(result.pixelBaseline.mean, 0))"),
    ]
    let steps = Wording.list(trained.map(String.init))
    return Figure(
      name: "curves", picture: Charts.adaptation(source.curves, .steps, references: references),
      caption:
        "Mean query accuracy after each inner step, with 95 % bands. Training took \(steps) "
        + "step\(steps == "1" ? "" : "s"); later steps go on with the last step's rates.")
  }

  /// The curves against what steps cost, folded away.
  private static func costs(_ source: ReportSource) -> [Block] {
    let captions: [(ArmCurve.Axis, String)] = [
      (.ms, "The curves against wall-clock time: what a step costs differs between arms."),
      (.macs, "The curves against the multiply-adds of the convolutions."),
    ]
    let figures = captions.compactMap { axis, caption -> Block? in
      guard source.curves.contains(where: { $0.points.contains { axis.position($0) != nil } }) else {
        return nil
      }
      return .figure(
        Figure(
          name: "curves-\(axis.rawValue)", picture: Charts.adaptation(source.curves, axis), caption: caption))
    }
    return figures.isEmpty ? [] : [.details(summary: "The curves against time and arithmetic", figures)]
  }

  private static func milestones(_ arms: [RunResult.ArmResult]) -> Table {
    Table(
      name: "speed",
      columns: [
        .text("arm", "arm"), .number("steps to 95 %", "steps_to_95_percent"),
        .number("ms to 95 %", "to_95_percent", .milliseconds),
        .number("million multiply-adds to 95 %", "to_95_percent", .multiplyAdds),
        .number("after 1 step", "accuracy_after_1_step", .share),
        .number("area under curve", "area_under_curve", .share),
        .number("lost past the trained steps (points)", "degradation", .share),
        .number("movement of kernels", "kernel_movement", .share),
      ],
      rows: arms.compactMap { arm in
        guard let speed = arm.speed else { return nil }
        return [
          .text(arm.name), GlanceSection.steps(arm),
          Table.Cell(
            text: Wording.significant(speed.millisecondsTo95Percent ?? .nan),
            value: speed.millisecondsTo95Percent),
          Table.Cell(text: Wording.millions(speed.macsTo95Percent), value: speed.macsTo95Percent),
          .percent(speed.curve.first { $0.step == 1 }?.queryAccuracy), .percent(speed.areaUnderCurve),
          Table.Cell(
            text: "\(Wording.points(speed.degradation.mean)) ± \(Wording.points(speed.degradation.ci95))",
            value: speed.degradation.mean, halfWidth: speed.degradation.ci95),
          .percent(speed.curve.first { $0.step == speed.trainedSteps }?.kernelMovement),
        ]
      },
      note:
        "In brackets the 95 % interval of the steps, by resampling episodes. Lost by too many steps: accuracy at "
        + "the trained number of steps less that at the last step of the curve. Movement: ‖ΔW‖/‖W‖ of all dense kernels "
        + "together after the trained steps.")
  }

  /// What it costs to get to the same accuracies; nil where no curve passes any.
  private static func targets(_ arms: [RunResult.ArmResult]) -> Table? {
    let rows = Reach.targets.flatMap { target -> [[Table.Cell]] in
      let found = arms.map { arm in (arm, arm.speed?.targets?.first { $0.accuracy == target }) }
      // Where all start above it or none gets there, there is nothing to compare.
      guard found.contains(where: { ($0.1?.steps ?? 0) > 0 }) else { return [] }
      return found.map { arm, reach in
        [
          .percent(target), .text(arm.name), .number(reach?.steps, 2),
          Table.Cell(text: Wording.significant(reach?.milliseconds ?? .nan), value: reach?.milliseconds),
          Table.Cell(text: Wording.millions(reach?.macs), value: reach?.macs),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "speed-targets",
      columns: [
        .number("accuracy", "accuracy", .share), .text("arm", "arm"), .number("steps", "steps"),
        .number("ms", "time", .milliseconds), .number("million multiply-adds", "arithmetic", .multiplyAdds),
      ], rows: rows,
      note:
        "Where the mean curve first is at an accuracy, read off a straight line between steps; a dash: it never is. Only the "
        + "loss after the last trained step is trained for, unless multi-step-loss is set: how a gain is shared among the "
        + "steps before is then chance.")
  }

  private static func movement(_ arms: [RunResult.ArmResult]) -> [Block] {
    let chart = Charts.lines(
      "How far the dense kernels move", arms, xLabel: "inner steps", yLabel: "movement ‖ΔW‖/‖W‖"
    ) { arm in
      arm.speed?.curve.map { .init(x: Double($0.step), y: $0.kernelMovement) } ?? []
    }
    let rows = arms.flatMap { arm in
      (arm.speed?.movements ?? []).map { movement -> [Table.Cell] in
        let trained = arm.trainedSteps
        func at(_ step: Int) -> Double? {
          movement.bySteps.indices.contains(step) ? movement.bySteps[step] : nil
        }
        return [
          .text(arm.name), .text(movement.path), .text(movement.role), .percent(at(1)), .percent(at(trained)),
          .percent(movement.bySteps.last),
        ]
      }
    }
    let table = Table(
      name: "movement",
      columns: [
        .text("arm", "arm"), .text("tensor or layer", "path"), .text("role", "role"),
        .number("after 1 step", "after_1_step", .share),
        .number("after the trained steps", "after_trained_steps", .share),
        .number("after the last step", "after_last_step", .share),
      ], rows: rows,
      note:
        "‖Δ‖/‖·‖, mean over tasks; the role kernel is the dense kernel a layer stands for. Above 100 % a tensor moved "
        + "further than it is long: one that starts near zero, as a head, a shift or a difference does, soon has."
    )
    return [
      .subheading("Movement"),
      .figure(
        Figure(
          name: "movement", picture: chart,
          caption: "Movement of all dense kernels together, relative to their size, mean over tasks.")),
      .details(summary: "Movement of every tensor and layer", [.table(table)]),
    ]
  }

  private static func matched(_ arms: [RunResult.ArmResult]) -> [Block] {
    guard arms.contains(where: { $0.speed?.matched.contains { $0.accuracy != nil } == true }) else {
      return []
    }
    let chart = Charts.lines(
      "Accuracy at the same movement", arms, xLabel: "movement ‖ΔW‖/‖W‖ of all dense kernels, per cent",
      yLabel: "query accuracy"
    ) { arm in
      arm.speed?.matched.map {
        .init(x: 100 * $0.kernelMovement, y: $0.accuracy?.mean ?? .nan, halfWidth: $0.accuracy?.ci95)
      } ?? []
    }
    let table = Table(
      name: "matched-movement",
      columns: [
        .text("arm", "arm"), .number("movement", "kernel_movement", .share),
        .number("accuracy", "accuracy", .share), .number("tasks that move so far", "reached", .share),
      ],
      rows: arms.flatMap { arm in
        (arm.speed?.matched ?? []).map { matched in
          [
            .text(arm.name), .percent(matched.kernelMovement), .percent(matched.accuracy),
            .percent(matched.reached),
          ]
        }
      }, note: "A dash: too few tasks move that far.")
    return [
      .subheading("Accuracy at the same movement"),
      .figure(
        Figure(
          name: "matched-movement", picture: chart,
          caption:
            "Accuracy where the kernels have moved a given way, whatever the number of steps. Between steps it is "
            + "read off a straight line and the head adapts in the same steps, so below the movement of an arm's "
            + "first step its curve does not say what smaller steps would reach: the grid of rates does.")),
      .details(summary: "The numbers: accuracy at the same movement", [.table(table)]),
    ]
  }

  private static func similarity(_ arms: [RunResult.ArmResult]) -> [Block] {
    let layers = arms.flatMap { ($0.speed?.similarity ?? []).map(\.layer) }
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    guard !layers.isEmpty else { return [] }
    func cka(_ arm: RunResult.ArmResult, _ layer: String) -> Estimate? {
      arm.speed?.similarity.first { $0.layer == layer }?.cka
    }
    let map = HeatMap(
      title: "Likeness of representations before and after adaptation", columns: arms.map(\.name),
      rows: layers.map { layer in
        .init(
          layer, arms.map { cka($0, layer)?.mean },
          notes: arms.map { arm in cka(arm, layer).map { "± \(Wording.fixed($0.ci95, 3))" } ?? "" })
      }, valueLabel: "linear CKA; 1 is no change", format: .number, decimals: 2)
    let table = Table(
      name: "representations",
      columns: [.text("arm", "arm"), .text("layer", "layer"), .number("linear CKA", "cka")],
      rows: arms.flatMap { arm in
        (arm.speed?.similarity ?? []).map { row in
          [
            .text(arm.name), .text(row.layer),
            Table.Cell(
              text: "\(Wording.fixed(row.cka.mean, 3)) ± \(Wording.fixed(row.cka.ci95, 3))",
              value: row.cka.mean,
              halfWidth: row.cka.ci95),
          ]
        }
      }, note: "On query images, mean over tasks.")
    return [
      .subheading("Change of representations"),
      .figure(
        Figure(
          name: "representations", picture: map,
          caption:
            "Linear CKA of each layer's output on query images before and after adaptation: the lower, the more "
            + "the layer has changed.")),
      .details(summary: "The numbers: likeness of representations", [.table(table)]),
    ]
  }

  private static func shapes(_ arms: [RunResult.ArmResult]) -> [Block] {
    let shapes = arms.flatMap { $0.speed?.shapes ?? [] }
    guard !shapes.isEmpty else { return [] }
    var blocks: [Block] = [.subheading("Other shots and ways")]
    let ways = Set(shapes.map(\.ways)).sorted()
    let shots = Set(shapes.map(\.shots)).sorted()
    // The number with most of the other: along it the curve is longest.
    func most(_ values: [Int], _ part: (SpeedResult.Shape) -> Int) -> Int? {
      values.max { a, b in shapes.count { part($0) == a } < shapes.count { part($0) == b } }
    }
    if shots.count > 1, let fixed = most(ways, \.ways) {
      let chart = Charts.lines(
        "Accuracy against shots, \(fixed) ways", arms, xLabel: "support images per class",
        yLabel: "query accuracy", xScale: .logarithmic
      ) { arm in points(arm, { $0.ways == fixed }, \.shots) }
      blocks.append(
        .figure(
          Figure(name: "shots", picture: chart, caption: "More support images than in training, or fewer.")))
    }
    if ways.count > 1, let fixed = most(shots, \.shots) {
      let chart = Charts.lines(
        "Accuracy against ways, \(Wording.count(fixed, "shot"))", arms, xLabel: "classes in an episode",
        yLabel: "query accuracy"
      ) { arm in points(arm, { $0.shots == fixed }, \.ways) }
      blocks.append(
        .figure(Figure(name: "ways", picture: chart, caption: "More classes than in training, or fewer.")))
    }
    let table = Table(
      name: "shapes",
      columns: [
        .text("arm", "arm"), .number("ways", "ways"), .number("shots", "shots"),
        .number("accuracy", "accuracy", .share),
      ],
      rows: arms.flatMap { arm in
        (arm.speed?.shapes ?? []).map {
          [.text(arm.name), .count($0.ways), .count($0.shots), .percent($0.accuracy)]
        }
      },
      note: "After the trained number of steps."
        + Wording.nonfinite(
          arms.map { ($0.name, ($0.speed?.shapes ?? []).compactMap(\.nonfinite).reduce(0, +)) }))
    return blocks + [.details(summary: "The numbers: other shots and ways", [.table(table)])]
  }

  private static func points(
    _ arm: RunResult.ArmResult, _ isShown: (SpeedResult.Shape) -> Bool, _ x: (SpeedResult.Shape) -> Int
  ) -> [LineChart.Point] {
    (arm.speed?.shapes ?? []).filter(isShown).sorted { x($0) < x($1) }
      .map { .init(x: Double(x($0)), y: $0.accuracy.mean, halfWidth: $0.accuracy.ci95) }
  }
}
