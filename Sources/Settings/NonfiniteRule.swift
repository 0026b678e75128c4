/// What happens when the loss or the gradient of a task is not finite.
package enum NonfiniteRule: String, CaseIterable, Codable, Sendable {
  /// Training stops and says which episode it was.
  case stop
  /// The task is left out of the mean and counted in the column `skipped` of `metrics.csv`.
  case skip
}
