public import Networks
internal import Tensors

/// One adapted tensor in one inner step.
public struct TensorMovement: Sendable {
  /// Its place in the layout.
  public let ref: ParameterRef
  /// ‖∂ support loss / ∂ tensor‖ over the numbers that adapt.
  public let gradientNorm: Double
  /// How far the step moved it: ‖θ after − θ before‖.
  public let movement: Double
}

/// One point of an inner loop, with everything that moves next.
public struct TraceStep: Sendable {
  /// How many inner steps were taken.
  public let step: Int
  /// The objective's support loss: what the next step descends on.
  public let supportLoss: Double
  /// Mean cross-entropy of the query.
  public let queryLoss: Double
  /// Share of the query images told right, 0...1.
  public let queryAccuracy: Double
  /// The adapted tensors in the next step, in the order of the inner loop; none after the last step.
  public let movements: [TensorMovement]
}

extension MetaLearner {
  /// The inner loop on one task, step by step: where a loss that is not finite comes from.
  ///
  /// - Parameters:
  ///   - point: The meta-parameters.
  ///   - task: The task.
  /// - Returns: One entry before the first step and one after each.
  public func trace(at point: MetaParameters, on task: MetaTask) -> [TraceStep] {
    var descent = Descent(self, from: point, on: task.support)
    return (0...innerLoop.steps).map { t in
      let parameters = descent.parameters
      let leaves = parameters.leaves
      let support = objective.supportLoss(leaves, task.support)
      let asked = assess(parameters, on: task)
      var movements: [TensorMovement] = []
      if t < innerLoop.steps {
        let gradient = gradients(of: support, wrt: innerLoop.refs.map { leaves[$0] })
        descent.step()
        let next = descent.parameters
        movements = zip(innerLoop.adapted, gradient).map { item, gradient in
          TensorMovement(
            ref: item.ref, gradientNorm: globalNorm([item.masked(gradient)]),
            movement: globalNorm([next[item.ref] - parameters[item.ref]]))
        }
      }
      return TraceStep(
        step: t, supportLoss: Double(support.item), queryLoss: asked.loss, queryAccuracy: asked.accuracy,
        movements: movements)
    }
  }

  /// ‖∂ query loss / ∂ what adapts‖ where the inner steps end: what an exact meta-gradient multiplies by how the steps hang
  /// on the start.
  ///
  /// - Parameters:
  ///   - point: The meta-parameters.
  ///   - task: The task.
  /// - Returns: The norm over the numbers that adapt.
  public func endSlope(at point: MetaParameters, on task: MetaTask) -> Double {
    var descent = Descent(self, from: point, on: task.support)
    for _ in 0..<innerLoop.steps { descent.step() }
    let leaves = descent.parameters.leaves
    let loss = crossEntropy(logits(for: task.query.images, given: task.support, leaves), task.query.labels)
    let gradient = gradients(of: loss, wrt: innerLoop.refs.map { leaves[$0] })
    return globalNorm(zip(innerLoop.adapted, gradient).map { $0.masked($1) })
  }
}
