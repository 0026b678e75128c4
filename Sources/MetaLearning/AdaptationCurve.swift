internal import Networks
internal import Tensors

/// Where a learner stands after some inner steps on one task.
public struct CurvePoint: Sendable {
  /// Inner steps taken.
  public let step: Int
  /// Mean cross-entropy of the support images' scores.
  public let supportLoss: Double
  /// Accuracy on the support images.
  public let supportAccuracy: Double
  /// Mean cross-entropy of the query.
  public let queryLoss: Double
  /// Query accuracy.
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
  /// Query and support accuracy and loss after 0, 1, … `steps` inner steps.
  ///
  /// - Source: cbfinn/maml exports such a curve; column 0 here is the un-adapted model on the query.
  public func adaptationCurve(at point: MetaParameters, on task: MetaTask, steps: Int) -> [CurvePoint] {
    var parameters = point.initial.detached
    let rates = point.rates.map(\.detached)
    let known = MetaTask(support: task.support, query: task.support)
    let clock = ContinuousClock()
    var spent = Duration.zero
    return (0...steps).map { t in
      if t > 0 {
        spent += clock.measure { parameters = adapt(parameters, rates, t - 1, task.support) }
      }
      let asked = assess(parameters, on: task)
      let own = assess(parameters, on: known)
      return CurvePoint(
        step: t, supportLoss: own.loss, supportAccuracy: own.accuracy, queryLoss: asked.loss,
        queryAccuracy: asked.accuracy,
        milliseconds: spent / .milliseconds(1))
    }
  }
}
