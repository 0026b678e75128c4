internal import Documents
internal import Evaluation
internal import Formats
internal import Foundation
internal import Results

/// What adapts, of how much.
enum ParameterSection {
  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms
    let table = Table(
      name: "parameters",
      columns: [
        .text("arm", "arm"), .text("family", "family"), .text("options", "options"), .text("adapts", "adapt"),
        .text("learner", "learner"), .number("adapted", "adapted_numbers"),
        .number("of", "all_numbers"), .number("share", "adapted", .share),
      ],
      rows: arms.map { arm in
        let counts = arm.parameters
        let options = arm.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let order = arm.trainedSteps > 0 ? ", \(arm.order) order" : ""
        return [
          .text(arm.name), .text(arm.family), .text(options.isEmpty ? "–" : options.joined(separator: ", ")),
          .text(arm.adapt), .text(arm.learner + order), .count(counts.adapted), .count(counts.total),
          .percent(Double(counts.adapted) / Double(max(1, counts.total))),
        ]
      }, note: "Numbers that the inner loop changes, of all numbers of the network.")
    var blocks: [Block] = [.table(table)]
    let audit = arms.flatMap { arm in
      arm.parameters.audit.map { row -> [Table.Cell] in
        [.text(arm.name), .text(row.role), .count(row.tensors), .count(row.numbers), .percent(row.share)]
      }
    }
    if !audit.isEmpty {
      blocks.append(
        .details(
          summary: "By role",
          [
            .table(
              Table(
                name: "adapted-roles",
                columns: [
                  .text("arm", "arm"), .text("role", "role"), .number("tensors", "tensors"),
                  .number("numbers", "numbers"), .number("share of the network", "network", .share),
                ], rows: audit, note: ""))
          ]))
    }
    return Section(title: "What adapts", blocks: blocks)
  }
}

/// What was kept equal, so that a difference can be attributed to the arms.
enum ControlSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    var items = [
      "Test episodes are identical for all arms"
        + source.episodeLists.prefix(8).map { "; \($0.name) has the SHA-256 \($0.hash)" }.joined() + "."
    ]
    items += training(result)
    items += ["Checkpoints were chosen on validation episodes only.", DataSection.separation(result.data)]
    items += rateSearch(result)
    items.append(normalisation(result.normStatistics))
    items += corrections(result.comparisons)
    if let look = result.seedLook {
      items.append(
        "Seeds were added until the interval of every primary difference in accuracy or drop is at most "
          + "±\(Wording.points(look.wanted)) points, with looks at \(Wording.list(look.looks.map(String.init))) seeds; "
          + (look.isNarrow
            ? "with \(look.seeds) it is."
            : "with \(look.seeds) the widest is ±\(Wording.points(look.widest)).")
          + " The level is spent over all looks, so the intervals hold although the number of seeds was not fixed."
      )
    }
    let shares = result.arms.compactMap { arm in
      arm.secondOrderShare.map { "\(arm.name) \(Wording.percent($0, 1))" }
    }
    if !shares.isEmpty {
      items.append(
        "Second-order part of the meta-gradient on one episode: \(shares.joined(separator: ", ")). That is the length "
          + "of what second derivatives add, over the length of the first-order gradient, so above 100 % where they add "
          + "more than that length.")
    }
    if result.seedCount <= 1 {
      items.append("Not controlled for: the seed of training. One seed cannot tell an arm from its luck.")
    }
    return Section(title: "What was controlled for", blocks: [.list(items)])
  }

  private static func rateSearch(_ result: RunResult) -> [String] {
    let searched = result.arms.filter { !$0.train.rateSweep.isEmpty }
    guard !searched.isEmpty else { return [] }
    let isRepeated = searched.allSatisfy { $0.train.rateSweep.contains { ($0.update ?? 0) > 0 } }
    let isEqual = Set(searched.map(\.train.rateSweep.count)).count == 1
    return [
      "Inner rates were searched on validation episodes before training\(isRepeated ? " and once during it" : "")"
        + "\(isEqual ? ", with as many trials for every arm" : ""): \(Wording.list(searched.map(\.name)))."
    ]
  }

  private static func corrections(_ comparisons: [RunResult.Comparison]) -> [String] {
    let primary = comparisons.count { $0.primary == true }
    guard primary > 0 else {
      return comparisons.isEmpty
        ? []
        : [
          "p values are corrected over the \(Wording.count(comparisons.count, "comparison")) of this report (Holm 1979): the "
            + "chance of any false finding among them is at most 5 %."
        ]
    }
    return [
      "The \(Wording.count(primary, "primary comparison")), named before anything was measured ("
        + PrimaryQuestion.allCases.map(\.words).joined(separator: "; ")
        + "), are corrected by themselves, and so are the \(Wording.grouped(comparisons.count - primary)) others: the "
        + "chance of any false finding among those of a kind is at most 5 % (Holm 1979), and their intervals hold all at "
        + "once."
    ]
  }

  private static func training(_ result: RunResult) -> [String] {
    let arms = result.arms
    guard arms.count > 1 else { return [] }
    var items: [String] = []
    let seeds = Set(arms.map { $0.seeds.map(\.seed).sorted() })
    switch (result.kind, seeds.count) {
    case (.run, _): items.append("All arms saw the same training episodes in the same order.")
    case (_, 1):
      items.append(
        "All arms were trained with the same seeds (\(arms[0].seeds.map { "\($0.seed)" }.joined(separator: ", "))); a "
          + "seed fixes the training episodes and their order.")
    default: items.append("Arms were not all trained with the same seeds: their training episodes differ.")
    }
    let updates = Set(arms.map { [$0.train.iterations, $0.train.tasks] })
    items.append(
      updates.count == 1
        ? "All arms had the same number of updates (\(Wording.grouped(arms[0].train.iterations))) and of training "
          + "episodes (\(Wording.grouped(arms[0].train.tasks)))."
        : "Arms had different numbers of updates: "
          + arms.map { "\($0.name) \(Wording.grouped($0.train.iterations))" }.joined(separator: ", ") + ".")
    return items
  }

  private static func normalisation(_ statistics: NormalisationStatistics?) -> String {
    switch statistics {
    case nil, .batch:
      "Normalisation uses the statistics of the batch it is given: query batches are transductive."
    case .support:
      "Normalisation of the query uses the statistics of the support set: every query image is judged alone."
    case .running:
      "Normalisation of the query uses running statistics, means over training episodes after adaptation: every query "
        + "image is judged alone."
    }
  }
}

