import ArgumentParser
import ConvFamilies
import Files
import Formats
import Foundation
import Jobs
import Reports
import Results
import Settings
import Studies

/// The command `ablate`.
struct AblateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Train a grid of runs, evaluate them together on the same episodes, write one report.",
    discussion: """
      The grid is a YAML or JSON file: settings that all cells share under base, and under grid a list for each \
      setting that varies; a list of mappings varies several settings together. Called again, it continues where it \
      stopped and repeats no finished cell.

      Example of a grid:
        base: {iterations: 200}
        grid:
          arm: [{family: standard, adapt: all}, {family: acdc, adapt: atoms}]
          seed: [0, 1, 2]
        evaluate: {suite: speed}

      With --until the seeds of the grid are a pilot, and more are added until the simultaneous interval of every \
      primary difference is narrow enough, or --most-seeds are there.

      Example: fewshot ablate grid.yaml --output runs/ablation
      Example: fewshot ablate grid.yaml --until 0.5
      """)

  @Argument(help: ArgumentHelp("The grid, as YAML or JSON.", valueName: "file")) var grid: String
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The ablation's folder; if unset, one below runs named after the file.", valueName: "folder"))
  var destination: String?
  @Option(
    help: ArgumentHelp(
      "Cells trained at once; if unset, one per core that the process may use.", valueName: "number"))
  var jobs: Int?
  @Option(help: ArgumentHelp("Workers of each cell.", valueName: "number")) var threads = 1
  @Option(
    help: ArgumentHelp(
      "Add seeds until every primary difference in accuracy or drop is known to ± so many points.",
      valueName: "points"))
  var until: Double?
  @Option(help: ArgumentHelp("The most seeds that this adds up to.", valueName: "number")) var mostSeeds = 20
  @Flag(help: "List the cells and stop.") var dryRun = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (flag, value) in [("jobs", jobs ?? 1), ("threads", threads)] where value < 1 {
      throw ValidationError("--\(flag) is \(value), but it must be 1 or more.")
    }
    if let until, !(until > 0 && until <= 100) {
      throw ValidationError("--until is \(until), but it must be above 0 and at most 100 points.")
    }
  }

  func run() async throws {
    let console = output.console
    let families = FamilyRegistry.families
    let grid = try Grid(contentsOf: grid)
    let cells = grid.cells(families: families)
    if dryRun {
      try Ablation.refuseTwins(cells)
      try console.finish(
        .members(["cells": .list(cells.map { .text($0.name) })]), cells.map(\.name).joined(separator: "\n"))
      return try refuseFaults(in: cells)
    }
    let folder =
      destination ?? "runs/" + URL(fileURLWithPath: self.grid).deletingPathExtension().lastPathComponent
    let progress = console.progress
    let again =
      "fewshot ablate \(shellQuoted(self.grid)) --output \(shellQuoted(folder))"
      + (until.map { " --until \($0) --most-seeds \(mostSeeds)" } ?? "")
    let plan = try seedPlan(for: grid)
    let summary: AblationSummary
    do {
      summary = try await interruptible(progress) {
        var count = plan.map { begun($0, grid, in: folder) } ?? 0
        while true {
          let found = try await trained(
            grid.withSeeds(count).cells(families: families), in: folder, grid.evaluation, plan, again,
            progress)
          for look in found.looks { progress.note(Self.words(of: look)) }
          if plan != nil && found.looks.isEmpty {
            progress.note(
              "--until: there is no primary difference to look at, or trainings failed; no seeds are added")
          }
          // Where trainings failed the next look may ask for seeds that were tried already.
          guard let next = found.looks.compactMap(\.next).max(), next > count else { return found }
          count = next
        }
      }
    } catch is CancellationError {
      throw RunInterruption(command: again)
    }
    let all = summary.outcomes.count
    var verdicts: [String] = []
    for folder in summary.reports {
      let report = try Report(folder: folder)
      try report.write()
      verdicts.append(report.result.verdict)
    }
    try console.finish(summary.document, (verdicts + [summary.text]).joined(separator: "\n"))
    if !summary.failed.isEmpty {
      // If all failed cells ended alike, their status is the best one.
      let exits = Set(summary.failed.map(\.exit))
      let status = exits.count == 1 ? exits.first.flatMap { $0 }.flatMap(Failure.Status.init) : nil
      throw Failure(
        status.flatMap { $0 == .interrupted ? nil : $0 } ?? .readOrWrite,
        "\(summary.failed.count) of \(all) cells failed: "
          + "\(summary.failed.map(\.cell.name).joined(separator: ", ")). "
          + "The reasons are in \(folder)/cells.csv and, for those that began, in the logs in \(folder)/cells. The same "
          + "command tries them again.")
    }
    if !summary.unreported.isEmpty {
      throw Failure(
        .selfCheck, "not everything could be evaluated: \(summary.unreported.joined(separator: "; "))")
    }
  }

  /// The number of seeds to go on with: the last look whose cells are all there, for a look depends on widths alone.
  private func begun(_ plan: SeedPlan, _ grid: Grid, in folder: String) -> Int {
    plan.looks.last { count in
      grid.withSeeds(count).cells(families: FamilyRegistry.families).allSatisfy {
        Ablation.isFinished($0, in: folder)
      }
    } ?? plan.looks[0]
  }

  /// Trains the cells that are not trained yet, and evaluates all.
  private func trained(
    _ cells: [Cell], in folder: String, _ settings: StudySettings, _ plan: SeedPlan?, _ command: String,
    _ progress: any ProgressReporter
  ) async throws -> AblationSummary {
    let ablation = try Ablation(
      cells, in: folder, executable: Program.path, jobs: jobs ?? MachineProcessors.count,
      threads: threads, progress: progress)
    return try await ablation.evaluate(
      ablation.train(), settings: settings, families: FamilyRegistry.families, seedPlan: plan,
      command: command)
  }

  /// When more seeds are wanted; nil without `--until`.
  private func seedPlan(for grid: Grid) throws -> SeedPlan? {
    guard let until else { return nil }
    let pilot = try grid.pilotSeeds()
    guard mostSeeds >= pilot else {
      throw Failure(
        .usage,
        "--most-seeds is \(mostSeeds), but the grid has \(pilot) seeds already. Give at least so many.")
    }
    return SeedPlan(pilot: pilot, limit: mostSeeds, halfWidth: until / 100)
  }

  /// What a look at the seeds found.
  private static func words(of look: RunResult.SeedLook) -> String {
    let found =
      "\(look.seeds) seeds: the widest primary interval is ±\(TextTable.fixed(100 * look.widest, 2)) points, "
      + "±\(TextTable.fixed(100 * look.wanted, 2)) is wanted"
    guard let next = look.next else {
      return found
        + (look.isNarrow
          ? "; that is narrow enough"
          : look.seeds == look.looks.last
            ? "; the limit is reached" : "; no number of seeds would do, it takes more episodes")
    }
    let expected =
      look.expected.map { "it is expected to take \($0) seeds in all" }
      ?? "more than \(look.looks.last ?? next) seeds are expected to be needed"
    return "\(found); \(expected), the next look is at \(next)"
  }

  /// Reports which cells cannot be trained.
  private func refuseFaults(in cells: [Cell]) throws {
    let faults = cells.compactMap { cell in cell.fault.map { "  \(cell.name): \($0)" } }
    guard !faults.isEmpty else { return }
    throw Failure(
      .usage,
      "\(faults.count) of \(cells.count) cells cannot be trained. List only combinations that can, as mappings of "
        + "several settings:\n\(faults.joined(separator: "\n"))")
  }
}
