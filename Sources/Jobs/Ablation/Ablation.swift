package import Files
internal import Formats
internal import Foundation
internal import Images
package import Networks
internal import Results
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
  let progress: any ProgressReporter

  /// An ablation.
  ///
  /// - Parameters:
  ///   - cells: What to train.
  ///   - path: The folder; made if it is not there.
  ///   - executable: The program that trains a cell when called with `run`.
  ///   - jobs: How many cells run at once.
  ///   - threads: Workers of each cell; results do not depend on it.
  ///   - progress: Told about every cell that ends.
  /// - Throws: ``RunFolderError`` if the folder cannot be made, holds other results, or another ablation works in it,
  ///   ``ConfigurationError`` if a cell's folder holds a run with other settings, or two cells are one training.
  package init(
    _ cells: [Cell], in path: String, executable: String, jobs: Int, threads: Int,
    progress: any ProgressReporter
  ) throws {
    self.cells = cells
    self.executable = executable
    self.jobs = max(1, jobs)
    self.threads = threads
    self.progress = progress
    try Self.refuseTwins(cells)
    for cell in cells { try refuseOutput(path, in: (try? cell.plan())?.data) }
    try RunFolder.refuseOther(than: .ablation, in: path)
    folder = try RunFolder(taking: path)
    var known: [[String: String]: DataIdentity] = [:]
    for cell in cells { try refuseOther(cell, &known) }
  }

  /// Where a cell's run is.
  package func folder(of cell: Cell) -> String { Self.folder(of: cell, in: folder.path) }

  private static func folder(of cell: Cell, in folder: String) -> String { "\(folder)/cells/\(cell.name)" }

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

  private func report(_ outcome: Outcome, done: Int) {
    if case .failed(let words) = outcome.status {
      progress.note("cell \(outcome.cell.name) failed: \(words)")
    }
    progress.update(stage: "cells", done: done, total: cells.count, detail: outcome.cell.name)
  }

  private func train(_ cell: Cell) async throws -> Outcome {
    let path = folder(of: cell)
    let lock = try await claim(cell)
    if isFinished(cell) { return finished(cell) }
    let configuration = "cells/\(cell.name).json"
    try folder.write(JSONValue.object(cell.members).text + "\n", to: configuration)
    let process = CellProcess(
      executable: executable,
      arguments: arguments(for: cell, configuration: "\(folder.path)/\(configuration)"),
      log: "\(path).log", lock: lock)
    let ending = try await process.run()
    try Task.checkCancellation()
    func failed(_ how: String, _ exit: Int32?) -> Outcome {
      Outcome(cell: cell, status: .failed("\(how): \(process.lastWords())"), seconds: nil, exit: exit)
    }
    return switch ending {
    case .exited(0) where isFinished(cell): finished(cell)
    case .exited(let code): failed("exit \(code)", code)
    case .killed(let signal): failed("ended by signal \(signal)", nil)
    }
  }

  /// The outcome of a cell that has results.
  private func finished(_ cell: Cell) -> Outcome {
    let results = try? JSONReader.read(
      contents(ofFile: folder(of: cell) + "/results.json")[...], limits: RunResult.limits)
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

  /// The lock of a cell, which its process inherits: while a process that an earlier ablation left behind still trains
  /// the cell, it is not trained a second time.
  ///
  /// - Throws: `CancellationError` while it waits; ``RunFolderError`` if it cannot be locked.
  private func claim(_ cell: Cell) async throws -> FolderLock {
    try folder.makePart("cells")
    var isTold = false
    while true {
      if let lock = try freeLock(cell) { return lock }
      if !isTold {
        progress.note(
          "cell \(cell.name) is still being trained by a process that an earlier ablation left behind; waiting for it"
        )
      }
      isTold = true
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// The lock of a cell; nil while a process holds it.
  private func freeLock(_ cell: Cell) throws(RunFolderError) -> FolderLock? {
    do throws(FolderLock.Failure) {
      return try FolderLock("\(folder.path)/cells", name: "\(cell.name).lock")
    } catch {
      if case .inUse = error { return nil }
      throw RunFolderError(error)
    }
  }

  private func arguments(for cell: Cell, configuration: String) -> [String] {
    let path = folder(of: cell)
    let isBegun = FileManager.default.fileExists(atPath: path + "/config.json")
    let start = isBegun ? ["--resume", path] : ["--config", configuration, "--output", path]
    // No number so far depends on it, and a cell that stopped at a NaN may be told to skip such tasks.
    let rule = (try? cell.plan())?.onNonfinite ?? .stop
    return ["run"] + start + ["--threads", "\(threads)", "--on-nonfinite", rule.rawValue]
  }

  private func isFinished(_ cell: Cell) -> Bool { Self.isFinished(cell, in: folder.path) }

  /// Whether a cell has results in an ablation's folder.
  package static func isFinished(_ cell: Cell, in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: Self.folder(of: cell, in: folder) + "/results.json")
  }

  /// A folder that was trained with other settings must not pass for this cell.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - known: Images that were read for it or another cell, by where they are.
  /// - Throws: ``ConfigurationError`` if it was, `DatasetError` if images that would tell cannot be read.
  private func refuseOther(_ cell: Cell, _ known: inout [[String: String]: DataIdentity]) throws {
    let file = folder(of: cell) + "/config.json"
    guard FileManager.default.fileExists(atPath: file), let wanted = cell.distinction else { return }
    let recorded = try RecordedRun(folder(of: cell))
    let there = recorded.resolved
    let found = there.resolved(adapting: there.adapt ?? cell.selector ?? "").distinction
    var other = Set(wanted.keys).union(found.keys).sorted().filter { wanted[$0] != found[$0] }
    if !other.isEmpty, Plan.toldByHash.isSuperset(of: other), recorded.data.isWhole {
      // Another place, or another file, may have the same images and division.
      let plan = try cell.plan()
      let data = try known[plan.dataSettings] ?? DataIdentity(plan.images(progress: SilentProgress()).1)
      known[plan.dataSettings] = data
      if recorded.data.difference(to: data) == nil { other = [] }
    }
    // What the grid says itself, rather than what follows from it.
    guard let key = other.first(where: { key in cell.settings.contains { $0.key == key } }) ?? other.first
    else { return }
    throw ConfigurationError(
      field: key, value: Plan.words(key, wanted[key]),
      reason: "\(folder(of: cell)) was trained with \(Plan.words(key, found[key]))",
      remedy: "Use another --output, or remove that folder")
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

extension Cell {
  /// What sets its training apart from others; nil where its settings contradict each other.
  fileprivate var distinction: [String: String]? {
    guard let selector, let options, var plan = try? plan() else { return nil }
    plan.options = options
    return plan.resolved(adapting: selector).distinction
  }

  /// As a configuration file.
  var members: [JSONValue.Member] {
    var pairs: [String: [String]] = [:]
    var last: [String: String] = [:]
    for setting in settings {
      if Plan.field(setting.key)?.isRepeatable == true {
        pairs[setting.key, default: []].append(setting.text)
      } else {
        last[setting.key] = setting.text
      }
    }
    return last.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .text($0.value)) }
      + pairs.sorted { $0.key < $1.key }.map { .init($0.key, .list($0.value.map { .text($0) })) }
  }
}

extension Plan {
  /// What sets a resolved training apart from others, as text by key.
  fileprivate var distinction: [String: String] {
    var settings = trainingSettings.merging(dataSettings) { $1 }
    // One folder has many spellings.
    settings["data"] = data.map(absolutePath)
    if split != "auto" { settings["split"] = absolutePath(split) }
    settings["adapt"] = adapt
    settings["on-nonfinite"] = nil
    return settings
  }
}
