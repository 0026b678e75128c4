internal import Evaluation
internal import Figures
internal import Foundation

/// The report of a run, for people: verdict first, then figures, then how they came about.
struct MarkdownReport {
  private let result: RunResult
  private let plan: Plan

  init(_ result: RunResult, _ plan: Plan) {
    self.result = result
    self.plan = plan
  }

  var text: String {
    [heading, verdict, accuracyTable, comparisonTable, curve, adaptedTable, method, again]
      .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    "# \(plan.ways)-way \(plan.shots)-shot: \(result.arms.map(\.name).joined(separator: " against "))"
  }

  private var verdict: String { result.verdict }

  private var accuracyTable: String {
    var lines = [
      "| arm | test accuracy | after 1 step | steps to 95 % | area under curve | adapts | of | ms per test task |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for arm in result.arms {
      let first = arm.test.curve.dropFirst().first.map { percent($0.accuracy) } ?? "–"
      lines.append(
        "| \(arm.name) | \(percent(arm.test.accuracy)) | \(first) | "
          + "\(arm.test.stepsTo95Percent.map { "\($0)" } ?? "–") | \(percent(arm.test.areaUnderCurve)) | "
          + "\(arm.parameters.adapted) | \(arm.parameters.total) | \(TextTable.fixed(arm.test.msPerTask, 2)) |"
      )
    }
    lines.append("| nearest mean on pixels | \(percent(result.pixelBaseline)) | | | | 0 | 0 | |")
    return "## Accuracy\n\n" + lines.joined(separator: "\n")
      + "\n\nMean over \(result.arms[0].test.episodes) test episodes ± half-width of the 95 % interval"
      + (plan.steps > 0
        ? "; test accuracy is after \(plan.steps) inner steps, as trained. Steps to 95 %: the first that has made 95 % "
          + "of the way from step 0 to the best step of the mean curve."
        : ".")
  }

  private var comparisonTable: String {
    guard !result.comparisons.isEmpty else { return "" }
    var lines = [
      "| metric | a | b | a − b | 95 % interval | p (Holm) |", "| --- | --- | --- | --- | --- | --- |",
    ]
    for c in result.comparisons {
      lines.append(
        "| \(c.metric.replacing("_", with: " ")) | \(c.a) | \(c.b) | \(points(c.difference)) | "
          + "\(points(c.ci95[0])) to \(points(c.ci95[1])) | \(probability(c.p)) |")
    }
    return "## Paired comparison on identical episodes\n\n" + lines.joined(separator: "\n")
      + "\n\nDifferences in percentage points. p is corrected for the comparisons of this report, intervals are not."
  }

  private var curve: String {
    plan.steps > 0
      ? "## Adaptation\n\n![Query accuracy against inner steps](figures/curves.svg)\n\n"
        + "Training took \(plan.steps) inner steps; later steps go on with the last step's rates."
      : ""
  }

  private var adaptedTable: String {
    guard plan.steps > 0 else { return "" }
    var lines = [
      "| arm | role | tensors | numbers | share of the model |", "| --- | --- | --- | --- | --- |",
    ]
    for arm in result.arms {
      for row in arm.parameters.audit {
        lines.append(
          "| \(arm.name) | \(row.role) | \(row.tensors) | \(row.numbers) | \(TextTable.fixed(100 * row.share, 2)) % |"
        )
      }
    }
    return "## What adapts\n\n" + lines.joined(separator: "\n")
  }

  private var method: String {
    var lines = result.arms.map { arm in
      let share = arm.secondOrderShare.map {
        ", second-order part \(TextTable.fixed(100 * $0, 1)) % of the first-order gradient"
      }
      return "- \(arm.name): \(arm.train.iterations) updates of \(plan.metaBatch) tasks, "
        + "\(TextTable.fixed(arm.train.seconds, 1)) s (\(TextTable.fixed(arm.train.msPerTask, 2)) ms per task), "
        + "\(arm.train.peakBytes / 1_000_000) MB of tensors at most; best validation "
        + "\(percent(arm.train.validationAccuracy)) at update \(arm.train.bestIteration)\(share ?? "")."
    }
    lines.append(
      (result.arms.count > 1 ? "- Both arms saw the same training episodes in the same order; c" : "- C")
        + "heckpoints were chosen on validation episodes only.")
    lines.append(
      "- Normalisation uses the statistics of the batch it is given (query batches are transductive).")
    lines.append(
      "- Data: \(result.data.path), \(result.data.classes) classes, \(result.data.images) images, "
        + "hash \(result.data.hash.prefix(16))…\(result.data.skipped > 0 ? ", \(result.data.skipped) unreadable skipped" : "")."
    )
    lines.append(
      "- fewshot \(result.version), OpenBLAS core \(result.machine.blasCore), \(result.machine.threads) workers."
    )
    return "## How\n\n" + lines.joined(separator: "\n")
  }

  private var again: String { "## Again\n\n```sh\n\(result.command)\n```" }
}

extension RunResult {
  /// The finding in plain words, uncertainty included.
  var verdict: String {
    guard arms.count == 2, let test = comparisons.first else {
      return "\(arms[0].name) reaches \(percent(arms[0].test.accuracy))."
    }
    let clear = test.p < 0.05
    let weak = arms.filter { $0.test.accuracy.mean <= pixelBaseline.mean }.map(\.name)
    let which = test.difference > 0 ? "more" : "less"
    var text =
      "\(arms[0].name) reaches \(percent(arms[0].test.accuracy)), \(arms[1].name) \(percent(arms[1].test.accuracy)): "
      + (clear
        ? "\(points(abs(test.difference))) points \(which) (corrected p \(probability(test.p)))."
        : "no significant difference (\(points(test.difference)) points, corrected p \(probability(test.p))).")
    text +=
      " Each arm was trained once: another seed may differ by more than these intervals, which cover test episodes."
    if let a = arms[0].test.stepsTo95Percent, let b = arms[1].test.stepsTo95Percent {
      text +=
        " Of the best gain from adaptation 95 % is there after \(a) (\(arms[0].name)) and \(b) (\(arms[1].name)) steps."
    }
    if !weak.isEmpty {
      text +=
        " Not above the nearest class mean on raw pixels (\(percent(pixelBaseline.mean))): \(weak.joined(separator: ", "))."
    }
    return text
  }

  /// The same for a terminal, with where to read on.
  public var summaryText: String {
    "\(verdict)\nReport: \(folder)/report.md"
  }

  /// Mean query accuracy against inner steps, with intervals.
  func curveChart(chance: Double) -> LineChart {
    LineChart(
      title: "Adaptation on the test episodes", xLabel: "inner steps", yLabel: "query accuracy",
      series: arms.map { arm in
        .init(arm.name, arm.test.curve.map { .init(x: Double($0.step), y: $0.accuracy, halfWidth: $0.ci95) })
      },
      references: [
        .init(y: chance, label: "chance"), .init(y: pixelBaseline.mean, label: "nearest mean on pixels"),
      ],
      xTicks: arms[0].test.curve.map { Double($0.step) }, yFormat: .percent)
  }
}

private func percent(_ value: Double) -> String { TextTable.fixed(100 * value, 2) + " %" }
private func percent(_ value: Estimate) -> String {
  "\(TextTable.fixed(100 * value.mean, 2)) ± \(TextTable.fixed(100 * value.ci95, 2)) %"
}
private func points(_ value: Double) -> String { TextTable.fixed(100 * value, 2) }
private func probability(_ value: Double) -> String {
  value < 0.0001 ? "< 0.0001" : "= \(TextTable.fixed(value, 4))"
}
