internal import Foundation
internal import Networks

/// A grid of trainings in one folder: each cell a run of its own below `cells/`, finished ones never repeated.
public struct Ablation: Sendable {
  /// How a cell stands.
  public enum Status: Equatable, Sendable {
    /// Its results are there.
    case finished
    /// Its process ended badly; what it said last.
    case failed(String)
  }

  /// A cell and how it ended.
  public struct Outcome: Sendable {
    /// The cell.
    public let cell: Cell
    /// How it stands.
    public let status: Status
    /// Wall time of this session's attempt; 0 if it was finished before.
    public let seconds: Double
  }

  /// What runs a cell: this program.
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
  /// - Throws: ``RunFolderError`` if the folder cannot be made, ``ConfigurationError`` if a cell's folder holds a
  ///   run with other settings.
  public init(
    _ cells: [Cell], in path: String, executable: String, jobs: Int, threads: Int,
    progress: any ProgressReporter
  ) throws {
    self.cells = cells
    self.executable = executable
    self.jobs = max(1, jobs)
    self.threads = threads
    self.progress = progress
    folder = try RunFolder(making: path)
    for cell in cells { try refuseOther(cell) }
  }

  /// Where a cell's run is.
  public func folder(of cell: Cell) -> String { "\(folder.path)/cells/\(cell.name)" }

  /// Trains what is not finished.
  ///
  /// - Returns: One outcome per cell, in order.
  /// - Throws: `CancellationError` if it is interrupted; finished cells stay, and others go on where they stopped
  ///   the next time.
  public func train() async throws -> [Outcome] {
    let open = cells.filter { !isFinished($0) }
    if open.count < cells.count {
      progress.note("\(cells.count - open.count) of \(cells.count) cells are finished already")
    }
    var outcomes: [String: Outcome] = [:]
    for cell in cells where isFinished(cell) {
      outcomes[cell.name] = Outcome(cell: cell, status: .finished, seconds: 0)
    }
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var waiting = open[...]
      for _ in 0..<jobs { if let cell = waiting.popFirst() { group.addTask { try await train(cell) } } }
      while let outcome = try await group.next() {
        try Task.checkCancellation()
        outcomes[outcome.cell.name] = outcome
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
    let clock = ContinuousClock()
    let start = clock.now
    let place = folder(of: cell)
    let configuration = "cells/\(cell.name).json"
    try folder.write(JSONValue.object(cell.members).text + "\n", to: configuration)
    let process = CellProcess(
      executable: executable,
      arguments: arguments(for: place, configuration: "\(folder.path)/\(configuration)"),
      log: "\(place).log")
    let ending = try await process.run()
    try Task.checkCancellation()
    let seconds = (clock.now - start) / .seconds(1)
    let status: Status =
      switch ending {
      case .exited(0) where isFinished(cell): .finished
      case .exited(let code): .failed("exit \(code): \(process.lastWords())")
      case .killed(let signal): .failed("ended by signal \(signal): \(process.lastWords())")
      }
    return Outcome(cell: cell, status: status, seconds: seconds)
  }

  private func arguments(for place: String, configuration: String) -> [String] {
    let isBegun = FileManager.default.fileExists(atPath: place + "/config.json")
    return ["run"] + (isBegun ? ["--resume", place] : ["--config", configuration, "--output", place])
      + ["--threads", "\(threads)"]
  }

  private func isFinished(_ cell: Cell) -> Bool {
    FileManager.default.fileExists(atPath: folder(of: cell) + "/results.json")
  }

  /// A folder that was trained with other settings must not pass for this cell.
  private func refuseOther(_ cell: Cell) throws {
    let file = folder(of: cell) + "/config.json"
    guard FileManager.default.fileExists(atPath: file), let wanted = try? cell.plan() else { return }
    let there = try ConfigurationFile(contentsOf: file).applied(to: Plan())
    for (key, value) in there.trainingSettings {
      let asked = wanted.resolved(adapting: there.adapt ?? "").trainingSettings[key]
      guard asked != value else { continue }
      throw ConfigurationError(
        field: key, value: asked ?? "", reason: "\(folder(of: cell)) was trained with \(value)",
        remedy: "Use another --output, or remove that folder")
    }
  }
}

extension Cell {
  /// As a configuration file.
  var members: [JSONValue.Member] {
    let options = settings.filter { $0.key == "option" }.map(\.text)
    var last: [String: String] = [:]
    for setting in settings where setting.key != "option" { last[setting.key] = setting.text }
    return last.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .text($0.value)) }
      + (options.isEmpty ? [] : [JSONValue.Member("option", .list(options.map { .text($0) }))])
  }
}

extension Plan {
  /// What a training depends on, as text by key; where it ran and how it is tested are not among it.
  var trainingSettings: [String: String] {
    let elsewhere: Set = [
      "output", "threads", "baseline", "episodes", "evaluation-steps", "adapt", "robustness-episodes",
      "checkpoint-minutes", "memory-limit",
    ]
    return Dictionary(
      uniqueKeysWithValues: resolvedConfiguration.filter { !elsewhere.contains($0.key) }
        .map { ($0.key, $0.value.plainText) })
  }
}
