internal import Evaluation
internal import MetaLearning
internal import Networks
internal import Randomness
internal import Statistics
internal import Tensors

extension RunResult.ArmResult {
  /// What training and evaluation of one arm come to.
  init(
    _ trained: TrainedArm, _ evaluation: TestCurves, plan: Plan, secondOrderShare share: Double?,
    folder: String
  ) {
    let arm = trained.arm
    let layout = arm.network.layout
    let tasks = plan.iterations * plan.metaBatch
    let rates = zip(arm.adaptedPaths, trained.best.rates).map { ($0, $1.scalars.map { Double($0) }) }
    self.init(
      name: arm.name, family: arm.family, learner: plan.learner.rawValue, adapt: arm.selector.description,
      order: plan.order.rawValue, secondOrderShare: share,
      parameters: .init(
        total: layout.count(), adapted: arm.audit.reduce(0) { $0 + $1.numbers },
        byRole: Dictionary(uniqueKeysWithValues: layout.roles.map { ($0.rawValue, layout.count(of: $0)) }),
        audit: arm.audit),
      train: .init(
        iterations: plan.iterations, tasks: tasks, seconds: trained.seconds,
        msPerTask: 1000 * trained.seconds / Double(max(1, tasks)), peakBytes: trained.peakBytes,
        bestIteration: trained.bestIteration, validationAccuracy: trained.bestValidation,
        rateSweep: trained.sweep,
        rates: plan.steps == 0 ? [:] : Dictionary(uniqueKeysWithValues: rates)),
      test: .init(evaluation), options: arm.options, command: plan.command(of: arm),
      seeds: [
        .init(
          seed: plan.seed, folder: folder,
          accuracy: Estimate(evaluation.accuracies(after: evaluation.trainedSteps)),
          trainSeconds: trained.seconds)
      ],
      robustness: [])
  }
}

extension RunResult.Test {
  init(_ evaluation: TestCurves) {
    let steps = (evaluation.curves.first ?? []).indices
    self.init(
      episodes: evaluation.curves.count,
      accuracy: .init(evaluation.accuracies(after: evaluation.trainedSteps)),
      curve: steps.map { step in
        let accuracy = Estimate(evaluation.accuracies(after: step))
        return .init(
          step: step, accuracy: accuracy.mean, ci95: accuracy.ci95,
          loss: Summary(evaluation.losses(after: step)).mean)
      },
      areaUnderCurve: Summary(evaluation.areas).mean, stepsTo95Percent: evaluation.stepsTo95Percent,
      msPerTask: evaluation.msPerTask)
  }
}

extension RunResult.Comparison {
  /// All comparisons of two arms, their p values corrected together.
  static func all(_ a: TestCurves, _ b: TestCurves) -> [RunResult.Comparison] {
    var metrics: [(String, [Double], [Double])] = [
      ("accuracy", a.accuracies(after: a.trainedSteps), b.accuracies(after: b.trainedSteps))
    ]
    if a.trainedSteps > 0 && b.trainedSteps > 0 {
      metrics.append(("accuracy_after_1_step", a.accuracies(after: 1), b.accuracies(after: 1)))
      metrics.append(("area_under_curve", a.areas, b.areas))
    }
    let tests = metrics.map { PairedComparison($0.1, $0.2) }
    return zip(zip(metrics, tests), holm(tests.map(\.p))).map { item, p in
      let test = item.1
      let interval = test.interval95 ?? test.meanDifference...test.meanDifference
      return .init(
        a: a.arm.name, b: b.arm.name, metric: item.0.0, difference: test.meanDifference,
        ci95: [interval.lowerBound, interval.upperBound], p: p, pUncorrected: test.p,
        pSignFlip: signFlip(item.0.1, item.0.2), episodes: test.episodes, seeds: 1,
        episodeDeviation: Summary(zip(item.0.1, item.0.2).map { $0 - $1 }).standardDeviation ?? 0)
    }
  }
}

/// The sign-flip test of paired values; its random patterns are a function of nothing but the number of episodes.
private func signFlip(_ a: [Double], _ b: [Double]) -> Double {
  var stream = RandomStream(seed: 0, purpose: "sign-flip", index: UInt64(a.count))
  return SignFlipTest.p(zip(a, b).map { $0 - $1 }, resamples: 9999, using: &stream)
}
