/// A task whose numbers are not finite.
package struct NonfiniteTask {
  /// The query loss.
  package let loss: Double
  /// The norm of its gradient, where there is one.
  package let norm: Double?
  /// Which task it was, in words.
  package let location: String

  /// From its parts.
  package init(loss: Double, norm: Double?, location: String) {
    self.loss = loss
    self.norm = norm
    self.location = location
  }

  /// Its numbers in words.
  var found: String { "a query loss of \(loss)" + (norm.map { " and a gradient of norm \($0)" } ?? "") }

  /// The error that stops the run.
  ///
  /// - Parameter replay: The command that shows the episode step by step, if it can.
  /// - Returns: What, where and what to do.
  package func error(replay: String?) -> SelfCheckError {
    SelfCheckError(
      check: "finite numbers", found: "\(found) in \(location)", expected: "finite numbers",
      advice: "Lower the inner or the outer rate, or set on-nonfinite to skip, which leaves such tasks out"
        + (replay.map { ".\nSee it step by step: \($0)" } ?? ""))
  }
}
