public import Episodes
public import MetaLearning
internal import Statistics

/// How an arm does on one class of the data set.
public struct ClassAccuracy: Codable, Hashable, Sendable {
  /// The name of the class; a turned class of its own ends in `@90` and so on.
  public var name: String
  /// Tasks that have it.
  public var episodes: Int
  /// Query images of it in these tasks.
  public var queries: Int
  /// The share of them that is told right, with its 95 % interval over those tasks; with several trainings their mean.
  public var accuracy: Estimate
}

/// How often one class was taken for another.
public struct ConfusedPair: Codable, Hashable, Sendable {
  /// The class of the images.
  public var `true`: String
  /// The class that was told.
  public var predicted: String
  /// How often, over all trainings.
  public var count: Int
  /// How often it could have been: images of the one in tasks that also have the other, over all trainings.
  public var asked: Int
}

/// Wrong answers by what was taken for what.
public struct Confusion: Codable, Hashable, Sendable {
  /// The most pairs that ``most`` has.
  public static let limit = 100

  /// Wrong answers, over all trainings.
  public var wrong: Int
  /// How many ordered pairs of classes were confused at least once.
  public var pairs: Int
  /// The pairs that were confused most often, at most ``limit``; equals in the order of their names.
  public var most: [ConfusedPair]

  /// A summary of all pairs, the most frequent first.
  public init(_ all: [ConfusedPair]) {
    wrong = all.reduce(0) { $0 + $1.count }
    pairs = all.count
    most = Array(all.prefix(Self.limit))
  }
}

/// The answers of an arm's trainings by the classes of the data set.
public struct ClassAnswers: Sendable {
  private let trainings: [[QueryAnswers]]
  private let names: [String]
  /// `[task][label]`: positions among the names.
  private let classes: [[Int]]

  /// The answers to some episodes.
  ///
  /// - Parameters:
  ///   - trainings: `[training][episode]`.
  ///   - episodes: The episodes, in the same order.
  /// - Precondition: every training has an answer to every episode.
  public init(_ trainings: [[QueryAnswers]], to episodes: [EpisodeDescription]) {
    precondition(
      trainings.allSatisfy { $0.count == episodes.count },
      "answers to \(trainings.map(\.count)) of \(episodes.count) episodes")
    self.trainings = trainings
    names = Set(episodes.flatMap(\.classes)).sorted()
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    classes = episodes.map { $0.classes.compactMap { positions[$0] } }
  }

  /// Every class that was asked about, in the order of the names.
  public var accuracies: [ClassAccuracy] {
    // Of each class, for each task that has it: queries, and right answers as a mean over the trainings.
    var counts = names.map { _ in [Double]() }
    var rights = counts
    for (e, classes) in classes.enumerated() {
      var (count, right) = (classes.map { _ in 0.0 }, classes.map { _ in 0.0 })
      for answers in trainings.map({ $0[e] }) {
        for i in 0..<answers.count {
          count[answers.truth[i]] += 1
          if answers.isRight(i) { right[answers.truth[i]] += 1 }
        }
      }
      for (label, c) in classes.enumerated() where count[label] > 0 {
        counts[c].append(count[label] / Double(trainings.count))
        rights[c].append(right[label] / Double(trainings.count))
      }
    }
    return names.indices.compactMap { c in
      counts[c].isEmpty
        ? nil
        : ClassAccuracy(
          name: names[c], episodes: counts[c].count, queries: Int(counts[c].reduce(0, +).rounded()),
          accuracy: Estimate(Ratio.values(rights[c], over: counts[c])))
    }
  }

  /// Every pair of classes that was confused, the most frequent first, equals in the order of their names.
  public var confusedPairs: [ConfusedPair] {
    var counts: [Int: Int] = [:]
    var asked: [Int: Int] = [:]
    func pair(_ e: Int, _ truth: Int, _ told: Int) -> Int {
      classes[e][truth] * names.count + classes[e][told]
    }
    for answers in trainings {
      for (e, answers) in answers.enumerated() {
        for i in 0..<answers.count where !answers.isRight(i) {
          counts[pair(e, answers.truth[i], answers.told[i]), default: 0] += 1
        }
      }
    }
    for (e, classes) in classes.enumerated() {
      for label in trainings.flatMap({ $0[e].truth }) {
        for other in classes.indices where other != label {
          let pair = pair(e, label, other)
          if counts[pair] != nil { asked[pair, default: 0] += 1 }
        }
      }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { pair, count in
      ConfusedPair(
        true: names[pair / names.count], predicted: names[pair % names.count], count: count,
        asked: asked[pair] ?? 0)
    }
  }
}
