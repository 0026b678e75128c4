/// How a task is learned, where that is not as the run does it; nil stands for the run's own way.
package struct TaskSettings: Sendable {
  /// What tells classes apart: a name of `--head`.
  package var head: String?
  /// What the inner loop changes: a selector of `--adapt`.
  package var adapt: String?
  /// Inner steps.
  package var steps: Int?
  /// The rate of tensors that did not adapt in training.
  package var innerRate: Double?

  /// The run's own way.
  package init() {}

  /// Whether the arm is the one that was trained.
  var isAsTrained: Bool { head == nil && adapt == nil && innerRate == nil }
}
