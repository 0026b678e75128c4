internal import Episodes
public import MetaLearning
internal import Statistics

/// The adaptation curves of one arm on a list of episodes.
public struct Evaluation: Sendable {
  /// The arm.
  public let arm: Arm
  /// One curve per episode, steps 0, 1, ….
  public let curves: [[CurvePoint]]
  /// Inner steps used in training: where the headline figures are read.
  public let trainedSteps: Int
  /// Wall time per task: adaptation by the trained steps and one pass over the query, all workers busy.
  public let msPerTask: Double

  /// What was measured for an arm.
  public init(arm: Arm, curves: [[CurvePoint]], trainedSteps: Int, msPerTask: Double) {
    self.arm = arm
    self.curves = curves
    self.trainedSteps = trainedSteps
    self.msPerTask = msPerTask
  }

  /// Query accuracies of all episodes after some steps.
  public func accuracies(after step: Int) -> [Double] { curves.map { $0[step].queryAccuracy } }

  /// Query losses of all episodes after some steps.
  public func losses(after step: Int) -> [Double] { curves.map { $0[step].queryLoss } }

  /// Mean accuracies at steps 0, 1, ….
  public var meanCurve: [Double] { (curves.first ?? []).indices.map { Summary(accuracies(after: $0)).mean } }

  /// Mean accuracy over all steps of each episode's curve.
  public var areas: [Double] {
    curves.map { curve in curve.reduce(0) { $0 + $1.queryAccuracy } / Double(curve.count) }
  }

  /// The first step whose mean accuracy has made 95 % of the way from step 0 to the best step.
  ///
  /// - Source: ours; nil where the curve never rises.
  public var stepsTo95Percent: Int? {
    let curve = meanCurve
    guard let start = curve.first, let top = curve.max(), top > start else { return nil }
    return curve.firstIndex { $0 >= start + 0.95 * (top - start) }
  }
}

/// Evaluates arms on identical episodes.
public struct Evaluator: Sendable {
  let plan: Plan
  let data: RunData
  let progress: any ProgressReporter

  /// Runs an arm over the test episodes.
  ///
  /// - Throws: ``SelfCheckError`` if a MAML arm knows the labels before it has adapted.
  public func evaluate(_ arm: Arm, at point: MetaParameters) async throws -> Evaluation {
    try await evaluate(arm, at: point, keeping: nil)
  }

  /// The same, where curves that a store has are not computed again and new ones go into it.
  func evaluate(
    _ arm: Arm, at point: MetaParameters, keeping store: EvaluationStore?
  ) async throws -> Evaluation {
    let (data, steps) = (data, plan.steps == 0 ? 0 : max(plan.evaluationSteps, plan.steps))
    let episodes = data.test.episodes
    let meter = ProgressMeter(progress, stage: "test \(arm.name)", total: episodes.count)
    let curves: [[CurvePoint]]
    do {
      curves = try await mapTasks(episodes.count, workers: plan.workers) { i in
        defer { meter.advance() }
        if let known = store?.curve(of: i) { return known }
        let curve = arm.learner.adaptationCurve(at: point, on: try data.task(episodes[i]), steps: steps)
        try store?.add(curve, of: i)
        return curve
      }
    } catch let error as CancellationError {
      try store?.save()
      throw error
    }
    try store?.save()
    // Timed apart from the curves, which assess after every step.
    let sample = try episodes.prefix(min(64, episodes.count)).map(data.task)
    let clock = ContinuousClock()
    let start = clock.now
    _ = try await mapTasks(sample.count, workers: plan.workers) { i in
      arm.learner.assess(arm.learner.fit(point, to: sample[i].support), on: sample[i]).loss
    }
    let result = Evaluation(
      arm: arm, curves: curves, trainedSteps: plan.steps,
      msPerTask: (clock.now - start) / .milliseconds(1) / Double(sample.count))
    try SelfChecks.startsAtChance(result, plan)
    try SelfChecks.isFinite(result)
    return result
  }
}
