/// What is asked about an arm before anything is measured: few questions, so that a correction for all of them leaves
/// something to find.
///
/// Everything else that a report compares is secondary: it is corrected apart, over many, and invites to a second look.
public enum PrimaryQuestion: String, CaseIterable, Sendable {
  /// Query accuracy after the trained steps, against the reference.
  case accuracy
  /// Steps to an accuracy that both reach, against the reference; see ``CommonAccuracy``.
  case speed
  /// The relative drop of accuracy under all corruptions of support and query, against the reference.
  case robustness
  /// Query accuracy, against the same network trained to adapt only its head.
  case increment

  /// The name of the metric of an increment over the head.
  public static let incrementMetric = "increment"

  /// Whether a metric under a condition is the answer to it.
  public func asks(_ metric: String, under condition: Condition?) -> Bool {
    switch self {
    case .accuracy: metric == SpeedMeasures.Metric.accuracy.rawValue && condition == nil
    case .speed: metric == SpeedMeasures.Metric.common.rawValue
    case .robustness: metric == "relative_drop" && condition == .meanCorruption(on: .both)
    case .increment: metric == Self.incrementMetric
    }
  }

  /// The question in a few words.
  public var words: String {
    switch self {
    case .accuracy: "accuracy after the trained steps"
    case .speed: "steps to an accuracy that both reach"
    case .robustness: "relative drop under corruptions of support and query"
    case .increment: "accuracy beyond that of the head alone"
    }
  }
}
