public import Corruptions

/// One condition of a robustness suite and how it comes about.
public struct Perturbation: Sendable {
  /// The condition as it is written in results.
  public let condition: Condition
  let change: Change
  /// The statistics for normalising the query; nil for those of the evaluation.
  let statistics: NormalisationStatistics?

  /// What is done to a task.
  enum Change: Sendable {
    case none
    case image(any Corruption, severity: Int)
    case labels(LabelNoise, share: Double)
    case attack(Attack, epsilon: Double)

    /// The same for perturbations whose changed images are the same.
    var key: String {
      switch self {
      case .none: "none"
      case .image(let corruption, let severity): "image/\(corruption.name)/\(severity)"
      case .labels(let noise, let share): "labels/\(noise.rawValue)/\(share)"
      case .attack(let attack, let epsilon): "attack/\(attack.rawValue)/\(epsilon)"
      }
    }
  }

  /// Whether the support images or labels change.
  var changesSupport: Bool { condition.side == .support || condition.side == .both }
  /// Whether the query images change.
  var changesQuery: Bool { condition.side == .query || condition.side == .both }

  /// The episodes as they are.
  static let clean = Perturbation(condition: .clean, change: .none, statistics: nil)

  /// Images are damaged before values are inverted, at the side that the suite's ``RobustnessSuite/place`` says.
  ///
  /// - Parameters:
  ///   - corruption: The corruption.
  ///   - severity: 1...5.
  ///   - side: Which images.
  ///   - statistics: The statistics for normalising the query; nil for those of the evaluation. If
  ///     given, the group is `normalisation` and the name ends in `/support-statistics` and so on.
  /// - Returns: The perturbation.
  public static func corruption(
    _ corruption: any Corruption, severity: Int, _ side: Side,
    statistics: NormalisationStatistics? = nil
  ) -> Perturbation {
    Perturbation(
      condition: Condition(
        group: statistics == nil ? .corruption : .normalisation,
        name: corruption.name + (statistics.map { "/" + $0.conditionName } ?? ""),
        severity: Double(severity), side: side),
      change: .image(corruption, severity: severity), statistics: statistics)
  }

  /// Images become another kind of image, for example grey; the condition has no severity.
  ///
  /// - Parameters:
  ///   - shift: One of `CorruptionRegistry.shifts`.
  ///   - side: Which images.
  /// - Returns: The perturbation.
  public static func shift(_ shift: any Corruption, _ side: Side) -> Perturbation {
    Perturbation(
      condition: Condition(group: .shift, name: shift.name, side: side),
      change: .image(shift, severity: 1), statistics: nil)
  }

  /// A share of the support has wrong labels or belongs to other classes.
  ///
  /// - Parameters:
  ///   - noise: The kind of noise.
  ///   - share: Of all support images, 0...1.
  /// - Returns: The perturbation.
  public static func labels(_ noise: LabelNoise, share: Double) -> Perturbation {
    Perturbation(
      condition: Condition(group: .labels, name: noise.rawValue, severity: share, side: .support),
      change: .labels(noise, share: share), statistics: nil)
  }

  /// Clean images with other statistics of normalisation on the query.
  public static func normalisation(_ statistics: NormalisationStatistics) -> Perturbation {
    Perturbation(
      condition: Condition(group: .normalisation, name: statistics.conditionName), change: .none,
      statistics: statistics)
  }

  /// Images are changed against the network.
  ///
  /// - Parameters:
  ///   - attack: The attack.
  ///   - epsilon: The largest change of a pixel value, of values in 0...1.
  ///   - side: Support or query.
  /// - Returns: The perturbation.
  /// - Precondition: the side is not both.
  public static func attack(_ attack: Attack, epsilon: Double, _ side: Side) -> Perturbation {
    precondition(side != .both, "an attack is on the support or on the query")
    return Perturbation(
      condition: Condition(group: .attack, name: attack.rawValue, severity: epsilon, side: side),
      change: .attack(attack, epsilon: epsilon), statistics: nil)
  }
}

extension NormalisationStatistics {
  /// `support-statistics` and so on.
  var conditionName: String { "\(rawValue)-statistics" }
}
