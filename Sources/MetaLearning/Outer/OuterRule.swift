internal import Networks
internal import Tensors

/// What a task tells the outer loop.
public enum OuterRule: Sendable {
  /// The gradient of the query loss after adaptation (MAML).
  case gradient
  /// The way from the adapted parameters φ back to the start θ, θ − φ, as if it were a gradient (Reptile). The query has
  /// no part in it, and no derivative goes through a step. It says nothing of rates, nor of what does not adapt.
  ///
  /// - Source: Nichol et al. 2018, section 2, with the direction given to Adam as they suggest.
  case reptile
}

extension MetaLearner {
  /// Reptile's direction on a task, and the query's loss and accuracy after adaptation.
  func wayBack(from point: MetaParameters, on task: MetaTask) -> MetaGradient {
    let adapted = fit(point, to: task.support)
    let score = assess(adapted, on: task)
    let moving = Set(innerLoop.refs)
    let directions = layout.refs.map { ref in
      moving.contains(ref)
        ? (point.initial[ref].detached - adapted[ref]).detached
        : Tensor(repeating: 0, shape: layout[ref].shape)
    }
    return MetaGradient(
      loss: score.loss, accuracy: score.accuracy, parameters: directions,
      rates: point.rates.map { Tensor(repeating: 0, shape: $0.shape) })
  }
}
