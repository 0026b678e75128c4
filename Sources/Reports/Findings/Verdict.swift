internal import Documents
internal import Evaluation
package import Results

extension RunResult {
  /// The finding in plain words, uncertainty included; negative findings are stated as such.
  package var verdict: String { (findingSentences + reachParagraphs).joined(separator: " ") }

  /// The answer for a terminal; the path of the report is the last line.
  ///
  /// - Parameter isFull: Whether it says the findings in full, with the numbers behind them.
  /// - Returns: Lines without a line end.
  package func summaryText(isFull: Bool = false) -> String {
    ([isFull ? verdict : shortVerdict] + (isFull ? [] : warnings) + ["Report: \(folder)/report.html"])
      .joined(separator: "\n")
  }

  /// The limits of the verdict.
  var reachParagraphs: [String] {
    arms.isEmpty
      ? []
      : [reachSentence, statisticsSentence].filter { !$0.isEmpty } + warnings
  }

  /// What speaks against a result; nothing where all is well.
  var warnings: [String] {
    arms.isEmpty
      ? []
      : [pixelSentence, failureSentence, skippedSentence, explosionSentence].filter { !$0.isEmpty }
  }

  /// What was found, a question at a time.
  var findingSentences: [String] {
    let findings = findings
    switch findings.count {
    case 0 where arms.isEmpty: return ["This result has no arms."]
    case 0:
      return participations.map { $0.sentence() } + [
        Wording.list(arms.map { "\($0.name) reaches \(Wording.percent($0.test.accuracy))" }) + "."
      ]
    case 1, 2: return findings.flatMap(\.sentences)
    default: return [participationSentence].compactMap(\.self) + Self.overview(findings, references)
    }
  }

  /// What the intervals cover and what they do not.
  private var reachSentence: String {
    guard arms.count > 1 else {
      return seedCount > 1
        ? "" : "It was trained once: the interval covers test episodes, not training again."
    }
    let seeds = Set(arms.map(\.seeds.count)).sorted()
    if seeds == [1] {
      return
        "Each arm was trained once (one seed): intervals and p values cover the test episodes, not training "
        + "again, so another seed may differ by more."
    }
    let counts = seeds.map(String.init).joined(separator: " to ")
    return
      "Each arm was trained with \(counts) seeds: where several are compared, intervals and p values cover "
      + "training again as well as the test episodes."
  }

  /// The statistics of normalisation, if they are not those of training.
  var statisticsSentence: String {
    let source: String
    switch normStatistics {
    case nil, .batch: return ""
    case .support: source = "the support set"
    case .running: source = "training episodes"
    }
    return
      "Test figures are under \(normStatistics?.rawValue ?? "") statistics: normalisation of the query uses those of "
      + "\(source), not of its own batch."
  }

  private var pixelSentence: String {
    let weak = arms.filter { $0.test.accuracy.mean <= pixelBaseline.mean }.map(\.name)
    return weak.isEmpty
      ? ""
      : "Not above the nearest class mean on raw pixels (\(Wording.percent(pixelBaseline.mean))): \(Wording.list(weak))."
  }

  /// Trainings that failed and are missing from the report.
  private var failureSentence: String {
    guard let failed, !failed.isEmpty else { return "" }
    let names = failed.map { item in
      item.arm + (item.seed.map { " seed \($0)" } ?? "") + " ("
        + item.reason.split(separator: "\n").joined(separator: " ") + ")"
    }
    return "Not in this report, since it failed: \(names.joined(separator: "; "))."
  }

  /// Episodes that no arm is measured on.
  private var skippedSentence: String {
    guard let skippedEpisodes, let first = skippedEpisodes.first else { return "" }
    return
      "\(Wording.count(skippedEpisodes.count, "test episode")) left out for all arms, since numbers were not finite; the "
      + "first is \(first.episode): \(first.reason)."
  }

