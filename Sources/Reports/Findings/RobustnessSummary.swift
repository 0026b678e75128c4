internal import Evaluation
internal import Results

/// An arm's robustness rows put together: over severities, over sides, over conditions.
struct RobustnessSummary {
  /// Means of an arm under one kind of perturbation.
  struct Mean {
    var accuracy: Double
    /// Half-width of the accuracy's interval, where it was measured as a whole.
    var halfWidth: Double?
    var relativeDrop: Double
    var relativeError: Double?

    /// The plain mean of several.
    init?(_ means: [Mean]) {
      guard !means.isEmpty else { return nil }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      accuracy = mean(means.map(\.accuracy))
      halfWidth = means.count == 1 ? means[0].halfWidth : nil
      relativeDrop = mean(means.map(\.relativeDrop))
      let errors = means.compactMap(\.relativeError)
      relativeError = errors.count == means.count ? mean(errors) : nil
    }

    init(_ row: RobustnessRow) {
      accuracy = row.accuracy.mean
      halfWidth = row.accuracy.ci95
      relativeDrop = row.relativeDrop
      relativeError = row.relativeError
    }
  }

  /// The same episodes without any perturbation; the suite may take fewer than the test.
  let unperturbed: Estimate
  /// Perturbations without their severities in the order they were measured, without the unperturbed episodes.
  let kinds: [Condition]
  private let means: [Condition: Mean]
  private let rows: [RobustnessRow]

  init(_ arm: RunResult.ArmResult) {
    rows = arm.robustness.filter { !$0.condition.isClean }
    unperturbed = arm.robustness.first { $0.condition == .clean }?.accuracy ?? arm.test.accuracy
    let byKind = Dictionary(grouping: rows, by: \.condition.withoutSeverity)
    var seen: Set<Condition> = []
    kinds = rows.map(\.condition.withoutSeverity).filter { seen.insert($0).inserted }
    means = byKind.compactMapValues { rows in
      // Where the evaluation gave the mean over severities, its interval is right; else a plain mean has to do.
      Mean(rows.filter { $0.condition.severity == nil }.map(Mean.init)) ?? Mean(rows.map(Mean.init))
    }
  }

  /// Over severities.
  subscript(kind: Condition) -> Mean? { means[kind] }

  /// Over severities, and over all kinds that a test lets pass.
  func mean(where isMeant: (Condition) -> Bool) -> Mean? {
    Mean(kinds.filter(isMeant).compactMap { means[$0] })
  }

  /// Over image corruptions, on one side or on all.
  func corruptions(on side: Side? = nil) -> Mean? {
    mean { $0.group == .corruption && !$0.isMeanCorruption && (side == nil || $0.side == side) }
  }

  /// Mean accuracy over the conditions of a group at each severity.
  func bySeverity(_ group: Condition.Group) -> [(severity: Double, accuracy: Double)] {
    let graded = rows.filter { $0.condition.group == group && $0.condition.severity != nil }
    return Dictionary(grouping: graded) { $0.condition.severity ?? 0 }
      .compactMap { severity, rows in Mean(rows.map(Mean.init)).map { (severity, $0.accuracy) } }
      .sorted { $0.0 < $1.0 }
  }
}
