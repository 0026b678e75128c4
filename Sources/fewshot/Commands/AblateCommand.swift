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
struct AblateCommand: AsyncParsableCommand, StoppableCommand {
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

      The cells may also be trained elsewhere, in any order and at the same time: --list numbers them, --cell NUMBER \
      trains one, --collect evaluates what there is, and --emit prints a script that does all of it under Slurm, make \
      or Snakemake.

      Example: fewshot ablate grid.yaml --output runs/ablation
      Example: fewshot ablate grid.yaml --until 0.5
      Example: fewshot ablate grid.yaml --emit slurm > grid.sh
      """)

  @Argument(help: ArgumentHelp("The grid, as YAML or JSON.", valueName: "file"), completion: .file())
  var grid: String
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The ablation's folder; if unset, one below runs named after the file.", valueName: "folder"),
    completion: .directory)
  var destination: String?
  @Option(
    help: ArgumentHelp(
      "Cells trained at once; if unset, one per core that the process may use, and 10 in a script.",
      valueName: "number"))
  var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "Workers of each cell, and of the evaluation; if unset, 1 of a cell, and otherwise one per core that the process "
        + "may use.", valueName: "number"))
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "Add seeds until every primary difference in accuracy or drop is known to ± so many points.",
      valueName: "points"))
  var until: Double?
  @Option(help: ArgumentHelp("The most seeds that this adds up to.", valueName: "number")) var mostSeeds = 20
  @Flag(help: "Name the cells and stop.") var dryRun = false
  @OptionGroup(title: "Cells elsewhere") var elsewhere: CellOptions
  @OptionGroup var stop: StopOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (flag, value) in [("jobs", jobs ?? 1), ("threads", threads ?? 1)] where value < 1 {
      throw ValidationError("--\(flag) is \(value), but it must be 1 or more.")
    }
    if let until, !(until > 0 && until <= 100) {
      throw ValidationError("--until is \(until), but it must be above 0 and at most 100 points.")
    }
  }

  /// The ablation's folder.
  var folder: String {
    destination ?? "runs/" + URL(fileURLWithPath: grid).deletingPathExtension().lastPathComponent
  }

  /// The words behind the program that name grid, folder and how seeds are added.
  var words: [String] {
    ["ablate", grid, "--output", folder]
      + (until.map { ["--until", "\($0)", "--most-seeds", "\(mostSeeds)"] } ?? [])
  }

  /// The command that trains and evaluates all, by which every report of the ablation can be repeated.
  var command: String { "fewshot " + words.map(shellQuoted).joined(separator: " ") }

  func run() async throws {
    let grid = try Grid(contentsOf: grid)
    let work = GridWork(
      grid, seedPlan: try seedPlan(for: grid), in: folder, families: FamilyRegistry.families)
    if dryRun { return try name(grid.cells(families: FamilyRegistry.families)) }
    if elsewhere.list { return try list(work) }
    if let number = elsewhere.cell { return try await train(number, of: work) }
    if let scheduler = elsewhere.emit { return try emit(scheduler, work) }
    if elsewhere.collect { try requireFinished(work) }
    try report(try await summary(work))
  }

  /// Trains what is not trained, unless cells are only collected, and evaluates.
  private func summary(_ work: GridWork) async throws -> AblationSummary {
    let progress = output.console.progress
    var settings = work.grid.evaluation
    settings.threads = settings.threads ?? threads
    let (wanted, command, takingOver) = (settings, command, stop.takeOver)
    do {
      if elsewhere.collect {
        return try await interruptible(progress, status: stop.exitOnStop) {
          try await work.collect(
            settings: wanted, takingOver: takingOver, command: command, progress: progress)
        }
      }
      let means = GridWork.Means(
        executable: Program.path, jobs: jobs ?? MachineProcessors.count, threads: threads ?? 1)
      return try await interruptible(progress, status: stop.exitOnStop) {
        try await work.train(
          by: means, settings: wanted, takingOver: takingOver, command: command, progress: progress)
      }
    } catch is CancellationError {
      throw RunInterruption(command: command + (elsewhere.collect ? " --collect" : ""))
    }
  }

  /// Writes the reports, prints the outcome, and fails if something is missing in it.
  private func report(_ summary: AblationSummary) throws {
    let all = summary.outcomes.count
    var verdicts: [String] = []
    for folder in summary.reports {
      let report = try Report(folder: folder)
      try report.write()
      verdicts.append(output.verbose ? report.result.verdict : report.result.shortVerdict)
    }
    try output.console.finish(summary.document, (verdicts + [summary.text]).joined(separator: "\n"))
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
    if !summary.open.isEmpty { throw missing(summary.open.map { ($0.cell, $0.status.reason) }, of: all) }
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

  /// Reports which cells cannot be trained.
  func refuseFaults(in cells: [Cell]) throws {
    let faults = cells.compactMap { cell in cell.fault.map { "  \(cell.name): \($0)" } }
    guard !faults.isEmpty else { return }
    throw Failure(
      .usage,
      "\(faults.count) of \(cells.count) cells cannot be trained. List only combinations that can, as mappings of "
        + "several settings:\n\(faults.joined(separator: "\n"))")
  }
}
