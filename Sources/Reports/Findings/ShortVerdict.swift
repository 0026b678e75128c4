internal import Documents
internal import Evaluation
internal import Results

extension RunResult {
  /// The answer in at most three short sentences; ``verdict`` has the numbers behind them.
  package var shortVerdict: String { shortSentences.joined(separator: " ") }

  /// The sentences: what adapts, how the arms compare, how far that reaches.
  var shortSentences: [String] {
    guard !arms.isEmpty else { return ["This result has no arms."] }
    let findings = findings
    switch findings.count {
    case 0:
      let reached = arms.map { "\($0.name) reaches \(Wording.percent($0.test.accuracy, 1))" }
      let sentence =
        arms.count <= 3 ? Wording.list(reached) + "." : "\(arms.count) arms, of which none is compared."
      return ([sentence] + [participations.first?.shortSentence, shortReach].compactMap(\.self))
    case 1:
      return [findings[0].participation?.shortSentence, findings[0].shortSentence, shortReach].compactMap(
        \.self)
    case 2: return findings.map(\.shortSentence) + [shortReach].compactMap(\.self)
    default: return Self.shortOverview(findings, references)
    }
  }

  /// How many trainings the answer rests on.
  private var shortReach: String? {
    let seeds = Set(arms.map(\.seeds.count)).sorted()
    guard seeds != [1] else {
      return arms.count > 1
        ? "Each arm was trained once, so another seed may differ by more."
        : "It was trained once, so another seed may differ by more."
    }
    return "It rests on \(Wording.list(seeds.map(String.init))) trainings of each arm."
  }

  /// Many arms in one sentence for each question; names where there are few.
  private static func shortOverview(_ findings: [Finding], _ references: [ArmResult]) -> [String] {
    func sentence(
      _ question: String, _ words: [(Direction, String)], _ direction: (Finding) -> Direction
    ) -> String? {
      guard findings.contains(where: { direction($0) != .untested }) else { return nil }
      let parts = words.compactMap { wanted, word -> String? in
        let names = findings.filter { direction($0) == wanted }.map(\.arm.name)
        guard !names.isEmpty || wanted == .better else { return nil }
        let list = names.isEmpty ? "none" : names.count <= 2 ? Wording.list(names) : "\(names.count) arms"
        return word.isEmpty ? list : "\(word): \(list)"
      }
      return
        "\(question) than \(references.count == 1 ? references[0].name : "their references"): \(parts.joined(separator: "; "))."
    }
    let rest: [(Direction, String)] = [(.none, "no difference shown"), (.untested, "not tested")]
    return [
      sentence(
        "Faster",
        [(.better, ""), (.worse, "slower"), (.mixed, "fewer steps, but less accurate, or the reverse")]
          + rest, { $0.speed.direction }),
      sentence(
        "More accurate", [(.better, ""), (.worse, "less")] + rest, { $0.accuracy?.direction ?? .untested }),
      sentence(
        "More robust",
        [(.better, ""), (.worse, "less"), (.mixed, "a smaller drop, but less accurate")] + rest,
        { $0.robustness.direction }),
    ].compactMap(\.self)
  }
}

extension Finding {
  /// The comparison in one sentence: what was found, what was not, and what contradicts itself.
  fileprivate var shortSentence: String {
    var found: [String] = []
    var open: [String] = []
    var undecided: [String] = []
    switch speed.direction {
    case .better: found.append("adapts faster")
    case .worse: found.append("adapts more slowly")
    case .mixed: open.append("fewer steps, but to a lower accuracy: \(fewer) is not called faster")
    case .none: undecided.append("speed")
    case .untested: break
    }
    switch accuracy?.direction {
    case .some(.better): found.append("is \(Wording.points(accuracy?.mean, 1)) points more accurate")
    case .some(.worse):
      found.append("is \(Wording.points(accuracy.map { -$0.mean }, 1)) points less accurate")
    case .some(.none): undecided.append("accuracy")
    default: break
    }
    switch robustness.direction {
    case .better: found.append("is more robust")
    case .worse: found.append("is less robust")
    case .mixed: open.append("a smaller drop under corruption, but to a lower accuracy")
    case .none: undecided.append("robustness")
    case .untested: break
    }
    if !undecided.isEmpty { open.append("no significant difference in \(Wording.list(undecided, "or"))") }
    let start =
      found.isEmpty
      ? "\(arm.name) against \(reference.name)" : "\(arm.name) \(Wording.list(found)) than \(reference.name)"
    guard !found.isEmpty || !open.isEmpty else { return "\(start): nothing was compared." }
    return start + (open.isEmpty ? "" : (found.isEmpty ? ": " : "; ") + open.joined(separator: "; ")) + "."
  }

  private var fewer: String { (speed.difference?.mean ?? 0) < 0 ? arm.name : reference.name }
}

extension Participation {
  /// Whether the roles take part, in one sentence.
  fileprivate var shortSentence: String {
    switch part {
    case .takesPart:
      "Without its \(names) \(arm.name) loses \(Wording.points(-difference.mean, 1)) points"
        + (isMinor ? ": the head does most of the adaptation." : ".")
    case .harms:
      "Its \(names) harm \(arm.name): without them it gains \(Wording.points(difference.mean, 1)) points."
    case .unknown: "Whether its \(names) take part in the adaptation of \(arm.name) is not known."
    case .idle:
      "The \(names) of \(arm.name) take no part in adaptation"
        + (hasHead ? ": this is a comparison of heads." : ".")
    }
  }
}
