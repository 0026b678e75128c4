internal import Kernels
internal import Networks
public import Tensors

/// What a convolution family's regularizer says about the meta-parameters; no task has a part in it.
///
/// outer loss = mean over tasks of the query loss after adaptation + regularizer(initial parameters)
public struct RegularizerGradient: Sendable {
  /// The regularizer, its weight included.
  public let value: Double
  /// One gradient per parameter, in declaration order.
  public let parameters: [Tensor]

  /// States what was found.
  public init(value: Double, parameters: [Tensor]) {
    self.value = value
    self.parameters = parameters
  }
}

extension MetaLearner {
  /// The regularizer of the outer loss and its gradient, once for all tasks of a meta-batch.
  ///
  /// It is a function of the initial parameters alone, so no inner step leads through it and how much of the inner
  /// loop is kept makes no difference to it.
  ///
  /// - Parameter point: The meta-parameters.
  /// - Returns: nil if the network's family has no regularizer.
  public func regularizerGradient(at point: MetaParameters) -> RegularizerGradient? {
    let leaves = point.initial.leaves
    guard let value = objective.regularizer(leaves) else { return nil }
    return RegularizerGradient(
      value: Double(value.item), parameters: gradients(of: value, wrt: leaves.values))
  }
}

/// The gradient of the outer loss of a meta-batch: the mean over tasks, plus the regularizer's once.
///
/// - Parameters:
///   - tasks: The tasks' gradients, added up in this order.
///   - regularizer: What the family adds, if anything.
/// - Returns: One tensor per parameter, then one per adapted tensor's rates, as ``MetaParameters/tensors``.
/// - Precondition: there is at least one task.
public func outerGradient(of tasks: [MetaGradient], adding regularizer: RegularizerGradient?) -> [Tensor] {
  precondition(!tasks.isEmpty, "an outer gradient needs at least one task")
  let share = 1 / Scalar(tasks.count)
  return tasks[0].tensors.indices.map { i in
    let mean = tasks.dropFirst().reduce(tasks[0].tensors[i]) { $0 + $1.tensors[i] }.affine(scale: share)
    guard let regularizer, i < regularizer.parameters.count else { return mean }
    return mean + regularizer.parameters[i]
  }
}
