internal import Documents
internal import Evaluation
internal import Results

/// One paired comparison of an arm with its reference.
struct Difference {
  /// Arm less reference.
  let mean: Double
  let low: Double
  let high: Double
  /// Corrected over the comparisons of the report.
  let p: Double
  let source: RunResult.Comparison

  /// The level of every statement in a report.
  static let level = 0.05

  var isSignificant: Bool { p < Self.level }

  init(_ comparison: RunResult.Comparison) {
    let ends = comparison.ci95 + [.nan, .nan]
    mean = comparison.difference
    (low, high) = (ends[0], ends[1])
    p = comparison.p
    source = comparison
  }

  /// `+0.84` and so on; bigger is better.
  var direction: Direction { isSignificant ? (mean > 0 ? .better : .worse) : .none }
}

/// What was found about one arm against the reference.
struct Finding {
  /// Steps until adaptation has made 95 % of its way.
  struct Speed {
    let arm: Int?
    let reference: Int?
    /// Of the mean steps after which the gain comes, arm less reference; nil if it was not tested.
    let difference: Difference?

    /// Fewer steps are better.
    var direction: Direction {
      guard let difference else { return .untested }
      return difference.isSignificant ? (difference.mean < 0 ? .better : .worse) : .none
    }
  }

  /// In how many conditions accuracy drops less, more, or neither.
  struct Robustness {
    let less: [Difference]
    let more: [Difference]
    let undecided: [Difference]

    var count: Int { less.count + more.count + undecided.count }
    var direction: Direction {
      switch (less.isEmpty, more.isEmpty) {
      case (true, true): count == 0 ? .untested : .none
      case (false, true): .better
      case (true, false): .worse
      case (false, false): .mixed
      }
    }
  }

  let arm: RunResult.ArmResult
  let reference: RunResult.ArmResult
  let speed: Speed
  let accuracy: Difference?
  let robustness: Robustness

  /// What the comparisons of an arm with its reference say.
  init(
    _ arm: RunResult.ArmResult, against reference: RunResult.ArmResult, _ comparisons: [RunResult.Comparison]
  ) {
    self.arm = arm
    self.reference = reference
    func difference(_ metric: String) -> Difference? {
      comparisons.first { $0.metric == metric && $0.condition.isClean }.map(Difference.init)
    }
    accuracy = difference(SpeedMeasures.Metric.accuracy.rawValue)
    speed = Speed(
      arm: arm.stepsTo95Percent, reference: reference.stepsTo95Percent,
      difference: difference(SpeedMeasures.Metric.steps.rawValue))
    // Other statistics of normalisation perturb no image, so they say nothing about robustness.
    let perturbed = comparisons.filter { !$0.condition.isClean && $0.condition?.group != .normalisation }
    func isLower(under condition: Condition?) -> Bool {
      perturbed.filter { $0.metric == "accuracy" && $0.condition == condition }
        .map(Difference.init).contains { $0.isSignificant && $0.mean < 0 }
    }
    let drops = perturbed.filter { $0.metric == "relative_drop" }
      .map { (drop: Difference($0), condition: $0.condition) }
    // A smaller drop to a lower accuracy is no robustness: who starts near chance cannot fall far.
    let less = drops.filter { $0.drop.isSignificant && $0.drop.mean < 0 && !isLower(under: $0.condition) }
    let more = drops.filter { $0.drop.isSignificant && $0.drop.mean > 0 }
    robustness = Robustness(
      less: less.map(\.drop), more: more.map(\.drop),
      undecided: drops.filter { item in !(less + more).contains { $0.condition == item.condition } }.map(
        \.drop))
  }
}

extension RunResult {
  /// The arms that others are compared with.
  var references: [ArmResult] {
    let names = Set(comparisons.map(\.b))
    return arms.filter { names.contains($0.name) }
  }

  /// Every arm that is compared with another.
  var findings: [Finding] {
    arms.compactMap { arm in
      let own = comparisons.filter { $0.a == arm.name }
      return arms.first { $0.name == own.first?.b }.map { Finding(arm, against: $0, own) }
    }
  }

  /// Trainings behind every arm.
  var seedCount: Int { arms.map(\.seeds.count).min() ?? 0 }

  /// Inner steps in training; 0 for learners that do not step.
  var trainedSteps: Int { arms.map(\.trainedSteps).max() ?? 0 }
}

extension RunResult.ArmResult {
  /// Inner steps in training: as many as each rate has values.
  var trainedSteps: Int { speed?.trainedSteps ?? train.rates.values.map(\.count).max() ?? 0 }

  var stepsTo95Percent: Int? { speed?.stepsTo95Percent ?? test.stepsTo95Percent }
}

extension Condition? {
  /// Whether the episodes are as they are.
  var isClean: Bool { map(\.isClean) ?? true }
}
