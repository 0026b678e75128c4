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
    "skipped", "exploded",
  ])

  var line: String {
    CSV.line([
      arm, iteration, split, loss, accuracy, ci95, outerRate, gradientNorm, seconds, msPerTask, residentBytes,
      regularizer, parameters, rank, skipped, exploded,
    ])
  }
}
