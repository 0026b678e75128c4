internal import Episodes
internal import Evaluation
internal import Formats
internal import Foundation
internal import Images
internal import MetaLearning
internal import Results
internal import Training

extension RunFolder {
  /// Writes what a study found: everything a report is made of.
  package func write(_ findings: Study.Findings) throws {
    // First, so that a kill never leaves an older result beside newer tables.
    try remove("results.json")
    try write(findings.data.test.text, to: "episodes/test.jsonl")
    try write(findings.episodeLines, to: "eval/episodes.csv")
    try write(findings.curveLines, to: "eval/curves.csv")
    try write(findings.predictions, to: "eval/predictions.csv")
    try write(findings.confusionLines, to: "eval/confusion.csv")
    for row in findings.further.rows { try write(row.list.text, to: row.set.file(of: row.list)) }
    if findings.attribution.episodes.isEmpty {
      try remove("eval/attribution.csv")
    } else {
      try write(findings.attributionLines, to: "eval/attribution.csv")
    }
    // Last: a folder with results is a finished one.
    try write(try findings.result.json(), to: "results.json")
  }
}

extension Study.Findings {
  /// One row per training, condition and episode, at the trained steps.
  fileprivate var episodeLines: String {
    var lines = CSV.line([
      "arm", "condition", "episode", "ways", "shots", "accuracy", "loss", "seed", "group", "severity",
      "place", "support_images", "query_images", "data_set",
    ])
    let roots = data.store.roots
    let sets = Dictionary(
      data.test.episodes.map { ($0.index, roots.all[roots.position(of: $0.classes[0])].name) },
      uniquingKeysWith: { first, _ in first })
    let sizes = Dictionary(
      data.test.episodes.map { ($0.index, EpisodeSize($0)) }, uniquingKeysWith: { first, _ in first })
    func add(_ owner: (arm: String, seed: UInt64), _ c: Condition, _ episode: Int, _ score: TaskScore) {
      // Other images have episodes of their own, of the same size where that does not vary.
      let size = c.isOtherData ? (result.sizes == nil ? sizes.values.first : nil) : sizes[episode]
      func text(_ number: Int?) -> String { number.map { "\($0)" } ?? "" }
      lines += CSV.line([
        owner.arm, c.name, episode, text(size?.ways), text(size?.shots), score.accuracy, score.loss,
        owner.seed, c.group.rawValue, c.severity.map { "\($0)" } ?? "", c.side?.rawValue ?? "",
        text(size?.support), text(size?.query), c.isOtherData ? "" : sets[episode] ?? "",
      ])
    }
    for (owner, measures) in zip(owners, speed.joined()) {
      for (episode, curve) in zip(episodes, measures.curves) {
        let point = curve[measures.trainedSteps]
        add(owner, .clean, episode, TaskScore(loss: point.queryLoss, accuracy: point.queryAccuracy))
      }
    }
    // Clean scores of the robustness suite are those of the first test episodes, which are written already.
    for row in scores where !row.condition.isClean {
      for (episode, score) in zip(row.episodes, row.scores) {
        add(owners[row.candidate], row.condition, episode, score)
      }
    }
    return lines
  }

  /// One row per training, part of what adapts, and episode, at the trained steps.
  fileprivate var attributionLines: String {
    var lines = CSV.line(["arm", "adapted", "episode", "accuracy", "loss", "seed"])
    for (owners, (parts, trainings)) in zip(attribution.owners, zip(attribution.parts, attribution.scores)) {
      for (owner, scores) in zip(owners, trainings) {
        for (part, scores) in zip(parts, scores) {
          for (episode, score) in zip(attribution.episodes, scores) {
            lines += CSV.line([
              owner.arm, part.description, episode, score.accuracy, score.loss, owner.seed,
            ])
          }
        }
      }
    }
    return lines
  }

  /// One row per training, episode and step.
  fileprivate var curveLines: String {
    var lines = CSV.line([
      "arm", "condition", "episode", "step", "support_loss", "support_accuracy", "query_loss",
      "query_accuracy", "cumulative_ms", "cumulative_macs", "seed", "kernel_movement",
    ])
    for (owner, measures) in zip(owners, speed.joined()) {
      for (episode, trace) in zip(episodes, measures.traces) {
        for (point, movement) in zip(trace.curve, trace.kernelMovement) {
          lines += CSV.line([
            owner.arm, Condition.clean.name, episode, point.step, point.supportLoss, point.supportAccuracy,
            point.queryLoss, point.queryAccuracy, point.milliseconds, point.step * trace.macsPerStep,
            owner.seed, movement,
          ])
        }
      }
    }
    return lines
  }
}

/// How large an episode is.
private struct EpisodeSize {
  let ways: Int
  /// Support images of a class; nil where classes differ.
  let shots: Int?
  let support: Int
  let query: Int

  init(_ episode: EpisodeDescription) {
    let counts = episode.support.map(\.count)
    ways = counts.count
    shots = Set(counts).count == 1 ? counts.first : nil
    support = counts.reduce(0, +)
    query = episode.query.reduce(0) { $0 + $1.count }
  }
}

extension Condition {
  /// Whether it is that of images of another folder.
  fileprivate var isOtherData: Bool { group == .shift && name.hasPrefix("data ") }
}
