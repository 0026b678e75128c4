/// What happens when the loss or the gradient of a task is not finite.
public enum NonfiniteRule: String, CaseIterable, Codable, Sendable {
  /// Training stops and says which episode it was.
  case stop
  /// The task is left out of the mean and counted in the column `skipped` of `metrics.csv`.
  case skip
}

/// A task whose numbers are not finite.
struct NonfiniteTask {
  /// The query loss.
  let loss: Double
  /// The norm of its gradient, where there is one.
  let norm: Double?
  /// Which task it was.
  let place: String

  /// Its numbers.
  var found: String { "a query loss of \(loss)" + (norm.map { " and a gradient of norm \($0)" } ?? "") }

  /// The error that stops the run.
  ///
  /// - Parameter replay: The command that shows the episode step by step, if it can.
  /// - Returns: What, where and what to do.
  func error(replay: String?) -> SelfCheckError {
    SelfCheckError(
      check: "finite numbers", found: "\(found) in \(place)", expected: "finite numbers",
      advice: "Lower the inner or the outer rate, or leave such tasks out with --on-nonfinite skip"
        + (replay.map { ".\nSee it step by step: \($0)" } ?? ""))
  }
}
