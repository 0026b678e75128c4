internal import Files
package import Formats
internal import Foundation
package import Networks
package import Results
package import Settings
package import Studies
internal import Training

/// The outcome of an ablation: its cells, its reports, and what failed.
package struct AblationSummary: Sendable {
  /// The outcome of every cell, in the order of the grid.
  package let outcomes: [Ablation.Outcome]
  /// Folders with results, one per shape of episodes and data.
  package let reports: [String]
  /// Trainings and whole evaluations that could not be reported, with the reason.
  package let unreported: [String]
  /// Where seeds are added, whether each report needs more.
  package let looks: [RunResult.SeedLook]

  /// The cells that failed.
  package var failed: [Ablation.Outcome] { outcomes.filter { $0.status.word == "failed" } }

  /// The cells that are not finished, where nobody tried to finish them.
  package var open: [Ablation.Outcome] { outcomes.filter { $0.status.word == "open" } }

  /// The same as JSON, for programs.
  package var document: JSONValue {
    .members([
      "cells": .list(
        outcomes.map { outcome in
          .members([
            "name": .text(outcome.cell.name), "status": .text(outcome.status.word),
            "reason": .optional(outcome.status.reason),
            "seconds": outcome.seconds.map { .number($0) } ?? .null,
          ])
        }),
      "reports": .list(reports.map { .text($0) }),
      "unreported": .list(unreported.map { .text($0) }),
    ])
  }

  /// The same as text, for people.
  package var text: String {
    (["\(outcomes.count { $0.status == .finished }) of \(outcomes.count) cells finished."]
      + reports.map { "Report: \($0)/report.html" }).joined(separator: "\n")
  }
}

extension Ablation.Status {
  /// One word.
  var word: String {
    switch self {
    case .finished: "finished"
    case .failed: "failed"
    case .open: "open"
    }
  }

  /// Why it failed, or how it stands; nil if it is finished.
  package var reason: String? {
    switch self {
    case .finished: nil
    case .failed(let words), .open(let words): words
    }
  }
}

extension Ablation {
  /// Evaluates all finished cells: those that share data and the shape of episodes on identical episodes, in one
  /// folder; cells with other shapes in folders of their own.
  ///
  /// What fails is reported and does not stop the rest; what was measured before is not measured again.
  ///
  /// - Parameters:
  ///   - outcomes: What came of the training.
  ///   - settings: What is measured.
  ///   - families: All families.
  ///   - seedPlan: When more seeds are wanted; nil where the grid says which there are.
  ///   - command: The command that repeats it.
  /// - Returns: Where the results are, and what is missing in them.
  /// - Throws: ``RunFolderError`` if results cannot be written, or `CancellationError`.
  package func evaluate(
    _ outcomes: [Outcome], settings: StudySettings, families: [any ConvFamily.Type],
    seedPlan: SeedPlan? = nil,
    command: String
  ) async throws -> AblationSummary {
    var failed: [RunResult.FailedTraining] = []
    var groups: [Group] = []
    for outcome in outcomes where outcome.status == .finished {
      let cellFolder = place(of: outcome.cell).folder
      do {
        // Cells are tested as the grid says now, even if it said something else when they were trained.
        let plan = try outcome.cell.plan()
        for run in try TrainedRun.all(in: cellFolder, families: families).map({ $0.tested(like: plan) }) {
          if let i = groups.firstIndex(where: { $0.takes(run) }) {
            groups[i].runs.append(run)
          } else {
            groups.append(Group(runs: [run]))
          }
        }
      } catch {
        failed.append(.init(arm: outcome.cell.name, seed: nil, folder: cellFolder, reason: "\(error)"))
        progress.note("cell \(outcome.cell.name) cannot be read: \(error)")
      }
    }
    let names = groups.count == 1 ? ["."] : Group.names(groups)
    if groups.count != 1 { try setAside() }
    var looks: [RunResult.SeedLook] = []
    var (reports, unreported): ([String], [String]) = ([], failed.map { "\($0.arm): \($0.reason)" })
    for (group, name) in zip(groups, names) {
      let target = name == "." ? folder : try RunFolder(making: "\(folder.path)/\(name)")
      do {
        let study = try Study(
          of: group.runs, settings: settings, failed: failed, seedPlan: seedPlan, progress: progress)
        let result = try await study.evaluate(
          as: .ablation, in: target, parts: folder, command: command)
        reports.append(target.path)
        if let look = result.seedLook { looks.append(look) }
        unreported += (result.failed ?? []).filter { !failed.contains($0) }.map {
          "\($0.folder): \($0.reason)"
        }
      } catch let error where !(error is CancellationError || error is RunFolderError) {
        unreported.append("\(target.path): \(error)")
        progress.note("no report in \(target.path): \(error)")
      }
    }
    return AblationSummary(outcomes: outcomes, reports: reports, unreported: unreported, looks: looks)
  }

