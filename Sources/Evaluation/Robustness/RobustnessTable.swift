internal import Statistics

/// The scores of a suite, by arm: an arm is one candidate, or several that differ in their seed.
///
/// Everything is per episode first, a mean over seeds, so that arms can be compared in pairs on identical episodes.
public struct RobustnessTable: Sendable {
  private let scores: [Key: [Double]]
  /// Mean squares of what was changed in the images, where any were.
  private let changes: [Key: [Double]]
  /// The measured conditions in the order of the scores, `clean` among them.
  public let conditions: [Condition]

  private struct Key: Hashable {
    let condition: Condition
    let candidate: Int
  }

  /// A table of the scores that a suite returned.
  public init(_ scores: [ConditionScores]) {
    self.scores = Dictionary(
      scores.map { (Key(condition: $0.condition, candidate: $0.candidate), $0.accuracy) },
      uniquingKeysWith: { first, _ in first })
    changes = Dictionary(
      scores.compactMap { row in
        row.squaredChanges.map { (Key(condition: row.condition, candidate: row.candidate), $0) }
      }, uniquingKeysWith: { first, _ in first })
    var seen: Set<Condition> = []
    conditions = scores.map(\.condition).filter { seen.insert($0).inserted }
  }

  /// Accuracy of an arm under a condition, one number per episode.
  ///
  /// A condition without severity stands for all severities that were measured: their mean.
  /// ``Condition/meanCorruption(on:)`` stands for all corruptions of a side: the mean over corruptions of means over
  /// severities.
  ///
  /// - Parameters:
  ///   - condition: The condition.
  ///   - arm: The candidates that are its seeds.
  /// - Returns: One number per episode; nil if it was not measured.
  public func accuracies(under condition: Condition, of arm: [Int]) -> [Double]? {
    means(of: scores, under: condition, arm)
  }

  /// The root mean square of what a condition changes in the input values, 0...1, over the images that it changes.
  ///
  /// Squares are averaged over severities and corruptions as accuracies are.
  ///
  /// - Parameters:
  ///   - condition: The condition.
  ///   - arm: The candidates that are its seeds; they matter for attacks only.
  /// - Returns: The change; nil for a condition that changes no image, or that was not measured.
  public func rmsChange(under condition: Condition, of arm: [Int]) -> Double? {
    means(of: changes, under: condition, arm).map { Summary($0).mean.squareRoot() }
  }

  /// Some numbers of an arm under a condition, one per episode: means over seeds, severities and corruptions.
  private func means(of numbers: [Key: [Double]], under condition: Condition, _ arm: [Int]) -> [Double]? {
    if condition.isMeanCorruption {
      return mean(corruptions(on: condition.side).compactMap { means(of: numbers, under: $0, arm) })
    }
    if let measured = mean(arm.compactMap { numbers[Key(condition: condition, candidate: $0)] }) {
      return measured
    }
    guard condition.severity == nil else { return nil }
    return mean(severities(of: condition).compactMap { means(of: numbers, under: $0, arm) })
  }

  /// The lines of an arm's table.
  ///
  /// For every kind of condition a line per severity and, where there are several, one without severity for their
  /// mean; after the corruptions one for the mean of all of them on each side.
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
        relativeError: reference.flatMap { relativeError(under: condition, of: arm, over: $0) },
        rmsChange: rmsChange(under: condition, of: arm))
    }
  }

  /// Error over error of the reference; over all corruptions it is the mean of these ratios, mCE.
  private func relativeError(under condition: Condition, of arm: [Int], over reference: [Int]) -> Double? {
    if condition.isMeanCorruption {
      let ratios = corruptions(on: condition.side).map {
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
    var seen: Set<Condition> = []
    for condition in conditions where seen.insert(condition.withoutSeverity).inserted {
      let severities = severities(of: condition)
      lines += severities.isEmpty ? [condition] : severities
      if severities.count > 1 { lines.append(condition.withoutSeverity) }
    }
    let sides = Side.allCases.filter { corruptions(on: $0).count > 1 }
    let last = lines.lastIndex { $0.group == .corruption } ?? lines.count - 1
    lines.insert(contentsOf: sides.map(Condition.meanCorruption), at: last + 1)
    return lines
  }

  /// The measured conditions that differ from one in severity only and have one, weakest first.
  private func severities(of condition: Condition) -> [Condition] {
    conditions.filter { $0.withoutSeverity == condition.withoutSeverity && $0.severity != nil }
      .sorted { ($0.severity ?? 0) < ($1.severity ?? 0) }
  }

  /// The measured corruptions of a side, without severities.
  private func corruptions(on side: Side?) -> [Condition] {
    var seen: Set<Condition> = []
    return conditions.filter { $0.group == .corruption && $0.side == side }.map(\.withoutSeverity)
      .filter { seen.insert($0).inserted }
  }

  /// Their mean, number by number; nil of none.
  private func mean(_ lists: [[Double]]) -> [Double]? { lists.isEmpty ? nil : columnMeans(lists) }
}

/// One line of an arm's robustness table: accuracy under a condition and how much is lost.
///
/// - Source: Hendrycks and Dietterich 2019 for the relative error (mCE); relative drops are ours.
public struct RobustnessRow: Codable, Hashable, Sendable {
  /// The condition; without a severity where this is the mean over severities.
  public var condition: Condition
  /// Query accuracy as a share in 0...1, with its 95 % interval over episodes.
  public var accuracy: Estimate
  /// (clean − this) / clean, of the arm's own clean accuracy: 0 for no loss, 1 for no accuracy left.
  public var relativeDrop: Double
  /// Error of this arm over the error of the reference arm under the same condition, mCE style; nil for the
  /// reference arm itself or where it makes no error.
  public var relativeError: Double?
  /// The root mean square of what is changed in the input values, 0...1, of the images that the condition changes; nil
  /// where it changes none, or an earlier version wrote it.
  public var rmsChange: Double?

  /// A line from its parts.
  public init(
    condition: Condition, accuracy: Estimate, relativeDrop: Double, relativeError: Double?,
    rmsChange: Double? = nil
  ) {
    self.condition = condition
    self.accuracy = accuracy
    self.relativeDrop = relativeDrop
    self.relativeError = relativeError
    self.rmsChange = rmsChange
  }
}
