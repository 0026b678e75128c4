internal import Documents
internal import Evaluation
internal import Results

/// How accurate the arms are, seed by seed, and how they compare episode by episode.
enum AccuracySection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    guard !result.arms.isEmpty else { return nil }
    var blocks: [Block] = []
    if result.arms.count > 1 {
      blocks.append(
        .figure(
          Figure(
            name: "accuracy", picture: Charts.accuracies(result),
            caption: "Test accuracy of every arm."
              + (result.seedCount > 1 ? " Small points: single seeds." : ""))))
    }
    if let differences = Charts.differences(result) {
      blocks.append(
        .figure(
          Figure(
            name: "differences", picture: differences,
            caption:
              "Differences on identical episodes; right of 0 an arm is more accurate than the reference.")))
    }
    blocks.append(.table(accuracies(result)))
    if result.seedCount > 1 { blocks.append(.table(seeds(result))) }
    if !result.comparisons.isEmpty {
      let primary = result.comparisons.filter { $0.primary == true }
      let others = result.comparisons.filter { $0.primary != true }
      let clean = others.filter { $0.condition.isClean }
      let rest = others.filter { !$0.condition.isClean }
      if !primary.isEmpty {
        blocks += [
          .subheading("Primary comparisons"), .table(comparisons(primary, name: "comparisons-primary")),
        ]
      }
      if !clean.isEmpty {
        blocks += [
          .subheading(primary.isEmpty ? "Paired comparisons" : "Secondary comparisons"),
          .table(comparisons(clean, name: "comparisons")),
        ]
      }
      if !rest.isEmpty {
        blocks.append(
          .details(
            summary: conditions(rest),
            [.table(comparisons(rest, name: "comparisons-robustness"))]))
      }
    }
    return Section(title: "Accuracy", blocks: blocks)
  }

  /// How many conditions comparisons are under: the single ones that the findings count, and what is there beside them.
  private static func conditions(_ comparisons: [RunResult.Comparison]) -> String {
    let single = comparisons.singleConditions
    let others = Set(comparisons.compactMap(\.condition)).subtracting(single).count
    return "Comparisons under \(Wording.count(single.count, "single condition"))"
      + (others > 0 ? " and \(Wording.count(others, "other"))" : "")
  }

  private static func accuracies(_ result: RunResult) -> Table {
    let isDisjoint = result.arms.contains { $0.test.disjoint != nil }
    let isAdapting = result.arms.contains { $0.trainedSteps > 0 }
    var columns: [Table.Column] = [.text("arm", "arm"), .number("accuracy", "accuracy", .share)]
    if isDisjoint {
      columns += [
        .number("disjoint episodes", "accuracy_disjoint", .share), .number("of them", "disjoint_episodes"),
      ]
    }
    if isAdapting {
      columns += [
        .number("after 1 step", "accuracy_after_1_step", .share),
        .number("area under curve", "area_under_curve", .share),
      ]
    }
    columns += [
      .number("validation", "validation_accuracy", .share), .number("seeds", "seeds"),
      .number("between seeds", "between_seed_deviation", .share),
    ]
    var rows = result.arms.map { arm -> [Table.Cell] in
      var row: [Table.Cell] = [.text(arm.name), .percent(arm.test.accuracy)]
      if isDisjoint {
        row += [.percent(arm.test.disjoint?.accuracy), .count(arm.test.disjoint?.episodes)]
      }
      if isAdapting {
        let first = arm.test.curve.first { $0.step == 1 }?.accuracy
        row += [.percent(first), .percent(arm.test.areaUnderCurve)]
      }
      return row + [
        .percent(arm.train.validationAccuracy), .count(arm.seeds.count), .percent(arm.betweenSeedDeviation),
      ]
    }
    let empty = [Table.Cell](repeating: .empty, count: columns.count - 2)
    rows.append([.text("nearest mean on pixels"), .percent(result.pixelBaseline)] + empty)
    var note =
      "Mean ± half-width of the 95 % interval, 1.96 standard errors over episodes drawn with replacement of images."
    if isDisjoint {
      note +=
        " Disjoint episodes share no image with each other, so their interval covers the choice of images too."
        + Wording.nonfinite(result.arms.map { ($0.name, $0.test.disjoint?.nonfinite ?? 0) })
    }
    if result.seedCount > 1 {
      note +=
        " With several seeds each episode counts with its mean over them; between seeds: standard deviation of "
        + "the seeds' means."
    }
    return Table(name: "accuracy", columns: columns, rows: rows, note: note)
  }

  private static func seeds(_ result: RunResult) -> Table {
    Table(
      name: "seeds",
      columns: [
        .text("arm", "arm"), .number("seed", "seed"), .number("accuracy", "accuracy", .share),
        .number("time of updates", "train", .seconds), .text("folder", "folder"),
      ],
      rows: result.arms.flatMap { arm in
        arm.seeds.map { seed in
          [
            .text(arm.name), Table.Cell(text: "\(seed.seed)", value: Double(seed.seed)),
            .percent(seed.accuracy),
            Table.Cell(text: Wording.duration(seed.trainSeconds), value: seed.trainSeconds),
            .text(seed.folder),
          ]
        }
      }, note: "Every training by itself.")
  }

  private static func comparisons(_ comparisons: [RunResult.Comparison], name: String) -> Table {
    let hasCondition = comparisons.contains { !$0.condition.isClean }
    let hasSeeds = comparisons.contains { $0.seeds > 1 }
    // Earlier versions corrected p over the whole report, and no interval.
    let isCorrected = comparisons.allSatisfy { $0.ci95Simultaneous != nil }
    var columns: [Table.Column] = [
      .text("metric", "metric", at: .page), .text("metric", "metric", at: .file),
      .text("kind", "group", at: .file), .text("condition", "condition", at: .file),
      .number("severity", "severity", at: .file), .text("side", "place", at: .file),
    ]
    columns += hasCondition ? [.text("condition", "condition", at: .page)] : []
    columns += [
      .text("a", "a"), .text("b", "b"), .number("a − b", "difference"),
      .number(isCorrected ? "simultaneous 95 % interval" : "95 % interval", "interval", at: .page),
      .number("p (Holm)", "p"),
      .number("p, not corrected", "p_uncorrected"),
      .number("p, sign flips of episodes only", "p_sign_flip"), .number("episodes", "episodes"),
      .number("spread of episodes", "episode_deviation"),
      .number("episodes needed", "episodes_needed"),
      .number("seeds", "seeds", at: hasSeeds ? .everywhere : .file),
      .number("spread of seeds", "seed_deviation", at: hasSeeds ? .everywhere : .file),
    ]
    let rows = comparisons.map { c -> [Table.Cell] in
      let seen = Difference(c)
      let unit = MetricUnit(of: c.metric)
      let condition = c.condition ?? .clean
      var row: [Table.Cell] = [
        .text(MetricUnit.words(c.metric)), .text(c.metric), .text(condition.group.rawValue),
        .text(condition.name), Table.Cell(text: "", value: condition.severity),
        .text(condition.side?.rawValue ?? ""),
      ]
      row += hasCondition ? [.text(condition.words)] : []
      return row + [
        .text(c.a), .text(c.b),
        Table.Cell(text: unit.signed(c.difference), value: c.difference)
          .within(seen.low, seen.high).in(unit.inFiles),
        .text("\(unit.text(seen.low)) to \(unit.text(seen.high))"), GlanceSection.p(c.p),
        GlanceSection.p(c.pUncorrected), GlanceSection.p(c.pSignFlip), .count(c.episodes),
        Table.Cell(text: unit.text(c.episodeDeviation), value: c.episodeDeviation).in(unit.inFiles),
        .count(c.episodesNeeded), .count(c.seeds),
        Table.Cell(text: unit.text(c.seedDeviation), value: c.seedDeviation).in(unit.inFiles),
      ]
    }
    return Table(
      name: name, columns: columns, rows: rows,
      note:
        "Differences and spreads (standard deviations) in percentage points, of steps in steps, of NLL in nats. "
        + (isCorrected
          ? "Intervals and p are corrected over the "
            + "\(Wording.count(comparisons.first?.family ?? comparisons.count, "comparison")) of this kind: intervals hold all at once "
            + "(Bonferroni), p is Holm's."
          : "p is corrected over all comparisons of this report (Holm), intervals are not.")
        + " Sign flips cover other episodes only, for these trainings. Episodes needed: for a difference of this size at "
        + "5 % with a power of 80 %.")
  }
}

extension Condition {
  /// `gaussian-noise, severity 3, query`.
  var words: String {
    let strength = severity.map { value in
      switch group {
      case .labels: ", \(Wording.fixed(100 * value, 0)) %"
      case .attack: ", ε \(Wording.significant(value))"
      default: ", severity \(Wording.significant(value))"
      }
    }
    return name + (strength ?? "") + (side.map { ", \($0.rawValue)" } ?? "")
  }
}
