internal import Documents
internal import Evaluation

/// The unit of a compared metric: how its differences are written.
enum MetricUnit {
  /// A share, written in percentage points.
  case share
  /// Inner steps.
  case steps
  /// Natural units of information.
  case nats
  /// Squared errors of probabilities.
  case squares

  /// That of a metric by its name in results.
  init(of metric: String) {
    switch metric {
    case SpeedMeasures.Metric.steps.rawValue, SpeedMeasures.Metric.common.rawValue: self = .steps
    case SpeedMeasures.AnswerMetric.nll.rawValue: self = .nats
    case SpeedMeasures.AnswerMetric.brier.rawValue: self = .squares
    default: self = .share
    }
  }

  /// A number of it.
  func text(_ value: Double?) -> String {
    switch self {
    case .share: Wording.points(value)
    case .steps: Wording.fixed(value, 2)
    case .nats, .squares: Wording.fixed(value, 4)
    }
  }

  /// The unit as files name it.
  var inFiles: Table.Unit {
    switch self {
    case .share: .share
    case .steps: .steps
    case .nats: .nats
    case .squares: .brier
    }
  }

  /// A number of it with its sign.
  func signed(_ value: Double) -> String {
    let text = text(value)
    return value > 0 && text != "–" ? "+" + text : text
  }

  /// A metric's name as tables have it.
  static func words(_ metric: String) -> String {
    switch SpeedMeasures.AnswerMetric(rawValue: metric) {
    case .worstDecile: "worst tenth"
    case .ece: "ECE"
    case .nll: "NLL"
    case .brier: "Brier score"
    case nil: metric.replacing("_", with: " ")
    }
  }
}
