public import Networks
internal import Tensors

extension RankReduction {
  /// A point of training after the reduction; rates stay where they belong to whole tensors.
  ///
  /// - Parameters:
  ///   - point: The point.
  ///   - loop: The inner loop that it belongs to.
  /// - Returns: The point of the lower ranks.
  public func callAsFunction(_ point: MetaParameters, of loop: InnerLoop) -> MetaParameters {
    let rates = zip(loop.refs, point.rates).map { ref, rate in
      loop.rates == .elementwise ? self(rate, at: ref) : rate
    }
    return MetaParameters(initial: self(point.initial), rates: rates)
  }

  /// A learner after the reduction.
  ///
  /// Its objective reads parameters by their places, which stay.
  public func callAsFunction(_ learner: MetaLearner) -> MetaLearner {
    var loop = learner.innerLoop
    loop.adapted = self(loop.adapted)
    return MetaLearner(
      layout: layout, objective: learner.objective, innerLoop: loop, outer: learner.outer,
      memory: learner.memory, queryStatistics: learner.queryStatistics)
  }

  /// An optimiser after the reduction: the moments of what stays are kept, those of what goes are dropped.
  public func callAsFunction(_ optimizer: MetaOptimizer, of loop: InnerLoop) -> MetaOptimizer {
    var optimizer = optimizer
    optimizer.state = self(optimizer.state, of: loop)
    return optimizer
  }

  /// An optimiser of supervised training after the reduction.
  public func callAsFunction(_ optimizer: WeightOptimizer) -> WeightOptimizer {
    var optimizer = optimizer
    optimizer.moments = self(optimizer.moments)
    return optimizer
  }

  /// The moments of a point of training after the reduction: those of its parameters and its rates.
  public func callAsFunction(_ moments: Adam, of loop: InnerLoop) -> Adam {
    var moments = self(moments)
    guard loop.rates == .elementwise else { return moments }
    for (i, ref) in loop.refs.enumerated() {
      let place = layout.entries.count + i
      if !moments.first.isEmpty { moments.first[place] = self(moments.first[place], at: ref) }
      if !moments.second.isEmpty { moments.second[place] = self(moments.second[place], at: ref) }
    }
    return moments
  }

  /// The moments of parameters after the reduction, those of anything behind them untouched.
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
