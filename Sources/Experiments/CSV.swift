internal import MetaLearning

/// A table as RFC 4180 text: a header, then rows; numbers with a point.
package struct CSV {
  /// One line, ended as the standard asks.
  package static func line(_ fields: [any CustomStringConvertible]) -> String {
    fields.map { quoted($0.description) }.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension MetricsRow {
  static let header = CSV.line([
    "arm", "iteration", "split", "loss", "accuracy", "ci95", "outer_rate", "gradient_norm", "seconds",
    "ms_per_task", "resident_bytes", "regularizer", "parameters", "rank",
  ])

  var line: String {
    CSV.line([
      arm, iteration, split, loss, accuracy, ci95, outerRate, gradientNorm, seconds, msPerTask, residentBytes,
      regularizer, parameters, rank,
    ])
  }
}

extension TestCurves {
  static let episodesHeader = CSV.line([
    "arm", "condition", "episode", "ways", "shots", "accuracy", "loss",
  ])

  static let curvesHeader = CSV.line([
    "arm", "condition", "episode", "step", "support_loss", "support_accuracy", "query_loss", "query_accuracy",
    "cumulative_ms", "cumulative_macs",
  ])

  /// One row per episode, at the trained steps.
  func episodeLines(ways: Int, shots: Int) -> String {
    curves.enumerated().map { episode, curve in
      let point = curve[trainedSteps]
      return CSV.line([arm.name, "clean", episode, ways, shots, point.queryAccuracy, point.queryLoss])
    }.joined()
  }

  /// One row per episode and step.
  func curveLines(macsPerStep: Int) -> String {
    curves.enumerated().map { episode, curve in
      curve.map { point in
        CSV.line([
          arm.name, "clean", episode, point.step, point.supportLoss, point.supportAccuracy, point.queryLoss,
          point.queryAccuracy, point.milliseconds, point.step * macsPerStep,
        ])
      }.joined()
    }.joined()
  }
}
