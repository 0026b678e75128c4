internal import Documents
internal import Evaluation
internal import Results

/// One paired comparison of an arm with its reference.
struct Difference {
  /// The mean of arm − reference, in the unit of the metric.
  let mean: Double
  let low: Double
  let high: Double
  /// Corrected over the comparisons of its kind.
  let p: Double
  let source: RunResult.Comparison

  /// The level of every statement in a report.
  static let level = 0.05

  var isSignificant: Bool { p < Self.level }

  /// The stars of papers.
  var marks: String { p < 0.001 ? "***" : p < 0.01 ? "**" : p < 0.05 ? "*" : "" }

  init(_ comparison: RunResult.Comparison) {
    let ends = (comparison.ci95Simultaneous ?? comparison.ci95) + [.nan, .nan]
    mean = comparison.difference
    (low, high) = (ends[0], ends[1])
    p = comparison.p
    source = comparison
  }

  /// `+0.84` and so on; bigger is better.
  var direction: Direction { isSignificant ? (mean > 0 ? .better : .worse) : .none }
}

/// The conclusions about one arm against its reference, drawn from the comparisons when a report is rendered.
struct Finding {
  /// Steps to the accuracy that both arms reach.
  struct Speed {
    /// Of those steps, arm less reference; nil if it was not tested.
    let difference: Difference?
    /// Which way the accuracy after the trained steps differs.
    let accuracy: Direction

    /// What it costs the arm and the reference to get there.
    var reach: (arm: Reach, reference: Reach)? {
      guard let reach = difference?.source.reach, reach.count == 2 else { return nil }
      return (reach[0], reach[1])
    }

    /// Fewer steps are better.
    ///
    /// An arm that ends less accurate is not called faster, and none slower that ends more so.
    var direction: Direction {
      guard let difference else { return .untested }
      guard difference.isSignificant else { return .none }
      return switch (difference.mean < 0, accuracy) {
      case (true, .worse), (false, .better): .mixed
      case (let isFewer, _): isFewer ? .better : .worse
      }
    }
  }

  /// How the relative drop of accuracy differs under all corruptions together, and one condition at a time.
  struct Robustness {
    /// Under all corruptions of support and query; nil if they were not measured.
    let main: Difference?
    /// Whether accuracy is lower under them.
    let isLower: Bool
    let less: [Difference]
    let more: [Difference]
    let undecided: [Difference]

    var count: Int { less.count + more.count + undecided.count }
    /// A smaller drop to a lower accuracy is not robustness: an arm that starts near chance cannot fall far.
    var direction: Direction {
      guard let main else { return .untested }
      guard main.isSignificant else { return .none }
      return main.mean > 0 ? .worse : isLower ? .mixed : .better
    }
  }

  let arm: RunResult.ArmResult
  let reference: RunResult.ArmResult
  /// Whether what the arm is named after takes part in its adaptation; nil if that was not measured.
  let participation: Participation?
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
    participation = Participation(arm)
    accuracy = difference(SpeedMeasures.Metric.accuracy.rawValue)
    speed = Speed(
      difference: difference(SpeedMeasures.Metric.common.rawValue), accuracy: accuracy?.direction ?? .none)
    // Other statistics of normalisation change no image, so they are not a matter of robustness.
    let perturbed = comparisons.filter { !$0.condition.isClean && $0.condition?.group != .normalisation }
    func isLower(under condition: Condition?) -> Bool {
      perturbed.filter { $0.metric == "accuracy" && $0.condition == condition }
        .map(Difference.init).contains { $0.isSignificant && $0.mean < 0 }
    }
    let whole = Condition.meanCorruption(on: .both)
    let all = perturbed.filter { $0.metric == "relative_drop" }
      .map { (drop: Difference($0), condition: $0.condition) }
    let drops = all.filter { $0.condition?.isSingle == true }
    // A smaller drop to a lower accuracy is not robustness: an arm that starts near chance cannot fall far.
    let less = drops.filter { $0.drop.isSignificant && $0.drop.mean < 0 && !isLower(under: $0.condition) }
    let more = drops.filter { $0.drop.isSignificant && $0.drop.mean > 0 }
    robustness = Robustness(
      main: all.first { $0.condition == whole }?.drop, isLower: isLower(under: whole), less: less.map(\.drop),
      more: more.map(\.drop),
      undecided: drops.filter { item in !(less + more).contains { $0.condition == item.condition } }.map(
        \.drop))
  }
}

extension RunResult {
  /// The arms that others are compared with.
  var references: [ArmResult] {
    let names = Set(comparisons.filter { $0.metric != PrimaryQuestion.incrementMetric }.map(\.b))
    return arms.filter { names.contains($0.name) }
  }

  /// Every arm that is compared with another.
  var findings: [Finding] {
    arms.compactMap { arm in
      let own = comparisons.filter { $0.a == arm.name && $0.metric != PrimaryQuestion.incrementMetric }
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

extension Condition {
  /// Whether it is one way to disturb episodes: neither several together nor other statistics of normalisation.
  var isSingle: Bool { !isClean && !isMeanCorruption && group != .normalisation }
}

extension [RunResult.Comparison] {
  /// The single conditions under which drops are compared: what words and tables count.
  var singleConditions: Set<Condition> {
    Set(filter { $0.metric == "relative_drop" }.compactMap(\.condition).filter(\.isSingle))
  }
}

extension Condition? {
  /// Whether the episodes are as they are.
  var isClean: Bool { map(\.isClean) ?? true }
}
