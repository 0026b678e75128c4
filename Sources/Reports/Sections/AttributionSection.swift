internal import Documents
internal import Evaluation
internal import Figures
internal import Results

/// Adaptation taken apart: what every arm reaches with a part of what it adapts, and what it adds to a head alone.
enum AttributionSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    let measured = result.arms.filter { $0.attribution?.isEmpty == false }
    let increments = result.comparisons.filter { $0.metric == PrimaryQuestion.incrementMetric }
    var blocks: [Block] = []
    if !measured.isEmpty { blocks.append(.table(table(measured))) }
    if !increments.isEmpty {
      blocks += [.subheading("Beyond the head alone"), .table(table(increments, result))]
    }
    return blocks.isEmpty ? nil : Section(title: "Attribution", blocks: blocks)
  }

  /// The picture of it; nil where it was not measured.
  static func figure(_ source: ReportSource) -> Figure? {
    let measured = source.result.arms.filter { $0.attribution?.isEmpty == false }
    guard !measured.isEmpty else { return nil }
    return Figure(
      name: "attribution", picture: picture(measured),
      caption:
        "Accuracy when only a part of what adapts takes its steps, the rest staying as it was meta-trained."
    )
  }

  /// The parts that a picture has room for: roles left out say the same as the others alone where there are two, and the
  /// role of the head the same as the head.
  private static func parts(_ arm: RunResult.ArmResult) -> [Attribution] {
    (arm.attribution ?? []).filter { !$0.adapted.contains("without:") && $0.adapted != "only:head" }
  }

  private static func picture(_ arms: [RunResult.ArmResult]) -> any Picture {
    guard arms.count > 2 else {
      return IntervalPlot(
        title: "Accuracy by what adapts", xLabel: "query accuracy, with 95 % interval",
        rows: arms.enumerated().flatMap { i, arm in
          parts(arm).map { part in
            .init(
              "\(arm.name): \(words(part.adapted))", value: part.accuracy.mean,
              low: part.accuracy.mean - part.accuracy.ci95, high: part.accuracy.mean + part.accuracy.ci95,
              series: i, note: Wording.percent(part.accuracy))
          }
        })
    }
    var names: [String] = []
    for part in arms.flatMap(parts) where !names.contains(part.adapted) { names.append(part.adapted) }
    return HeatMap(
      title: "Accuracy by what adapts", columnLabel: "what takes its steps", columns: names.map(words),
      rows: arms.map { arm in
        let own = Dictionary(parts(arm).map { ($0.adapted, $0.accuracy) }, uniquingKeysWith: { a, _ in a })
        return .init(
          arm.name, names.map { own[$0]?.mean },
          notes: names.map { name in own[name].map { "± \(Wording.points($0.ci95))" } ?? "" })
      }, valueLabel: "query accuracy, per cent")
  }

  private static func table(_ arms: [RunResult.ArmResult]) -> Table {
    Table(
      name: "attribution",
      columns: [
        .text("arm", "arm"), .text("what takes its steps", "adapted", at: .page),
        .text("what takes its steps", "adapted", at: .file), .number("numbers", "numbers"),
        .number("accuracy", "accuracy", .share), .number("difference to all (points)", "difference", .share),
        .number("95 % interval", "interval", at: .page), .number("p", "p"),
        .number("episodes", "episodes", at: .file),
      ],
      rows: arms.flatMap { arm in
        (arm.attribution ?? []).map { part -> [Table.Cell] in
          let difference = part.difference
          return [
            .text(arm.name), .text(words(part.adapted)), .text(part.adapted), .count(part.numbers),
            .percent(part.accuracy),
            difference.map {
              Table.Cell(text: Wording.signedPoints($0.mean), value: $0.mean)
                .within($0.ci95.first, $0.ci95.last)
            } ?? .empty,
            difference.map {
              .text("\(Wording.points($0.ci95.first)) to \(Wording.points($0.ci95.last))")
            } ?? .empty,
            difference.map { GlanceSection.p($0.p) } ?? .empty, .count(part.episodes),
          ]
        }
      },
      note:
        "On the first \(Wording.count(arms.compactMap { $0.attribution?.first?.episodes }.max() ?? 0, "test episode")), "
        + "after the trained steps, paired with all. The networks are those that were trained, so this shows what they lose "
        + "and not what a network would reach that was trained so. Each interval and p stands by itself.")
  }

  private static func table(_ increments: [RunResult.Comparison], _ result: RunResult) -> Table {
    func adapted(_ name: String) -> Int? { result.arms.first { $0.name == name }?.parameters.adapted }
    return Table(
      name: "increments",
      columns: [
        .text("arm", "arm"), .text("head alone", "head"), .number("numbers beside the head", "numbers"),
        .number("gain (points)", "increment", .share),
        .number("simultaneous 95 % interval", "interval", at: .page), .number("p (Holm)", "p"),
        .number("points per 1,000 numbers", "increment_per_thousand_numbers", .share),
      ],
      rows: increments.map { c in
        let seen = Difference(c)
        let extra = adapted(c.a).flatMap { all in adapted(c.b).map { all - $0 } }
        let each = extra.flatMap { $0 > 0 ? 1000 * c.difference / Double($0) : nil }
        return [
          .text(c.a), .text(c.b), .count(extra),
          Table.Cell(
            text: Wording.signedPoints(c.difference), value: c.difference, direction: seen.direction
          ).within(seen.low, seen.high),
          .text("\(Wording.points(seen.low)) to \(Wording.points(seen.high))"), GlanceSection.p(c.p),
          Table.Cell(text: each.map { Wording.signedPoints($0) } ?? "–", value: each),
        ]
      },
      note: "Against the same network trained to adapt its head only, on the same episodes.")
  }

  /// `only:atoms` in words.
  private static func words(_ adapted: String) -> String {
    switch adapted {
    case "none": return "nothing"
    default:
      let parts = adapted.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return adapted }
      return parts[0] == "only" ? "\(parts[1]) alone" : "all but \(parts[1])"
    }
  }
}
