internal import Evaluation
internal import Experiments

/// One paired comparison, seen from one of its arms.
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

  init(_ comparison: RunResult.Comparison, from arm: String) {
    let sign = comparison.a == arm ? 1.0 : -1
    let ends = (comparison.ci95 + [.nan, .nan]).prefix(2).map { sign * $0 }
    mean = sign * comparison.difference
    (low, high) = sign > 0 ? (ends[0], ends[1]) : (ends[1], ends[0])
    p = comparison.p
    source = comparison
  }

  /// `+0.84` and so on; bigger is better.
  var direction: Direction { isSignificant ? (mean > 0 ? .better : .worse) : .none }
}

/// What was found about one arm against the reference.
struct Finding {
  /// How far adaptation has come when it has made 95 % of its way.
  struct Speed {
    let arm: Int?
    let reference: Int?
    let armInterval: [Int]?
    let referenceInterval: [Int]?
    let direction: Direction
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

  init(_ arm: RunResult.ArmResult, against reference: RunResult.ArmResult, in result: RunResult) {
    self.arm = arm
    self.reference = reference
    let pair = result.comparisons.filter {
      ($0.a == arm.name && $0.b == reference.name) || ($0.a == reference.name && $0.b == arm.name)
    }
    func difference(_ metric: String) -> Difference? {
      pair.first { $0.metric == metric && $0.condition.isClean }.map { Difference($0, from: arm.name) }
    }
    accuracy = difference("accuracy")
    speed = Self.speed(arm, reference)
    // Other statistics of normalisation disturb no image, so they say nothing about robustness.
    let disturbed = pair.filter { !$0.condition.isClean && $0.condition?.group != "normalisation" }
    func isLower(under condition: Condition?) -> Bool {
      disturbed.filter { $0.metric == "accuracy" && $0.condition == condition }
        .map { Difference($0, from: arm.name) }.contains { $0.isSignificant && $0.mean < 0 }
    }
    let drops = disturbed.filter { $0.metric == "relative_drop" }
      .map { (drop: Difference($0, from: arm.name), condition: $0.condition) }
    // A smaller drop to a lower accuracy is no robustness: who starts near chance cannot fall far.
    let less = drops.filter { $0.drop.isSignificant && $0.drop.mean < 0 && !isLower(under: $0.condition) }
    let more = drops.filter { $0.drop.isSignificant && $0.drop.mean > 0 }
    robustness = Robustness(
      less: less.map(\.drop), more: more.map(\.drop),
      undecided: drops.filter { item in !(less + more).contains { $0.condition == item.condition } }.map(
        \.drop))
  }

  private static func speed(
    _ arm: RunResult.ArmResult, _ reference: RunResult.ArmResult
  ) -> Speed {
    let steps = (arm.stepsTo95Percent, reference.stepsTo95Percent)
    let intervals = (arm.speed?.stepsTo95PercentInterval, reference.speed?.stepsTo95PercentInterval)
    var direction = Direction.untested
    if steps.0 != nil, steps.1 != nil, let a = intervals.0, let b = intervals.1, a.count == 2, b.count == 2 {
      // Intervals apart from each other are more than 5 % asks for. But they cover test episodes only: of several
      // trainings they would pass off the difference as certain, so then it is no finding.
      let isOneTraining = max(arm.seeds.count, reference.seeds.count) == 1
      let apart = a[1] < b[0] ? Direction.better : a[0] > b[1] ? .worse : .none
      direction = apart == .none || isOneTraining ? apart : .untested
    }
    return Speed(
      arm: steps.0, reference: steps.1, armInterval: intervals.0, referenceInterval: intervals.1,
      direction: direction)
  }
}

extension RunResult {
  /// The arm the others are compared to: the first standard one that adapts all, else the first standard one, else the last.
  var reference: ArmResult? {
    arms.first { $0.family == "standard" && $0.adapt == "all" } ?? arms.first { $0.family == "standard" }
      ?? arms.last
  }

  /// Every other arm against the reference.
  var findings: [Finding] {
    guard let reference else { return [] }
    return arms.filter { $0.name != reference.name }.map { Finding($0, against: reference, in: self) }
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
  var isClean: Bool { map { $0.group == "clean" } ?? true }
}