  /// The beginning of the name of a folder with the evaluation of some of the cells.
  static let groupPrefix = "evaluation-"

  /// Cells that are evaluated together: with the same images and division, by their hashes, and the same shape of
  /// episodes.
  private struct Group {
    var runs: [TrainedRun]

    func takes(_ run: TrainedRun) -> Bool {
      run.plan.episodeSettings == runs[0].plan.episodeSettings
        && run.data.difference(
          to: runs[0].data, at: run.plan.dataSettings, and: runs[0].plan.dataSettings) == nil
    }

    /// What may tell its folder's name from others.
    private var words: [String: String] {
      runs[0].plan.episodeSettings.merging(runs[0].plan.dataSettings) { $1 }
    }

    /// Names of folders, each made of what sets a group apart from the others.
    static func names(_ groups: [Group]) -> [String] {
      let keys = Set(groups.flatMap(\.words.keys)).sorted()
      let telling = keys.filter { key in Set(groups.map { $0.words[key] }).count > 1 }
      func name(_ group: Group, _ text: (String) -> String) -> String {
        Ablation.groupPrefix + telling.map { "\($0)\(text(group.words[$0] ?? ""))" }.joined(separator: "-")
      }
      let short = groups.map { name($0) { $0.split(separator: "/").last.map(String.init) ?? "" } }
      let long = groups.indices.map { i in
        guard short.count(where: { $0 == short[i] }) > 1 else { return short[i] }
        // Two folders of images may have the same last name: then a hash of the whole value tells them apart.
        return name(groups[i]) { text in
          (text.split(separator: "/").last.map(String.init) ?? "") + "~"
            + ContentHash.sha256(Array(text.utf8)).prefix(8)
        }
      }
      // Images that changed while the cells were trained have one path.
      return groups.indices.map { i in
        guard long.count(where: { $0 == long[i] }) > 1 else { return long[i] }
        let data = groups[i].runs[0].data
        return "\(long[i])-images\(data.images?.prefix(8) ?? "")-division\(data.division?.prefix(8) ?? "")"
      }
    }
  }

  /// Moves the evaluation of an earlier, smaller grid away from the ablation's own folder, where it would pass for
  /// that of all cells.
  private func setAside() throws(RunFolderError) {
    let parts = [
      RunFolder.evaluationFile, "results.json", "report.md", "report.html", "report.tex", "eval", "episodes",
      "figures",
      "tables",
    ].filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)") }
    guard parts.contains(RunFolder.evaluationFile) || parts.contains("results.json") else { return }
    let free = (1...10_000).lazy.map { "earlier-evaluation-\($0)" }.first {
      !FileManager.default.fileExists(atPath: "\(folder.path)/\($0)")
    }
    let name = free ?? "earlier-evaluation"
    try folder.makePart(name)
    for part in parts {
      guard rename("\(folder.path)/\(part)", "\(folder.path)/\(name)/\(part)") == 0 else {
        throw .notWritable(path: "\(folder.path)/\(name)", reason: systemReason(code: errno))
      }
    }
    progress.note(
      "the evaluation that was in \(folder.path) is of an earlier grid; it is now in \(folder.path)/\(name)")
  }
}