  /// Inner loops that exploded.
  private var explosionSentence: String {
    let found = arms.flatMap { arm in arm.seeds.map { (arm.name, $0) } }.compactMap { name, seed in
      (seed.exploded ?? []).first.map {
        "\(name) seed \(seed.seed) in \(Wording.count(seed.exploded?.count ?? 0, "episode")), the first of them \($0)"
      }
    }
    return found.isEmpty
      ? ""
      : "The inner loop exploded, to a loss above ten times that of a guess: \(found.joined(separator: "; "))."
  }

  /// Many arms in a few sentences, each naming the arms it is about.
  private static func overview(_ findings: [Finding], _ references: [ArmResult]) -> [String] {
    func sentence(
      _ start: String, _ words: [(Direction, String)], _ direction: (Finding) -> Direction,
      _ detail: (Finding) -> String
    ) -> String {
      let parts = words.compactMap { wanted, word -> String? in
        let found = findings.filter { direction($0) == wanted }
        guard !found.isEmpty else { return nil }
        // Numbers are given for what was found; the rest is in the table.
        let names = found.map {
          wanted == .none || wanted == .untested ? $0.arm.name : $0.arm.name + detail($0)
        }
        return "\(word) \(Wording.list(names))"
      }
      return parts.isEmpty ? "" : "\(start): \(parts.joined(separator: "; "))."
    }
    let steps = { (f: Finding) in " (\(Wording.signed(f.speed.difference?.mean ?? 0)) steps)" }
    // If no arm was tested, the question is left out.
    let isDisturbed = findings.contains { $0.robustness.direction != .untested }
    let starts = references.map { reference in
      let steps = reference.stepsTo95Percent.map {
        ", with 95 % of the way after \(Wording.count($0, "step"))"
      }
      return "\(reference.name), \(references.count == 1 ? "the" : "a") reference, reaches "
        + "\(Wording.percent(reference.test.accuracy))\(steps ?? "")."
    }
    return starts
      + [
        sentence(
          "Speed of adaptation (steps to an accuracy that both reach)",
          [
            (.better, "faster:"), (.worse, "slower:"),
            (.mixed, "no answer, since end accuracy says the opposite:"),
            (.none, "no significant difference:"), (.untested, "not tested:"),
          ], { $0.speed.direction }, steps),
        sentence(
          "Accuracy",
          [
            (.better, "higher:"), (.worse, "lower:"), (.none, "no significant difference:"),
            (.untested, "not tested:"),
          ],
          { $0.accuracy?.direction ?? .untested },
          { " (\(Wording.signedPoints($0.accuracy?.mean ?? 0, 1)) points)" }),
        sentence(
          "Robustness",
          [
            (.better, "more robust:"), (.worse, "less robust:"),
            (.mixed, "a smaller drop, but to a lower accuracy:"), (.none, "no significant difference:"),
          ] + (isDisturbed ? [(.untested, "not tested:")] : []), { $0.robustness.direction },
          { " (relative drop \(Wording.signedPoints($0.robustness.main?.mean ?? 0, 1)) points)" }
        ),
      ].filter { !$0.isEmpty }
  }
}

extension Direction {
  /// The finding in a word.
  func word(better: String, worse: String) -> String {
    switch self {
    case .better: better
    case .worse: worse
    case .mixed: "mixed"
    case .none: "no significant difference"
    case .untested: "not tested"
    }
  }
}

extension Difference {
  /// What kind of interval it has.
  var words: String { source.ci95Simultaneous == nil ? "95 % interval" : "simultaneous 95 % interval" }

  /// `simultaneous 95 % interval 0.51 to 1.17`.
  var intervalText: String { "\(words) \(Wording.points(low)) to \(Wording.points(high))" }

  /// `over 3 seeds and 600 episodes`.
  var basisText: String {
    "over \(Wording.count(source.seeds, "seed")) and \(Wording.count(source.episodes, "episode"))"
  }
}
