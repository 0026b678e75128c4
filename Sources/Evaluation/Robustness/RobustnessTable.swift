internal import Statistics

/// The scores of a suite, by arm: an arm is one candidate, or several that differ in their seed.
///
/// Everything is per episode first, a mean over seeds, so that arms can be compared in pairs on identical episodes.
public struct RobustnessTable: Sendable {
  private let scores: [Key: [Double]]
  /// The conditions in their order, `clean` among them.
  public let conditions: [Condition]

  private struct Key: Hashable {
    let condition: Condition
    let candidate: Int
  }

  /// Conditions that differ in severity only.
  private struct Kind: Hashable {
    let group: String
    let name: String
    let place: Place?

    init(_ condition: Condition) { (group, name, place) = (condition.group, condition.name, condition.place) }
  }

  /// The name of the mean over all corruptions.
  public static let meanName = "mean"

  /// A table of what a suite returned.
  public init(_ scores: [ConditionScores]) {
    self.scores = Dictionary(
      scores.map { (Key(condition: $0.condition, candidate: $0.candidate), $0.accuracy) },
      uniquingKeysWith: { first, _ in first })
    var seen: Set<Condition> = []
    conditions = scores.map(\.condition).filter { seen.insert($0).inserted }
  }

  /// Accuracy of an arm under a condition, one number per episode.
  ///
  /// A condition without severity stands for all severities there are: their mean. The group `corruption` with the
  /// name `mean` stands for all corruptions of a place: the mean over corruptions of means over severities.
  ///
  /// - Parameters:
  ///   - condition: Which.
  ///   - arm: The candidates that are its seeds.
  /// - Returns: One number per episode; nil if it was not measured.
  public func accuracies(under condition: Condition, of arm: [Int]) -> [Double]? {
    if condition.group == "corruption" && condition.name == Self.meanName {
      return mean(kinds(ofCorruptionsAt: condition.place).compactMap { accuracies(under: $0, of: arm) })
    }
    if let measured = mean(arm.compactMap { scores[Key(condition: condition, candidate: $0)] }) {
      return measured
    }
    guard condition.severity == nil else { return nil }
    return mean(severities(of: condition).compactMap { accuracies(under: $0, of: arm) })
  }

  /// The mean over all corruptions and severities at a place: mean corruption accuracy, one number per episode.
  public func corruptionAccuracies(at place: Place, of arm: [Int]) -> [Double]? {
    accuracies(under: Self.meanCorruption(place), of: arm)
  }

  /// The condition that stands for all corruptions of a place.
  public static func meanCorruption(_ place: Place) -> Condition {
    Condition(group: "corruption", name: meanName, place: place)
  }

  /// The lines of an arm's table.
  ///
  /// For every kind of condition a line per severity and, where there are several, one without severity for their
  /// mean; after the corruptions one for the mean of all of them at each place.
  ///
  /// - Parameters:
  ///   - arm: The candidates that are its seeds.
  ///   - reference: Those of the arm that errors are divided by; nil, or the arm itself, for none.
  /// - Returns: The lines in the order of the conditions.
  public func rows(of arm: [Int], reference: [Int]?) -> [RobustnessRow] {
    func mean(_ condition: Condition) -> Double? {
      accuracies(under: condition, of: arm).map { Estimate($0).mean }
    }
    guard let clean = mean(.clean) else { return [] }
    let reference = reference == arm ? nil : reference
    return lines.compactMap { condition in
      guard let accuracies = accuracies(under: condition, of: arm) else { return nil }
      let estimate = Estimate(accuracies)
      let start = mean(condition.unperturbed) ?? clean
      return RobustnessRow(
        condition: condition, accuracy: estimate,
        relativeDrop: start > 0 ? (start - estimate.mean) / start : 0,
        relativeError: reference.flatMap { relativeError(under: condition, of: arm, over: $0) })
    }
  }

  /// Error over error of the reference; over all corruptions it is the mean of these ratios, mCE.
  private func relativeError(under condition: Condition, of arm: [Int], over reference: [Int]) -> Double? {
    if condition.group == "corruption" && condition.name == Self.meanName {
      let ratios = kinds(ofCorruptionsAt: condition.place).map {
        relativeError(under: $0, of: arm, over: reference)
      }
      let known = ratios.compactMap(\.self)
      return known.count < ratios.count || known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
    guard let own = accuracies(under: condition, of: arm),
      let theirs = accuracies(under: condition, of: reference)
    else { return nil }
    let error = 1 - Estimate(theirs).mean
    return error > 0 ? (1 - Estimate(own).mean) / error : nil
  }

  /// All conditions that have a line.
  private var lines: [Condition] {
    var lines: [Condition] = []
    var seen: Set<Kind> = []
    for condition in conditions where seen.insert(Kind(condition)).inserted {
      let severities = severities(of: condition)
      lines += severities.isEmpty ? [condition] : severities
      if severities.count > 1 { lines.append(withoutSeverity(condition)) }
    }
    let places = Place.allCases.filter { kinds(ofCorruptionsAt: $0).count > 1 }
    let last = lines.lastIndex { $0.group == "corruption" } ?? lines.count - 1
    lines.insert(contentsOf: places.map(Self.meanCorruption), at: last + 1)
    return lines
  }

  /// The measured conditions of a kind that have a severity, weakest first.
  private func severities(of condition: Condition) -> [Condition] {
    conditions.filter { Kind($0) == Kind(condition) && $0.severity != nil }
      .sorted { ($0.severity ?? 0) < ($1.severity ?? 0) }
  }

  private func kinds(ofCorruptionsAt place: Place?) -> [Condition] {
    var seen: Set<Kind> = []
    return conditions.filter { $0.group == "corruption" && $0.place == place }.map(withoutSeverity)
      .filter { seen.insert(Kind($0)).inserted }
  }

  private func withoutSeverity(_ condition: Condition) -> Condition {
    Condition(group: condition.group, name: condition.name, place: condition.place)
  }

  /// Their mean, number by number; nil of none.
  private func mean(_ lists: [[Double]]) -> [Double]? { lists.isEmpty ? nil : columnMeans(lists) }
}
