internal import Evaluation
internal import Results
internal import Settings
internal import Training

extension Study {
  /// Every arm against its reference and against the arm that adapts only its head.
  ///
  /// - Parameters:
  ///   - speed: `[arm][seed]`.
  ///   - results: What is known of the arms already.
  ///   - table: Scores under conditions.
  ///   - positions: Of the arms' candidates in it.
  ///   - further: Scores on further test data.
  ///   - union: The test episodes of each data set of a union.
  /// - Returns: All comparisons, the primary ones first, and where more seeds may follow whether they are wanted.
  func comparisons(
    _ speed: [[SpeedMeasures]], _ results: [RunResult.ArmResult], _ table: RobustnessTable,
    _ positions: [[Int]], _ further: TestSetFindings, _ union: UnionEpisodes
  ) -> (all: [RunResult.Comparison], look: RunResult.SeedLook?) {
    let references = StudyArm.references(among: arms)
    let heads = StudyArm.heads(among: arms)
    var all = StudyComparisons(seedPlan: seedPlan)
    for i in arms.indices {
      // Where that arm is the reference, the difference in accuracy is the increment.
      if let head = heads[i], head != references[i] {
        all.add(
          arms[i], arms[head], PrimaryQuestion.incrementMetric,
          (speed[i].map(\.trainedAccuracies), speed[head].map(\.trainedAccuracies)))
      }
      guard let other = references[i] else { continue }
      addSpeed(of: i, against: other, speed, results, to: &all)
      for part in union.parts {
        func own(_ arm: Int) -> [[Double]] { speed[arm].map { part.values($0.trainedAccuracies) } }
        all.add(arms[i], arms[other], "accuracy", under: part.condition, (own(i), own(other)))
      }
      for row in further.rows.indices {
        all.add(
          arms[i], arms[other], "accuracy", under: further.condition(row),
          (further.accuracies(i, row), further.accuracies(other, row)))
      }
      for condition in table.compared {
        guard let a = table.trainings(positions[i], under: condition),
          let b = table.trainings(positions[other], under: condition),
          let cleanA = table.trainings(positions[i], under: condition.unperturbed),
          let cleanB = table.trainings(positions[other], under: condition.unperturbed)
        else { continue }
        all.add(arms[i], arms[other], "accuracy", under: condition, (a, b))
        all.add(
          arms[i], arms[other], "relative_drop", under: condition,
          (zip(cleanA, a).map(relativeDrops), zip(cleanB, b).map(relativeDrops)))
      }
    }
    return all.conclusions
  }

  private func addSpeed(
    of i: Int, against other: Int, _ speed: [[SpeedMeasures]], _ results: [RunResult.ArmResult],
    to all: inout StudyComparisons
  ) {
    let isAdapting = ![speed[i], speed[other]].contains { $0[0].trainedSteps == 0 }
    for metric in SpeedMeasures.Metric.allCases {
      guard metric == .accuracy || isAdapting else { continue }
      guard metric != .common else {
        addCommonAccuracy(of: i, against: other, speed, results, to: &all)
        continue
      }
      let (own, others) = (
        speed[i].compactMap { $0.values(of: metric) }, speed[other].compactMap { $0.values(of: metric) }
      )
      guard own.count == speed[i].count, others.count == speed[other].count else { continue }
      all.add(arms[i], arms[other], metric.rawValue, (own, others))
    }
    for metric in SpeedMeasures.AnswerMetric.allCases {
      let (own, others) = (
        speed[i].compactMap { $0.values(of: metric) }, speed[other].compactMap { $0.values(of: metric) }
      )
      all.add(arms[i], arms[other], metric.rawValue, (own, others))
    }
  }

  /// Steps to the accuracy that both arms reach, each pair of trainings at its own.
  private func addCommonAccuracy(
    of i: Int, against other: Int, _ speed: [[SpeedMeasures]], _ results: [RunResult.ArmResult],
    to all: inout StudyComparisons
  ) {
    // Trainings without a partner are not compared.
    var own = [[Double]](repeating: [], count: speed[i].count)
    var others = [[Double]](repeating: [], count: speed[other].count)
    for (a, b) in arms[i].pairs(with: arms[other]) {
      guard let common = CommonAccuracy(speed[i][a], speed[other][b]) else { return }
      (own[a], others[b]) = common.values
    }
    guard let a = results[i].speed, let b = results[other].speed else { return }
    func mean(_ result: SpeedResult, _ step: Int) -> Double { result.curve[step].queryAccuracy.mean }
    let common = CommonAccuracy.target(
      (mean(a, 0), mean(b, 0)), (mean(a, a.trainedSteps), mean(b, b.trainedSteps)))
    all.add(
      arms[i], arms[other], SpeedMeasures.Metric.common.rawValue,
      reach: [Reach(of: a.curve, to: common), Reach(of: b.curve, to: common)], (own, others))
  }
}
