internal import Documents
internal import Figures
internal import Results

/// How training went: accuracy on validation episodes over updates, and whether it had come to its end.
enum TrainingSection {
  static func make(_ source: ReportSource) -> Section? {
    let validation = source.training.filter { $0.split == "validation" && $0.points.count > 1 }
    guard !validation.isEmpty else { return nil }
    var blocks: [Block] = [
      .figure(
        Figure(
          name: "training", picture: progress(validation, source.result),
          caption: caption(source.result))),
      .list(validation.map { end(of: $0, source.result) }),
    ]
    let others = source.training.filter { $0.split != "validation" && $0.points.count > 1 }
    if !others.isEmpty {
      blocks.append(
        .details(
          summary: "Accuracy in training",
          [
            .figure(
              Figure(
                name: "training-accuracy",
                picture: chart("Accuracy in training", others) { "\($0.arm), \(words($0.split))" },
                caption: others.contains { $0.split == "held-out" }
                  ? "Of a classifier of all training classes: on the batches of the updates, and on images that are kept back."
                  : "On the queries of training episodes, after the inner steps."))
          ]))
    }
    return Section(title: "Training", blocks: blocks)
  }

  private static func caption(_ result: RunResult) -> String {
    let start = "Accuracy on validation episodes over the updates of training, "
    guard result.kind == .ablation else {
      return start + "with 95 % bands. The ringed point is the best one, which is tested."
    }
    let seeds = Set(result.arms.map(\.seeds.count)).sorted()
    let words = seeds == [1] ? "of one seed" : "mean over \(Wording.list(seeds.map(String.init))) seeds"
    return start + words + ". The ringed point is the best of the curve; each seed is tested at its own best."
  }

  private static func words(_ split: String) -> String { split == "train" ? "training" : "kept back" }

  private static func chart(
    _ title: String, _ curves: [TrainingCurve], name: (TrainingCurve) -> String
  ) -> LineChart {
    LineChart(
      title: title, xLabel: "updates", yLabel: "accuracy",
      series: curves.map { curve in
        .init(
          name(curve),
          curve.points.map { .init(x: Double($0.iteration), y: $0.accuracy, halfWidth: $0.ci95) })
      },
      references: [], yFormat: .percent)
  }

  /// Validation of all arms in one picture, each in its colour of the other pictures, its best point ringed.
  private static func progress(_ curves: [TrainingCurve], _ result: RunResult) -> LineChart {
    let byArm = Dictionary(curves.map { ($0.arm, $0) }, uniquingKeysWith: { first, _ in first })
    let names = result.arms.map(\.name)
    let all = names.compactMap { byArm[$0] } + curves.filter { !names.contains($0.arm) }
    var chart = Self.chart("Training: accuracy on validation episodes", all) { $0.arm }
    chart.highlights = all.enumerated().compactMap { index, curve in
      guard let best = curve.best, let last = curve.points.last else { return nil }
      let isLast = best.iteration == last.iteration
      return .init(
        series: index, x: Double(best.iteration), y: best.accuracy,
        label: isLast ? "best: still improving" : "best")
    }
    return chart
  }

  /// Where an arm was best, and whether more updates may help it.
  private static func end(of curve: TrainingCurve, _ result: RunResult) -> String {
    guard let last = curve.points.last, let best = curve.best else { return curve.arm }
    let text =
      "\(curve.arm): best after \(Wording.grouped(best.iteration)) of \(Wording.grouped(last.iteration)) updates, "
      + Wording.percent(best.accuracy)
    return best.iteration == last.iteration
      ? text + ". That is the last validation: still improving, so more updates may help."
      : text + "."
  }
}
