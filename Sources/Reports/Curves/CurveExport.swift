internal import Evaluation
internal import Figures
package import Formats
package import Foundation
package import Results

/// Why curves cannot be drawn.
package enum CurveExportError: Error, Hashable, CustomStringConvertible {
  /// No run has what should lie along the horizontal axis.
  case notMeasured(axis: String, runs: [String])

  /// Those that can be evaluated, which an evaluation cannot; nil if there is none.
  private func measurable(_ folders: [String]) -> String? {
    let runs = folders.filter { RunFolder.content(of: $0) == .run }
    return runs.isEmpty ? nil : runs.map(shellQuoted).joined(separator: " ")
  }

  /// What, where, why and what to do.
  package var description: String {
    switch self {
    case .notMeasured(let axis, let runs):
      "no curve against \(axis): \(runs.joined(separator: ", ")) was not measured that way, and eval/curves.csv is missing or damaged.\n"
        + "Use --x steps"
        + (measurable(runs).map { ", or measure: fewshot evaluate \($0) --suite speed" } ?? ".")
    }
  }
}

/// The adaptation curves of one or more runs, evaluations or ablations.
package struct CurveExport: Sendable {
  /// What lies along the horizontal axis of a picture.
  package enum Axis: String, CaseIterable, Sendable {
    /// Inner steps.
    case steps
    /// Wall-clock milliseconds of adaptation per task.
    case ms
    /// Multiply-adds of adaptation per task.
    case macs

    fileprivate var axis: ArmCurve.Axis {
      switch self {
      case .steps: .steps
      case .ms: .ms
      case .macs: .macs
      }
    }
  }

  private struct Run {
    let folder: String
    let data: [String]
    let curves: [ArmCurve]
  }

  private let runs: [Run]

  /// Reads the curves of every folder.
  ///
  /// - Parameter folders: Of finished runs, evaluations or ablations.
  /// - Throws: ``StoredResultError`` for the first that has no result.
  package init(folders: [String]) throws(StoredResultError) {
    var runs: [Run] = []
    for folder in folders {
      let result = try RunResult(folder: folder)
      runs.append(
        Run(folder: folder, data: result.data.folders, curves: ArmCurve.all(of: result, folder: folder)))
    }
    self.runs = runs
  }

  /// The folders of images that the runs are about, as they were named; some may not be there any more.
  package var dataFolders: [String] { runs.flatMap(\.data) }

  /// One line per run, arm and step; an empty field where nothing was measured.
  package var csv: String {
    let header = CSV.line([
      "run", "arm", "step", "query_accuracy", "ci95", "query_loss", "support_accuracy", "support_loss",
      "cumulative_ms", "cumulative_macs",
    ])
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return header
      + runs.flatMap { run in
        run.curves.flatMap { curve in
          curve.points.map { point in
            CSV.line([
              run.folder, curve.arm, point.step, point.accuracy.mean, point.accuracy.ci95, point.loss,
              text(point.supportAccuracy), text(point.supportLoss), text(point.milliseconds),
              text(point.macs),
            ])
          }
        }
      }.joined()
  }

  /// The same as one document; null where nothing was measured.
  package var document: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    let curves = runs.flatMap { run in
      run.curves.map { curve in
        JSONValue.members([
          "run": .text(run.folder), "arm": .text(curve.arm),
          "curve": .list(
            curve.points.map { point in
              .members([
                "step": .integer(point.step), "query_accuracy": .number(point.accuracy.mean),
                "ci95": .number(point.accuracy.ci95), "query_loss": .number(point.loss),
                "support_accuracy": number(point.supportAccuracy), "support_loss": number(point.supportLoss),
                "cumulative_ms": number(point.milliseconds), "cumulative_macs": number(point.macs),
              ])
            }),
        ])
      }
    }
    return .members(["curves": .list(curves)])
  }

  /// The curves as an SVG picture.
  ///
  /// - Throws: ``CurveExportError`` if no run has what the axis shows.
  package func svg(_ axis: Axis) throws(CurveExportError) -> String { try chart(axis).svg() }

  /// The curves as a PNG picture.
  ///
  /// - Throws: ``CurveExportError`` if no run has what the axis shows, `FigureError` if it cannot be drawn.
  package func png(_ axis: Axis) throws -> Data { Data(try chart(axis).png()) }

  private func chart(_ axis: Axis) throws(CurveExportError) -> LineChart {
    let curves = named
    guard curves.contains(where: { $0.points.contains { axis.axis.position($0) != nil } }) else {
      throw .notMeasured(axis: axis.rawValue, runs: runs.map(\.folder))
    }
    return Charts.adaptation(curves, axis.axis)
  }

  /// Every curve under a name of its own: that of its arm, with its folder where arms of several runs share one.
  private var named: [ArmCurve] {
    let counts = Dictionary(grouping: runs.flatMap(\.curves), by: \.arm).mapValues(\.count)
    return runs.flatMap { run in
      run.curves.map { curve in
        let isShared = (counts[curve.arm] ?? 0) > 1
        let folder = URL(fileURLWithPath: run.folder).lastPathComponent
        return ArmCurve(arm: isShared ? "\(curve.arm) (\(folder))" : curve.arm, points: curve.points)
      }
    }
  }
}
