public import Networks
public import Tensors

/// Where a learner stands after some inner steps on one task.
public struct CurvePoint: Codable, Hashable, Sendable {
  /// How many inner steps were taken.
  public let step: Int
  /// Mean cross-entropy of the support images' scores.
  public let supportLoss: Double
  /// Accuracy on the support images.
  public let supportAccuracy: Double
  /// Mean cross-entropy of the query.
  public let queryLoss: Double
  /// Share of the query images told right, 0...1.
  public let queryAccuracy: Double
  /// Wall-clock time of the steps so far, milliseconds; assessment is not counted.
  public let milliseconds: Double

  /// A point of a curve.
  public init(
    step: Int, supportLoss: Double, supportAccuracy: Double, queryLoss: Double, queryAccuracy: Double,
    milliseconds: Double
  ) {
    self.step = step
    self.supportLoss = supportLoss
    self.supportAccuracy = supportAccuracy
    self.queryLoss = queryLoss
    self.queryAccuracy = queryAccuracy
    self.milliseconds = milliseconds
  }
}

extension MetaLearner {
  /// Adapts step by step and shows every point on the way: the one loop behind curves and grids.
  ///
  /// - Parameters:
  ///   - point: Where the task starts.
  ///   - support: What is learned from.
  ///   - steps: How many steps; beyond the trained ones the last rates go on.
  ///   - visit: Told the steps taken, the parameters there, and the milliseconds of the steps so far; its own time is
  ///     not in them. What the objective makes of the support before the first step counts.
  public func visitSteps(
    from point: MetaParameters, on support: Batch, steps: Int,
    _ visit: (_ step: Int, _ parameters: Parameters, _ milliseconds: Double) -> Void
  ) {
    let clock = ContinuousClock()
    let begun = clock.now
    var descent = Descent(self, from: point, on: support)
    var spent: Duration = objective.startsInformed ? begun.duration(to: clock.now) : .zero
    for t in 0...steps {
      if t > 0 { spent += clock.measure { descent.step() } }
      visit(t, descent.parameters, spent / .milliseconds(1))
    }
  }

  /// Query and support accuracy and loss after 0, 1, … `steps` inner steps.
  ///
  /// - Parameters:
  ///   - point: Where the task starts.
  ///   - task: What is learned from and what is asked.
  ///   - steps: How many steps.
  ///   - observe: Told the parameters after every number of steps and the query's class scores `[N, ways]` there, for
  ///     other measures on the same way.
  /// - Returns: One point for each number of steps.
  /// - Source: cbfinn/maml exports such a curve; column 0 here is the un-adapted model on the query.
  public func adaptationCurve(
    at point: MetaParameters, on task: MetaTask, steps: Int,
    observing observe: (_ step: Int, _ parameters: Parameters, _ scores: Tensor) -> Void = { _, _, _ in }
  ) -> [CurvePoint] {
    let known = MetaTask(support: task.support, query: task.support)
    var curve: [CurvePoint] = []
    visitSteps(from: point, on: task.support, steps: steps) { t, parameters, milliseconds in
      let scores = scores(at: parameters, on: task)
      let asked = TaskScore(scores: scores, labels: task.query.labels)
      let own = assess(parameters, on: known)
      curve.append(
        CurvePoint(
          step: t, supportLoss: own.loss, supportAccuracy: own.accuracy, queryLoss: asked.loss,
          queryAccuracy: asked.accuracy, milliseconds: milliseconds))
      observe(t, parameters, scores)
    }
    return curve
  }
}
