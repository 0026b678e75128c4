internal import Documents
internal import Evaluation
internal import Results

extension Finding {
  /// The answers in full, each with its numbers.
  var sentences: [String] {
    [
      participation?.sentence(against: Participation(reference)) ?? "", accuracySentence, speedSentence,
      robustnessSentence,
    ].filter { !$0.isEmpty }
  }

  /// What it costs both to get to the accuracy that both reach, and whether that is a difference.
  var speedSentence: String {
    guard arm.trainedSteps > 0 || reference.trainedSteps > 0 else { return "" }
    guard arm.trainedSteps > 0, reference.trainedSteps > 0 else {
      let name = arm.trainedSteps > 0 ? reference.name : arm.name
      return "Speed: not compared, since \(name) takes no steps."
    }
    guard let difference = speed.difference, let reach = speed.reach else {
      return "Speed: not tested at an accuracy that both reach."
    }
    func cost(_ reach: Reach) -> String {
      "\(Wording.fixed(reach.steps, 2)) steps (\(Wording.significant(reach.milliseconds)) ms, "
        + "\(Wording.millions(reach.macs)) million multiply-adds)"
    }
    let found =
      "difference \(Wording.signed(difference.mean)) steps, \(difference.words) \(Wording.fixed(difference.low, 2)) to "
      + "\(Wording.fixed(difference.high, 2)); corrected \(Wording.p(difference.p)); \(difference.basisText)"
    let conclusion =
      switch speed.direction {
      case .better: "\(arm.name) is faster"
      case .worse: "\(arm.name) is slower"
      case .mixed:
        "\(difference.mean < 0 ? arm.name : reference.name) is not called faster, since it ends less accurate"
      case .none, .untested: "no significant difference"
      }
    return
      "Speed: to \(Wording.percent(reach.arm.accuracy)), nine tenths of the way to the lower of both ends, \(arm.name) takes "
      + "\(cost(reach.arm)), \(reference.name) \(cost(reach.reference)): \(conclusion) (\(found))."
  }

  /// How much higher or lower accuracy is, with interval, p and basis.
  var accuracySentence: String {
    guard let accuracy else {
      return
        "Accuracy: \(Wording.percent(arm.test.accuracy)) against \(Wording.percent(reference.test.accuracy)), "
        + "not compared episode by episode."
    }
    let uncertainty = "\(accuracy.intervalText); corrected \(Wording.p(accuracy.p)); \(accuracy.basisText)"
    if accuracy.isSignificant {
      let which = accuracy.mean > 0 ? "higher" : "lower"
      return "Accuracy: \(Wording.points(abs(accuracy.mean))) points \(which) (\(uncertainty))."
    }
    // A finding that Holm's correction over many conditions removes would need more seeds.
    let alone =
      accuracy.source.pUncorrected < Difference.level
      ? "; by itself \(Wording.p(accuracy.source.pUncorrected)), before the correction for all primary comparisons"
      : accuracy.source.episodesNeeded.map {
        ": a difference of this size would need \(Wording.count($0, "episode"))"
      }
    return
      "Accuracy: no significant difference (\(Wording.signedPoints(accuracy.mean)) points, \(uncertainty)\(alone ?? ""))."
  }

  /// How the relative drop under all corruptions differs, and under how many single conditions.
  var robustnessSentence: String {
    guard let main = robustness.main else { return "" }
    let found =
      "relative drop under corruptions of support and query \(Wording.signedPoints(main.mean)) points, "
      + "\(main.words) \(Wording.points(main.low)) to \(Wording.points(main.high)); corrected \(Wording.p(main.p))"
    let conclusion =
      switch robustness.direction {
      case .better: "more robust"
      case .worse: "less robust"
      case .mixed: "not called more robust, since the smaller drop leads to a lower accuracy"
      case .none, .untested: "no significant difference"
      }
    let (less, more) = (robustness.less.count, robustness.more.count)
    let single =
      robustness.count == 0
      ? ""
      : " Of \(Wording.count(robustness.count, "single condition")), secondary, it drops less under \(less) and more under "
        + "\(more)."
    return "Robustness: \(conclusion) (\(found)).\(single)"
  }

  /// The findings as words with numbers.
  var answers: [Answer] {
    var answers: [Answer] = participation.map { [$0.answer] } ?? []
    if arm.trainedSteps > 0 || reference.trainedSteps > 0 {
      let steps = speed.reach.map {
        "\(Wording.fixed($0.arm.steps, 2)) against \(Wording.fixed($0.reference.steps, 2)) steps to "
          + Wording.percent($0.arm.accuracy, 1)
      }
      let tested = speed.difference.map {
        " (\(Wording.signed($0.mean)), \(Wording.fixed($0.low, 2)) to \(Wording.fixed($0.high, 2)))"
      }
      answers.append(
        Answer(
          topic: "Speed of adaptation",
          word: speed.direction.word(better: "faster", worse: "slower"),
          detail: (steps ?? "not measurable") + (tested ?? ""), direction: speed.direction))
    }
    let accuracyDirection = accuracy?.direction ?? .untested
    answers.append(
      Answer(
        topic: "Accuracy", word: accuracyDirection.word(better: "higher", worse: "lower"),
        detail: accuracy.map { "\(Wording.signedPoints($0.mean)) points, \($0.intervalText)" }
          ?? "not compared", direction: accuracyDirection))
    answers.append(
      Answer(
        topic: "Robustness",
        word: robustness.direction.word(better: "more robust", worse: "less robust"),
        detail: robustness.main.map {
          "relative drop \(Wording.signedPoints($0.mean)) points, \(Wording.points($0.low)) to \(Wording.points($0.high))"
        } ?? "not measured", direction: robustness.direction))
    return answers
  }
}
