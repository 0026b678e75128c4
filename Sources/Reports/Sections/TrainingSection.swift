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
          name: "training", picture: chart("Accuracy on validation episodes", validation) { $0.arm },
          caption: "The point with the highest accuracy is the one that is tested.")),
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

  /// Where an arm was best, and whether more updates may help it.
  private static func end(of curve: TrainingCurve, _ result: RunResult) -> String {
    guard let last = curve.points.last,
      let best = curve.points.max(by: { ($0.accuracy, -$0.iteration) < ($1.accuracy, -$1.iteration) })
    else { return curve.arm }
    let text =
      "\(curve.arm): best after \(Wording.grouped(best.iteration)) of \(Wording.grouped(last.iteration)) updates, "
      + Wording.percent(best.accuracy)
    return best.iteration == last.iteration
      ? text + ". That is the last validation: it may still have been improving, and more updates may help."
      : text + "."
  }
}
