internal import Foundation
public import Networks

/// What came of an ablation.
public struct AblationSummary: Sendable {
  /// Every cell.
  public let outcomes: [Ablation.Outcome]
  /// Folders with results, one per shape of episodes and data.
  public let reports: [String]

  /// Names of the cells that failed.
  public var failed: [String] {
    outcomes.filter { $0.status != .finished }.map(\.cell.name)
  }

  /// For programs.
  public var document: JSONValue {
    .members([
      "cells": .list(
        outcomes.map { outcome in
          .members([
            "name": .text(outcome.cell.name), "status": .text(outcome.status.word),
            "reason": .optional(outcome.status.reason), "seconds": .number(outcome.seconds),
          ])
        }),
      "reports": .list(reports.map { .text($0) }),
    ])
  }

  /// For people.
  public var text: String {
    (["\(outcomes.count - failed.count) of \(outcomes.count) cells finished."]
      + reports.map { "Report: \($0)/report.md" }).joined(separator: "\n")
  }
}

extension Ablation.Status {
  /// One word.
  var word: String { self == .finished ? "finished" : "failed" }

  /// Why it failed; nil if it did not.
  var reason: String? { if case .failed(let words) = self { words } else { nil } }
}

extension Ablation {
  /// Evaluates all finished cells: those that share data and the shape of episodes on identical episodes, in one
  /// folder; cells with other shapes in folders of their own.
  ///
  /// - Parameters:
  ///   - outcomes: What came of the training.
  ///   - settings: What is measured.
  ///   - families: All families.
  ///   - command: What repeats it.
  /// - Returns: Where the results are.
  /// - Throws: If cells cannot be read, or results not be written.
  public func evaluate(
    _ outcomes: [Outcome], settings: StudySettings, families: [any ConvFamily.Type], command: String
  ) async throws -> AblationSummary {
    try folder.write(table(outcomes), to: "cells.csv")
    var groups: [(key: [String: String], runs: [TrainedRun])] = []
    for outcome in outcomes where outcome.status == .finished {
      for run in try TrainedRun.all(in: folder(of: outcome.cell), families: families) {
        let key = run.plan.episodeSettings
        if let i = groups.firstIndex(where: { $0.key == key }) {
          groups[i].runs.append(run)
        } else {
          groups.append((key, [run]))
        }
      }
    }
    var reports: [String] = []
    for group in groups {
      let place =
        groups.count == 1
        ? folder.path : "\(folder.path)/\(shapeName(of: group.runs[0].plan, among: groups.map(\.key)))"
      _ = try await Study(of: group.runs, settings: settings, progress: progress)
        .evaluate(as: .ablation, into: place, command: command)
      reports.append(place)
    }
    return AblationSummary(outcomes: outcomes, reports: reports)
  }

  /// A folder's name out of what sets this group of cells apart from the others.
  private func shapeName(of plan: Plan, among keys: [[String: String]]) -> String {
    let own = plan.episodeSettings
    let telling = own.keys.sorted().filter { key in Set(keys.map { $0[key] }).count > 1 }
    let words = telling.map { key in
      "\(key)\((own[key] ?? "").split(separator: "/").last.map(String.init) ?? "")"
    }
    return "evaluation-" + words.joined(separator: "-")
  }

  private func table(_ outcomes: [Outcome]) -> String {
    CSV.line(["cell", "status", "seconds", "reason"])
      + outcomes.map {
        CSV.line([$0.cell.name, $0.status.word, TextTable.fixed($0.seconds, 1), $0.status.reason ?? ""])
      }.joined()
  }
}
