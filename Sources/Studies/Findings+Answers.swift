internal import Episodes
internal import Evaluation
internal import Formats
internal import Foundation
internal import MetaLearning
internal import Results
internal import Training

extension Study {
  /// Adds what an arm's answers to the test episodes say beside how many are right.
  func addAnswers(
    _ measures: [SpeedMeasures], to tests: [EpisodeDescription], into result: inout RunResult.ArmResult
  ) {
    result.calibration = CalibrationChange(measures)
    let answers = ClassAnswers(measures.map { $0.traces.compactMap(\.after) }, to: tests)
    result.classes = answers.accuracies
    result.confusion = Confusion(answers.confusedPairs)
  }
}

extension Study.Findings {
  /// The test episodes that were measured, in their order.
  private var tests: [EpisodeDescription] {
    let measured = Set(episodes)
    return data.test.episodes.filter { measured.contains($0.index) }
  }

  /// The lines of `eval/predictions.csv`, one for each training, test episode and query image: a piece for each training.
  var predictions: some Sequence<Data> {
    let header = CSV.line([
      "arm", "condition", "episode", "image", "true", "predicted", "probability", "loss", "brier", "seed",
      "query", "right_before", "probability_before", "loss_before", "brier_before",
    ])
    let tests = tests
    let trainings = Array(zip(owners, speed.joined()))
    return (0...trainings.count).lazy.map { k in
      guard k > 0 else { return Data(header.utf8) }
      let (owner, measures) = trainings[k - 1]
      let lines = zip(tests, measures.traces).map { Self.lines($1, of: $0, owner) }
      return Data(lines.joined().utf8)
    }
  }

  private static func lines(
    _ trace: AdaptationTrace, of episode: EpisodeDescription, _ owner: (arm: String, seed: UInt64)
  ) -> String {
    guard let after = trace.after else { return "" }
    var lines = ""
    for (i, image) in episode.query.joined().enumerated() {
      let before: [any CustomStringConvertible] =
        trace.before.map {
          [$0.isRight(i) ? 1 : 0, $0.confidence[i], $0.loss[i], $0.brier[i]]
        } ?? ["", "", "", ""]
      lines += CSV.line(
        [
          owner.arm, Condition.clean.name, episode.index, image, episode.classes[after.truth[i]],
          episode.classes[after.told[i]], after.confidence[i], after.loss[i], after.brier[i], owner.seed, i,
        ] + before)
    }
    return lines
  }

  /// One row per arm and pair of classes that was confused.
  var confusionLines: String {
    var lines = CSV.line(["arm", "true", "predicted", "count", "asked"])
    for (arm, measures) in zip(result.arms, speed) {
      let answers = ClassAnswers(measures.map { $0.traces.compactMap(\.after) }, to: tests)
      for pair in answers.confusedPairs {
        lines += CSV.line([arm.name, pair.true, pair.predicted, pair.count, pair.asked])
      }
    }
    return lines
  }
}
