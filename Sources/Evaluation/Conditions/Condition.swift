public import MetaLearning

/// Which images of an episode a condition changes.
public enum Place: String, Codable, CaseIterable, Hashable, Sendable {
  /// What is learned from.
  case support
  /// What is asked.
  case query
  /// Both.
  case both
}

/// Under what circumstances a score was taken, as it stands in results and in the column `condition`.
public struct Condition: Codable, Hashable, Sendable {
  /// The kind of condition, for grouping in reports: `clean`, `corruption`, `labels`, `shift`, `normalisation`,
  /// `attack`.
  public var group: String
  /// What was done, for example `gaussian-noise`; `clean` for nothing.
  public var name: String
  /// How strongly: 1...5 for corruptions, a share for labels, ε for attacks; nil where there is no scale, and for
  /// means over severities.
  public var severity: Double?
  /// Which images were changed; nil where that has no meaning.
  public var place: Place?

  /// A condition.
  public init(group: String, name: String, severity: Double? = nil, place: Place? = nil) {
    self.group = group
    self.name = name
    self.severity = severity
    self.place = place
  }

  /// What a drop under this condition is measured from: the same statistics of normalisation without a perturbation,
  /// else the episodes as they are.
  public var unperturbed: Condition {
    guard group == "normalisation", let cut = name.lastIndex(of: "/") else { return .clean }
    return Condition(group: group, name: String(name[name.index(after: cut)...]))
  }

  /// The episodes as they are.
  public static let clean = Condition(group: "clean", name: "clean")
}

/// How one candidate did under one condition, episode by episode.
public struct ConditionScores: Sendable {
  /// The condition.
  public let condition: Condition
  /// The candidate's position.
  public let candidate: Int
  /// Numbers of the episodes, of the test episodes or, for other images, of theirs.
  public let episodes: [Int]
  /// After the trained steps, one per episode.
  public let scores: [TaskScore]

  /// Scores of all episodes.
  ///
  /// - Precondition: there is one score per episode.
  public init(condition: Condition, candidate: Int, episodes: [Int], scores: [TaskScore]) {
    precondition(episodes.count == scores.count, "\(scores.count) scores of \(episodes.count) episodes")
    self.condition = condition
    self.candidate = candidate
    self.episodes = episodes
    self.scores = scores
  }

  /// Query accuracy, one per episode.
  public var accuracy: [Double] { scores.map(\.accuracy) }

  /// Mean query cross-entropy, one per episode.
  public var loss: [Double] { scores.map(\.loss) }
}

/// One line of an arm's robustness table.
public struct RobustnessRow: Codable, Hashable, Sendable {
  /// The condition; without a severity where this is the mean over severities.
  public var condition: Condition
  /// Query accuracy.
  public var accuracy: Estimate
  /// (clean − this) / clean, on the arm's own clean accuracy.
  public var relativeDrop: Double
  /// Error of this arm over the error of the reference arm under the same condition, mCE style; nil for the
  /// reference arm itself or where it makes no error.
  public var relativeError: Double?

  /// A line.
  public init(condition: Condition, accuracy: Estimate, relativeDrop: Double, relativeError: Double?) {
    self.condition = condition
    self.accuracy = accuracy
    self.relativeDrop = relativeDrop
    self.relativeError = relativeError
  }
}
