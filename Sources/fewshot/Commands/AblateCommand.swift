import ArgumentParser
import ConvFamilies
import Formats
import Foundation
import Jobs
import Reports
import Settings

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

      Example: fewshot ablate grid.yaml --output runs/ablation
      """)

  @Argument(help: ArgumentHelp("The grid, as YAML or JSON.", valueName: "file")) var grid: String
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The ablation's folder; if unset, one below runs named after the file.", valueName: "folder"))
  var destination: String?
  @Option(help: ArgumentHelp("Cells trained at once; if unset, one per core.", valueName: "number")) var jobs:
    Int?
  @Option(help: ArgumentHelp("Workers of each cell.", valueName: "number")) var threads = 1
  @Flag(help: "List the cells and stop.") var dryRun = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (flag, value) in [("jobs", jobs ?? 1), ("threads", threads)] where value < 1 {
      throw ValidationError("--\(flag) is \(value), but it must be 1 or more.")
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
    let ablation = try Ablation(
      cells, in: folder, executable: Program.path, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      threads: threads, progress: progress)
    let again = "fewshot ablate \(shellQuoted(self.grid)) --output \(shellQuoted(folder))"
    let summary: AblationSummary
    do {
      summary = try await interruptible(progress) {
        let outcomes = try await ablation.train()
        return try await ablation.evaluate(
          outcomes, settings: grid.evaluation, families: families, command: again)
      }
    } catch is CancellationError {
      throw RunInterruption(command: again)
    }
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
        "\(summary.failed.count) of \(cells.count) cells failed: "
          + "\(summary.failed.map(\.cell.name).joined(separator: ", ")). "
          + "The reasons are in \(folder)/cells.csv and, for those that began, in the logs in \(folder)/cells. The same "
          + "command tries them again.")
    }
    if !summary.unreported.isEmpty {
      throw Failure(
        .selfCheck, "not everything could be evaluated: \(summary.unreported.joined(separator: "; "))")
    }
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
