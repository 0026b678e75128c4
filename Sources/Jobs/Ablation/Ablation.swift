package import Files
internal import Formats
internal import Foundation
internal import Images
package import Networks
package import Results
internal import Settings
internal import Training

/// A grid of trainings in one folder: each cell a run of its own below `cells/`, and finished ones are never repeated.
package struct Ablation: Sendable {
  /// The status of a cell.
  package enum Status: Equatable, Sendable {
    /// Its results are there.
    case finished
    /// Its process failed, with its last message; or its settings contradict each other.
    case failed(String)
    /// It is not finished, and nobody tried here; how it stands.
    case open(String)
  }

  /// A cell and how it ended.
  package struct Outcome: Sendable {
    /// The cell.
    package let cell: Cell
    /// Its status.
    package let status: Status
    /// Seconds of its run according to its `results.json`: training and evaluation, over all attempts, without what
    /// was lost to a kill; nil if it failed.
    package let seconds: Double?
    /// The exit status of a cell that failed: its process's, 64 if its settings contradict each other; nil if a signal
    /// ended it, or it did not fail.
    package let exit: Int32?
  }

  /// The program that runs a cell: this one.
  let executable: String
  /// The folder.
  let folder: RunFolder
  /// All cells.
  let cells: [Cell]
  /// Cells at once.
  let jobs: Int
  /// Workers of each.
  let threads: Int
  private let takingOver: Bool
  let progress: any ProgressReporter

  /// An ablation.
  ///
  /// - Parameters:
  ///   - cells: What to train.
  ///   - path: The folder; made if it is not there.
  ///   - executable: The program that trains a cell when called with `run`; nothing else needs it.
  ///   - jobs: How many cells run at once.
  ///   - threads: Workers of each cell; results do not depend on it.
  ///   - takingOver: Whether folders are taken from owners nothing is known of; see `FolderLock`.
  ///   - progress: Told about every cell that ends.
  /// - Throws: ``RunFolderError`` if the folder cannot be made, holds other results, or another ablation works in it,
  ///   ``ConfigurationError`` if a cell's folder holds a run with other settings, or two cells are one training.
  package init(
    _ cells: [Cell], in path: String, executable: String = "", jobs: Int = 1, threads: Int = 1,
    takingOver: Bool = false, progress: any ProgressReporter
  ) throws {
    self.cells = cells
    self.executable = executable
    self.jobs = max(1, jobs)
    self.threads = threads
    self.takingOver = takingOver
    self.progress = progress
    try Self.refuseTwins(cells)
    for cell in cells { try refuseOutput(path, in: (try? cell.plan())?.data?.all ?? []) }
    try RunFolder.refuseOther(than: .ablation, in: path)
    folder = try RunFolder(taking: path, takingOver: takingOver)
    if let left = folder.predecessor { progress.note("\(path) was left by \(left); taking it over") }
    var known: [[String: String]: DataIdentity] = [:]
    for cell in cells { try place(of: cell).refuseOther(&known) }
  }

  /// Where a cell's run is.
  func place(of cell: Cell) -> CellPlace { CellPlace(cell, in: folder.path) }

  private func isFinished(_ cell: Cell) -> Bool { place(of: cell).isFinished }

  /// Trains what is not finished.
  ///
  /// `cells.csv` is written anew at the start and whenever a cell ends.
  ///
  /// - Returns: One outcome per cell, in order.
  /// - Throws: `CancellationError` if it is interrupted; finished cells stay, and the others continue where they stopped
  ///   the next time. ``RunFolderError`` if the table cannot be written.
  package func train() async throws -> [Outcome] {
    let open = cells.filter { !isFinished($0) }
    if open.count < cells.count {
      progress.note("\(cells.count - open.count) of \(cells.count) cells are already finished")
    }
    var outcomes: [String: Outcome] = [:]
    for cell in cells where isFinished(cell) { outcomes[cell.name] = finished(cell) }
    for cell in open {
      guard let fault = cell.fault else { continue }
      outcomes[cell.name] = Outcome(cell: cell, status: .failed(fault), seconds: nil, exit: EX_USAGE)
      progress.note("cell \(cell.name) cannot be trained: \(fault)")
    }
    try writeTable(outcomes)
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var waiting = open.filter { $0.fault == nil }[...]
      for _ in 0..<jobs { if let cell = waiting.popFirst() { group.addTask { try await train(cell) } } }
      while let outcome = try await group.next() {
        try Task.checkCancellation()
        outcomes[outcome.cell.name] = outcome
        try writeTable(outcomes)
        report(outcome, done: outcomes.count)
        if let cell = waiting.popFirst() { group.addTask { try await train(cell) } }
      }
    }
    return cells.compactMap { outcomes[$0.name] }
  }

  /// What other processes have trained so far, without training anything; `cells.csv` is written anew.
  ///
  /// - Returns: One outcome per cell, in order: finished, or open.
  /// - Throws: ``RunFolderError`` if the table cannot be written.
  package func collected() throws(RunFolderError) -> [Outcome] {
    let outcomes = cells.map { cell in
      isFinished(cell)
        ? finished(cell)
        : Outcome(cell: cell, status: .open(place(of: cell).standing), seconds: nil, exit: nil)
    }
    try writeTable(Dictionary(uniqueKeysWithValues: outcomes.map { ($0.cell.name, $0) }))
    return outcomes
  }

  private func report(_ outcome: Outcome, done: Int) {
    if case .failed(let words) = outcome.status {
      progress.note("cell \(outcome.cell.name) failed: \(words)")
    }
    progress.update(stage: "cells", done: done, total: cells.count, detail: outcome.cell.name)
  }

  private func train(_ cell: Cell) async throws -> Outcome {
    let place = place(of: cell)
    let lock: FolderLock
    do {
      lock = try await claim(place)
    } catch let error as RunFolderError {
      guard case .owned = error else { throw error }
      return Outcome(cell: cell, status: .failed("\(error)"), seconds: nil, exit: EX_CANTCREAT)
    }
    if place.isFinished { return finished(cell) }
    try place.writeConfiguration(into: folder)
    let process = CellProcess(
      executable: executable, arguments: arguments(for: place), log: "\(place.folder).log", lock: lock)
    let ending = try await process.run()
    try Task.checkCancellation()
    func failed(_ how: String, _ exit: Int32?) -> Outcome {
      Outcome(cell: cell, status: .failed("\(how): \(process.lastWords())"), seconds: nil, exit: exit)
    }
    return switch ending {
    case .exited(0) where place.isFinished: finished(cell)
    case .exited(let code): failed("exit \(code)", code)
    case .killed(let signal): failed("ended by signal \(signal)", nil)
    }
  }

  /// The outcome of a cell that has results.
  private func finished(_ cell: Cell) -> Outcome {
    let results = try? JSONReader.read(
      contents(ofFile: place(of: cell).folder + "/results.json")[...], limits: RunResult.limits)
    return Outcome(cell: cell, status: .finished, seconds: results?["seconds"]?.double, exit: nil)
  }

  /// Writes `cells.csv`: every cell, its status, how long its run took, and why it failed.
  private func writeTable(_ outcomes: [String: Outcome]) throws(RunFolderError) {
    let rows = cells.map { cell in
      let outcome = outcomes[cell.name]
      return CSV.line([
        cell.name, outcome?.status.word ?? "open", outcome?.seconds.map { TextTable.fixed($0, 1) } ?? "",
        outcome?.status.reason ?? "",
      ])
    }
    try folder.write(CSV.line(["cell", "status", "seconds", "reason"]) + rows.joined(), to: "cells.csv")
  }

  /// The lock of a cell, which its process inherits: while a process that an earlier ablation left behind, or one of
  /// another job, still trains the cell, it is not trained a second time.
  ///
  /// - Throws: `CancellationError` while it waits; ``RunFolderError`` if it cannot be locked, or if its owner cannot be
  ///   asked whether he is still at work.
  private func claim(_ place: CellPlace) async throws -> FolderLock {
    try folder.makePart("cells")
    var isTold = false
    while true {
      let owner: String
      do throws(RunFolderError) {
        return try place.lock(takingOver: takingOver)
      } catch {
        guard let found = error.ownerAtWork else { throw error }
        owner = found
      }
      if !isTold {
        progress.note("cell \(place.cell.name) is still being trained by \(owner); waiting for it")
      }
      isTold = true
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private func arguments(for place: CellPlace) -> [String] {
    let start =
      place.isBegun
      ? ["--resume", place.folder]
      : ["--config", "\(folder.path)/\(place.configuration)", "--output", place.folder]
    // No number so far depends on it, and a cell that stopped at a NaN may be told to skip such tasks.
    let rule = (try? place.cell.plan())?.onNonfinite ?? .stop
    return ["run"] + start + ["--threads", "\(threads)", "--on-nonfinite", rule.rawValue]
      + (takingOver ? ["--take-over"] : [])
  }

  /// Two cells that differ in nothing that training depends on are one training, and would be told apart by nothing.
  ///
  /// - Parameter cells: All cells.
  /// - Throws: ``ConfigurationError`` that names two.
  package static func refuseTwins(_ cells: [Cell]) throws(ConfigurationError) {
    var seen: [[String: String]: Cell] = [:]
    for cell in cells {
      guard let distinction = cell.distinction else { continue }
      if let twin = seen.updateValue(cell, forKey: distinction) {
        let words = cell.settings.filter { !twin.settings.contains($0) }.map { "\($0.key) \($0.text)" }
        throw ConfigurationError(
          field: "grid", value: cell.name,
          reason: "it is the same training as \(twin.name)"
            + (words.isEmpty ? "" : ": \(words.joined(separator: ", ")) changes nothing in training"),
          remedy: "Name each training once; settings for testing all cells go under evaluate")
      }
    }
  }
}
