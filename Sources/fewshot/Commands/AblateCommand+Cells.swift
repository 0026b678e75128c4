import ConvFamilies
import Files
import Formats
import Foundation
import Jobs
import Reports
import Results

/// What is done with cells that are trained elsewhere: by other processes, on other machines.
extension AblateCommand {
  /// Names the cells of the grid.
  func name(_ cells: [Cell]) throws {
    try Ablation.refuseTwins(cells)
    try output.console.finish(
      .members(["cells": .list(cells.map { .text($0.name) })]), cells.map(\.name).joined(separator: "\n"))
    try refuseFaults(in: cells)
  }

  /// Lists the cells that are wanted now with their numbers.
  func list(_ work: GridWork) throws {
    let cells = work.wanted
    try Ablation.refuseTwins(cells.map(\.cell))
    let rows = cells.map { CSV.line([$0.index, $0.cell.arm, $0.seed, $0.place.folder]) }
    let table = CSV.line(["index", "arm", "seed", "folder"]) + rows.joined()
    let document = JSONValue.list(
      cells.map { cell in
        .members([
          "index": .integer(cell.index), "arm": .text(cell.cell.arm), "seed": .digits("\(cell.seed)"),
          "folder": .text(cell.place.folder),
        ])
      })
    // A table has its own line ends.
    try output.console.finish(
      Data((output.json ? JSONValue.members(["cells": document]).withSchema.text + "\n" : table).utf8))
    try refuseFaults(in: cells.map(\.cell))
  }

  /// Trains one cell in this process.
  func train(_ number: Int, of work: GridWork) async throws {
    let cells = work.all
    guard cells.indices.contains(number) else {
      throw Failure(
        .usage,
        "--cell is \(number), but the cells have the numbers 0 to \(cells.count - 1). See them with --list.")
    }
    let console = output.console
    let progress = console.progress
    let training = try CellTraining(cells[number].cell, in: folder, families: FamilyRegistry.families)
    let wasFinished = training.isFinished
    if wasFinished {
      progress.note("\(training.folder): this cell is finished; this is its result")
    } else {
      let (workers, takingOver) = (threads, stop.takeOver)
      do {
        try await interruptible(progress, status: stop.exitOnStop) {
          try await training.run(threads: workers, takingOver: takingOver, progress: progress)
        }
      } catch is RunInterruption {
        throw RunInterruption(command: "\(command) --cell \(number)")
      }
    }
    let report = try Report(folder: training.folder)
    // Its last page is there unless the process was killed while it wrote them.
    let isWritten = wasFinished && FileManager.default.fileExists(atPath: training.folder + "/report.html")
    try isWritten ? console.finish(report) : console.finish(writing: report)
  }

  /// Prints a script that has all wanted cells trained, and collected.
  func emit(_ scheduler: CellScript.Scheduler, _ work: GridWork) throws {
    let progress = output.console.progress
    let cells = work.wanted
    try Ablation.refuseTwins(cells.map(\.cell))
    try refuseFaults(in: cells.map(\.cell))
    try RunFolder.refuseOther(than: .ablation, in: folder)
    let workers = threads ?? 1
    // Make asks for neither memory nor time.
    let need =
      scheduler == .make
      ? CellNeed(mebibytes: 0, minutes: 0)
      : try CellNeed(
        cells.map(\.cell), threads: workers, families: FamilyRegistry.families, progress: progress)
    // Slurm makes no folder for its logs, and a job without one ends without a word.
    if scheduler == .slurm { try RunFolder(making: folder).makePart(CellScript.logs) }
    let script = CellScript(
      program: Program.path, directory: FileManager.default.currentDirectoryPath, words: words, grid: grid,
      folder: folder, cells: cells.map(\.cell.name), jobs: jobs ?? 10, threads: workers, need: need)
    let text = script.text(for: scheduler)
    try output.console.finish(
      .members(["script": .text(text)]), text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }

  /// Refuses to collect where nothing is finished.
  func requireFinished(_ work: GridWork) throws {
    let cells = work.wanted
    guard !cells.contains(where: { $0.place.isFinished }) else { return }
    throw missing(cells.map { ($0.cell, nil) }, of: cells.count)
  }

  /// Which cells have no results yet.
  func missing(_ cells: [(cell: Cell, standing: String?)], of all: Int) -> Failure {
    let names = cells.map { $0.cell.name + ($0.standing.map { " (\($0))" } ?? "") }
    let first = names.prefix(10).joined(separator: ", ")
    return Failure(
      .noInput,
      "\(cells.count) of \(all) cells in \(folder) are not finished: \(first)"
        + (names.count > 10 ? " and \(names.count - 10) more" : "")
        + ".\nTrain them by their numbers, which --list tells, with --cell, or all here with: \(command)")
  }
}
