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

  /// Whether leaving the roles out costs anything that these episodes show.
  var takesPart: Bool { difference.p < Difference.level && difference.mean < 0 }

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
  var sentence: String {
    guard takesPart else {
      let rest =
        hasHead
        ? "What \(arm.name) learns of a task it learns in its head: this is a comparison of heads, and no difference below is "
          + "due to \(names)."
        : "\(arm.name) answers a task from where it starts, and no difference below is due to \(names)."
      return
        "In \(arm.name) the \(names) take no part in adaptation: with them left out it loses nothing that these "
        + "episodes show (\(measured)). \(rest)"
    }
    let part =
      isMinor ? ", less than half of what adaptation gains: the head does most of it" : ""
    return
      "Without its \(names) \(arm.name) loses \(Wording.points(-difference.mean)) points (\(measured))\(part)."
  }

  /// The finding in a word, with its numbers.
  var answer: Answer {
    Answer(
      topic: "Do the \(names) take part?", word: takesPart ? (isMinor ? "partly" : "yes") : "no",
      detail:
        "without them \(Wording.signedPoints(difference.mean)) points, \(Wording.points(difference.ci95.first)) to "
        + Wording.points(difference.ci95.last), direction: takesPart ? (isMinor ? .mixed : .better) : .worse)
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
    let idle = named { !$0.takesPart }
    let minor = named { $0.takesPart && $0.isMinor }
    let major = named { $0.takesPart && !$0.isMinor }
    var parts: [String] = []
    if !idle.isEmpty {
      parts.append(
        "nothing is lost without the named roles in \(idle), so no difference of these is due to them")
    }
    if !minor.isEmpty { parts.append("the head does most of it in \(minor)") }
    if !major.isEmpty { parts.append("the named roles do most of it in \(major)") }
    return "What adapts, in points of accuracy: \(parts.joined(separator: "; "))."
  }
}
