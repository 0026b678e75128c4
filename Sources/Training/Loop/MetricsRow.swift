internal import Formats
package import ProcessGroups

/// One row of `metrics.csv`.
package struct MetricsRow: Sendable {
  /// The name of the arm.
  package let arm: String
  /// The number of updates made.
  package let iteration: Int
  /// `train` or `validation`.
  package let split: String
  /// Mean query loss, without the regularizer.
  package let loss: Double
  /// Mean query accuracy, a share in 0...1.
  package let accuracy: Double
  /// Half-width of its 95 % interval over the episodes of this row.
  package let ci95: Double
  /// Adam's step size.
  package let outerRate: Double
  /// Mean norm of the gradient before clipping; 0 for validation.
  package let gradientNorm: Double
  /// Seconds since training began.
  package let seconds: Double
  /// Milliseconds per task, with all workers busy.
  package let msPerTask: Double
  /// Resident memory of the process in bytes.
  package let residentBytes: Int
  /// Mean of what the family adds to the outer loss; 0 without a regularizer and for validation.
  package let regularizer: Double
  /// Numbers in the model, which pruning lowers.
  package let parameters: Int
  /// The sum of the ranks that training may lower; 0 without any.
  package let rank: Int
  /// Tasks since the last row of this split that were left out because their numbers were not finite.
  package let skipped: Int
  /// Tasks since the last row of this split whose query loss after the inner steps was finite but above ten times
  /// ln(ways), that of a uniform guess: see ``ExplodedTask``.
  package let exploded: Int
  /// What this process exchanged with others for the row: in the updates since the last one, or in the validation.
  package let traffic: Traffic
}

extension MetricsRow {
  /// The first line of `metrics.csv`.
  package static let header = CSV.line([
    "arm", "iteration", "split", "loss", "accuracy", "ci95", "outer_rate", "gradient_norm", "seconds",
    "ms_per_task", "resident_bytes", "regularizer", "parameters", "rank", "skipped", "exploded",
    "exchanged_bytes", "exchange_seconds", "waiting_seconds",
  ])

  /// Rows with all columns: those of earlier versions lack the last ones.
  static func completed(_ rows: String) -> String {
    let commas = header.count { $0 == "," }
    return rows.split(whereSeparator: \.isNewline).map { row -> String in
      let lacking = max(0, commas - row.count { $0 == "," })
      return String(row) + String(repeating: ",0", count: lacking) + "\n"
    }.joined()
  }

  /// The row as a line.
  var line: String {
    CSV.line([
      arm, iteration, split, loss, accuracy, ci95, outerRate, gradientNorm, seconds, msPerTask, residentBytes,
      regularizer, parameters, rank, skipped, exploded, traffic.bytes, traffic.seconds,
      traffic.waiting,
    ])
  }
}