/// The machine and the times.
enum MachineSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    let table = Table(
      name: "training",
      columns: [
        .text("arm", "arm"), .number("updates", "iterations"), .number("episodes", "tasks"),
        .number("time of updates", "updates", .seconds),
        .number("ms per training task", "training_task", .milliseconds),
        .number("ms per test task", "test_task", .milliseconds),
        .number("tensors at most (MB)", "peak", .megabytes),
        .number("best at update", "best_iteration"),
      ],
      rows: result.arms.map { arm in
        [
          .text(arm.name), .count(arm.train.iterations), .count(arm.train.tasks),
          Table.Cell(text: Wording.duration(arm.train.seconds), value: arm.train.seconds),
          .number(arm.train.msPerTask, 2), .number(arm.test.msPerTask, 2),
          Table.Cell(
            text: Wording.fixed(Double(arm.train.peakBytes) / 1e6, 1),
            value: Double(arm.train.peakBytes) / 1e6),
          .count(arm.train.bestIteration),
        ]
      },
      note:
        "Time of updates: the search for rates, validation and saving are not in it; of these, the terminal's time of "
        + "the stage train has the last two. Wall times per task with all workers busy, so they depend on what else the "
        + "machine did."
    )
    return Section(
      title: "Machine and times",
      blocks: [
        .paragraph(
          "fewshot \(result.version), OpenBLAS core \(result.machine.blasCore), "
            + "\(Wording.count(result.machine.threads, "worker")), \(Wording.duration(result.seconds)) in all."
        ),
        .table(table),
      ])
  }
}

/// How to get every row again.
enum CommandSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    return Section(
      title: "Commands",
      blocks: [
        .commands(
          [("This result", result.command)] + result.arms.map { ($0.name, $0.command) }
            + [("These pages", "fewshot report \(shellQuoted(result.folder))")])
      ])
  }
}

/// What this result does not contain, and the commands that would measure it.
enum MissingSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    var seen: Set<String> = []
    let folders = result.arms.flatMap(\.seeds).map(\.folder).filter { seen.insert($0).inserted }
    let statistics = result.normStatistics.flatMap {
      $0 == .batch ? nil : " --norm-statistics \($0.rawValue)"
    }
    let evaluate =
      (["fewshot evaluate"] + folders.map(shellQuoted)).joined(separator: " ") + (statistics ?? "")
    var missing: [(String, String)] = []
    if result.arms.contains(where: { $0.speed == nil && $0.trainedSteps > 0 }) {
      missing.append(
        (
          "Time and arithmetic to 95 %, intervals of the steps, movement, sensitivity to rates, other shots and ways",
          evaluate + " --suite speed"
        ))
    }
    if result.arms.contains(where: \.robustness.isEmpty) {
      missing.append(("Robustness", evaluate + " --suite robustness"))
    }
    guard !missing.isEmpty else { return nil }
    return Section(
      title: "Not measured",
      blocks: [
        .paragraph("This result has no numbers on the following; the command beside each measures it."),
        .commands(missing.map { (purpose: $0.0, line: $0.1) }),
      ])
  }
}
