internal import Documents
internal import Evaluation
internal import Results

/// Whether what an arm is named after takes part in its adaptation: what the arm loses when only its head adapts.
struct Participation {
  let arm: RunResult.ArmResult
  /// The roles of the body that adapt, such as `atoms`.
  let roles: [String]
  /// Whether a head adapts beside them.
  let hasHead: Bool
  let all: Attribution
  /// Accuracy without the roles: that of the head alone, or where none adapts of the start.
  let without: Attribution
  let difference: Attribution.Difference
  /// Accuracy without a step.
  let start: Attribution?

  /// What an arm's attribution says; nil where it was not measured or only a head adapts.
  init?(_ arm: RunResult.ArmResult) {
    let head = "head"
    let audit = arm.parameters.audit.map(\.role)
    roles = audit.filter { $0 != head }
    hasHead = audit.contains(head)
    let rows = Dictionary(
      (arm.attribution ?? []).map { ($0.adapted, $0) }, uniquingKeysWith: { first, _ in first })
    guard !roles.isEmpty, let all = rows["all"], let without = rows[hasHead ? head : "none"],
      let difference = without.difference
    else { return nil }
    (self.arm, self.all, self.without, self.difference) = (arm, all, without, difference)
    start = rows["none"]
  }

  /// What these episodes say about the roles.
  enum Part {
    /// Without them accuracy is lower.
    case takesPart
    /// Without them it is higher.
    case harms
    /// Without them it is the same, to two points.
    case idle
    /// It may be the same or not.
    case unknown
  }

  /// A loss of less than this is called none, as long as nothing shows that there is one.
  private static let margin = 0.02

  var part: Part {
    if difference.p < Difference.level { return difference.mean < 0 ? .takesPart : .harms }
    return (difference.ci95.first ?? -1) > -Self.margin ? .idle : .unknown
  }

  var takesPart: Bool { part == .takesPart }

  /// Whether the roles do less than half of what adaptation gains.
  var isMinor: Bool {
    guard hasHead, let start else { return false }
    return -difference.mean < 0.5 * (all.accuracy.mean - start.accuracy.mean)
  }

  /// `atoms`, `kernels and norm`.
  var names: String { Wording.list(roles) }

  private var measured: String {
    "\(Wording.percent(without.accuracy.mean)) against \(Wording.percent(all.accuracy.mean)), difference "
      + "\(Wording.signedPoints(difference.mean)) points, 95 % interval \(Wording.points(difference.ci95.first)) to "
      + "\(Wording.points(difference.ci95.last)), \(Wording.count(all.episodes, "episode"))"
  }

  /// The finding as a sentence or two.
  ///
  /// - Parameter reference: What is known of the arm it is compared with; nil where nothing is.
  /// - Returns: Plain words with the numbers behind them.
  func sentence(against reference: Participation? = nil) -> String {
    switch part {
    case .takesPart:
      let rest = isMinor ? ", less than half of what adaptation gains: the head does most of it" : ""
      return
        "Without its \(names) \(arm.name) loses \(Wording.points(-difference.mean)) points (\(measured))\(rest)."
    case .harms:
      return
        "Its \(names) harm \(arm.name): without them it gains \(Wording.points(difference.mean)) points (\(measured))."
    case .unknown:
      return
        "Whether its \(names) take part in the adaptation of \(arm.name) is not known from these episodes (\(measured))."
    case .idle:
      let other =
        reference.map {
          $0.takesPart && !$0.isMinor ? "a head with the \($0.names) of \($0.arm.name)" : "heads"
        }
        ?? "heads"
      let rest =
        hasHead
        ? "What \(arm.name) learns of a task it learns in its head: this is a comparison of \(other), and shows nothing about "
          + "\(names)."
        : "\(arm.name) answers a task from where it starts, and what follows shows nothing about \(names)."
      return
        "In \(arm.name) the \(names) take no part in adaptation: with them left out it loses nothing that these "
        + "episodes show (\(measured)). \(rest)"
    }
  }

  /// The finding in a word, with its numbers.
  var answer: Answer {
    Answer(
      topic: "Do the \(names) take part?", word: word,
      detail:
        "without them \(Wording.signedPoints(difference.mean)) points, \(Wording.points(difference.ci95.first)) to "
        + Wording.points(difference.ci95.last), direction: direction)
  }

  private var word: String {
    switch part {
    case .takesPart: isMinor ? "partly" : "yes"
    case .harms: "they harm"
    case .idle: "no"
    case .unknown: "not known"
    }
  }

  private var direction: Direction {
    switch part {
    case .takesPart: isMinor ? .mixed : .better
    case .harms, .idle: .worse
    case .unknown: .untested
    }
  }
}

extension RunResult {
  /// Every arm whose body adapts, taken apart.
  var participations: [Participation] { arms.compactMap(Participation.init) }

  /// Who adapts by what, for a report of many arms; nil where it was not measured.
  var participationSentence: String? {
    let found = participations
    guard !found.isEmpty else { return nil }
    func named(_ wanted: (Participation) -> Bool) -> String {
      Wording.list(
        found.filter(wanted).map {
          "\($0.arm.name) (\(Wording.signedPoints($0.difference.mean, 1)) without its \($0.names))"
        })
    }
    let kinds: [(String, (Participation) -> Bool)] = [
      ("nothing is lost without the named roles in", { $0.part == .idle }),
      ("it is not known whether they take part in", { $0.part == .unknown }),
      ("they do harm in", { $0.part == .harms }),
      ("the head does most of it in", { $0.takesPart && $0.isMinor }),
      ("the named roles do most of it in", { $0.takesPart && !$0.isMinor }),
    ]
    let parts = kinds.compactMap { words, isMeant in
      let names = named(isMeant)
      return names.isEmpty ? nil : "\(words) \(names)"
    }
    return "What adapts, in points of accuracy: \(parts.joined(separator: "; "))."
  }
}
