internal import Files
internal import Formats
internal import Foundation
internal import Images
internal import Networks
internal import Results
internal import Settings
internal import Studies
package import Training

/// Where the run of a cell is, and what stands there: the same for an ablation that trains all cells, for a process that
/// trains one of them, and for whoever collects what they found.
package struct CellPlace: Sendable {
  /// The cell.
  package let cell: Cell
  /// The ablation's folder.
  let home: String

  /// The place of a cell in an ablation's folder.
  package init(_ cell: Cell, in home: String) {
    self.cell = cell
    self.home = home
  }

  /// The folder of its run.
  package var folder: String { "\(home)/cells/\(cell.name)" }

  /// Its settings as a configuration file, below the ablation's folder.
  var configuration: String { "cells/\(cell.name).json" }

  private var lockName: String { "\(cell.name).lock" }

  /// Whether it has results.
  package var isFinished: Bool { FileManager.default.fileExists(atPath: folder + "/results.json") }

  /// Whether its run was begun.
  package var isBegun: Bool { RunFolder.holdsRun(folder) }

  /// Its lock: held while it is trained, by whatever process.
  ///
  /// - Parameter takingOver: Whether it is taken from an owner nothing is known of.
  /// - Returns: The lock.
  /// - Throws: ``RunFolderError`` if somebody has it, or nothing can be written there.
  func lock(takingOver: Bool) throws(RunFolderError) -> FolderLock {
    do throws(FolderLock.Failure) {
      return try FolderLock("\(home)/cells", name: lockName, takingOver: takingOver)
    } catch {
      throw RunFolderError(error, of: folder)
    }
  }

  /// Writes its settings.
  func writeConfiguration(into folder: RunFolder) throws(RunFolderError) {
    try folder.write(JSONValue.object(cell.members).text + "\n", to: configuration)
  }

  /// How a cell that is not finished stands, in a few words.
  var standing: String {
    if let fault = cell.fault { return fault }
    let owner = FolderLock.owner(of: "\(home)/cells", name: lockName)
    return (isBegun ? "begun" : "not begun") + (owner.map { "; \($0) has it" } ?? "")
  }

  /// A folder that was trained with other settings must not pass for this cell.
  ///
  /// - Parameter known: Images that were read for it or another cell, by where they are.
  /// - Throws: ``ConfigurationError`` if it was, `DatasetError` if images that would tell cannot be read.
  package func refuseOther(_ known: inout [[String: String]: DataIdentity]) throws {
    guard isBegun else { return }
    let recorded = try RecordedRun(folder)
    let there = recorded.resolved
    guard let wanted = cell.distinction(startedAs: there) else { return }
    let found = there.resolved(adapting: there.adapt ?? cell.selector ?? "").distinction
    var other = Set(wanted.keys).union(found.keys).sorted().filter { wanted[$0] != found[$0] }
    if !other.isEmpty, Plan.toldByHash.isSuperset(of: other), recorded.data.isWhole {
      // Another place, or another file, may have the same images and division.
      let plan = try cell.plan()
      let data = try known[plan.dataSettings] ?? DataIdentity(plan.images(progress: SilentProgress()).1)
      known[plan.dataSettings] = data
      if recorded.data.difference(to: data) == nil { other = [] }
    }
    try refuseOtherStart(recorded)
    // What the grid says itself, rather than what follows from it.
    guard let key = other.first(where: { key in cell.settings.contains { $0.key == key } }) ?? other.first
    else { return }
    throw ConfigurationError(
      field: key, value: Plan.words(key, wanted[key]),
      reason: "\(folder) was trained with \(Plan.words(key, found[key]))",
      remedy: "Use another --output, or remove that folder")
  }
}

extension CellPlace {
  /// A network that was trained anew since is another start, in the same folder.
  private func refuseOtherStart(_ recorded: RecordedRun) throws {
    guard let then = recorded.initialHash, let path = try cell.plan().initialPath,
      let now = TrainedRun.checkpointHash(at: path), now != then
    else { return }
    throw ConfigurationError(
      field: "initial", value: path, reason: "\(folder) was trained from what was there before it changed",
      remedy: "Put that network back, use another --output, or remove that folder")
  }
}

extension Cell {
  /// What sets its training apart from others; nil where its settings contradict each other.
  var distinction: [String: String]? { distinction(startedAs: nil) }

  /// The same, where what follows from the network that it starts from is known from a run of its own.
  fileprivate func distinction(startedAs run: Plan?) -> [String: String]? {
    guard let selector, let options, var plan = try? plan() else { return nil }
    plan.options = options
    if plan.initial != nil {
      plan.runningStatistics = plan.runningStatistics ?? run?.runningStatistics
      plan.pixelStatistics = plan.pixelStatistics ?? run?.pixelStatistics
    }
    return plan.resolved(adapting: selector).distinction
  }

  /// As a configuration file.
  fileprivate var members: [JSONValue.Member] {
    var pairs: [String: [String]] = [:]
    var last: [String: String] = [:]
    for setting in settings {
      if Plan.field(setting.key)?.isRepeatable == true {
        pairs[setting.key, default: []].append(setting.text)
      } else {
        last[setting.key] = setting.text
      }
    }
    func document(_ key: String, _ text: String) -> JSONValue {
      let folders = Plan.field(key)?.isList == true ? DataFolders(text: text) : nil
      return folders?.document ?? .text(text)
    }
    return last.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, document($0.key, $0.value)) }
      + pairs.sorted { $0.key < $1.key }.map { .init($0.key, .list($0.value.map { .text($0) })) }
  }
}

extension Plan {
  /// What sets a resolved training apart from others, as text by key.
  fileprivate var distinction: [String: String] {
    var settings = trainingSettings.merging(dataSettings) { $1 }
    // One folder has many spellings.
    settings["data"] = data?.mapped(absolutePath).text
    if split != "auto" { settings["split"] = absolutePath(split) }
    settings["adapt"] = adapt
    settings["on-nonfinite"] = nil
    return settings
  }
}
