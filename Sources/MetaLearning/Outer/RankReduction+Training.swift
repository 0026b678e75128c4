public import Networks
internal import Tensors

extension RankReduction {
  /// A point of training after the reduction; rates belong to whole tensors and stay.
  public func callAsFunction(_ point: MetaParameters) -> MetaParameters {
    MetaParameters(initial: self(point.initial), rates: point.rates)
  }

  /// A learner after the reduction.
  ///
  /// Its objective reads parameters by their places, which stay.
  public func callAsFunction(_ learner: MetaLearner) -> MetaLearner {
    var loop = learner.innerLoop
    loop.adapted = self(loop.adapted)
    return MetaLearner(
      layout: layout, objective: learner.objective, innerLoop: loop, memory: learner.memory,
      queryStatistics: learner.queryStatistics)
  }

  /// An optimiser after the reduction: the moments of what stays are kept, those of what goes are dropped.
  public func callAsFunction(_ optimizer: MetaOptimizer) -> MetaOptimizer {
    var optimizer = optimizer
    optimizer.state = self(optimizer.state)
    return optimizer
  }

  /// An optimiser of supervised training after the reduction.
  public func callAsFunction(_ optimizer: WeightOptimizer) -> WeightOptimizer {
    var optimizer = optimizer
    optimizer.moments = self(optimizer.moments)
    return optimizer
  }

  /// The optimiser's moments after the reduction.
  public func callAsFunction(_ moments: Adam) -> Adam {
    var moments = moments
    // Parameters come first, then the rates; before the first update there are no moments, and descent has no second.
    for ref in layout.refs {
      if !moments.first.isEmpty { moments.first[ref.index] = self(moments.first[ref.index], at: ref) }
      if !moments.second.isEmpty { moments.second[ref.index] = self(moments.second[ref.index], at: ref) }
    }
    return moments
  }
}
