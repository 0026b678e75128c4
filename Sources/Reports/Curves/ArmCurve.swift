internal import Evaluation
internal import Files
internal import Formats
internal import Foundation
internal import Results

/// The mean adaptation curve of one arm.
struct ArmCurve {
  /// A point of the curve as far as it is known: everything from a `SpeedResult.Step`, or, without the speed suite, a
  /// `RunResult.CurveStep` with what `eval/curves.csv` adds.
  struct Point {
    var step: Int
    /// Query accuracy as a share in 0...1, with its 95 % interval.
    var accuracy: Estimate
    /// Mean query cross-entropy in nats.
    var loss: Double
    var supportAccuracy: Double?
    var supportLoss: Double?
    /// Wall-clock time of the steps so far, per task.
    var milliseconds: Double?
    /// Multiply-adds of the steps so far, per task.
    var macs: Double?
  }

  var arm: String
  var points: [Point]

  /// What lies along the horizontal axis.
  enum Axis: String, CaseIterable {
    case steps, ms, macs

    var label: String {
      switch self {
      case .steps: "inner steps"
      case .ms: "milliseconds of adaptation per task"
      case .macs: "million multiply-adds of adaptation per task"
      }
    }

    /// Where a point lies; nil where that was not measured.
    func position(_ point: Point) -> Double? {
      switch self {
      case .steps: Double(point.step)
      case .ms: point.milliseconds
      case .macs: point.macs.map { $0 / 1e6 }
      }
    }
  }

  /// The curve of every arm: from its speed if that was measured, else from `eval/curves.csv`, which has times too,
  /// else from the means in the result.
  static func all(of result: RunResult, folder: String) -> [ArmCurve] {
    let needsFile = result.arms.contains { $0.speed == nil }
    let rows = needsFile ? fileRows(folder + "/eval/curves.csv") : [:]
    return result.arms.map { arm in
      if let speed = arm.speed {
        return ArmCurve(
          arm: arm.name,
          points: speed.curve.map {
            Point(
              step: $0.step, accuracy: $0.queryAccuracy, loss: $0.queryLoss,
              supportAccuracy: $0.supportAccuracy, supportLoss: $0.supportLoss,
              milliseconds: $0.milliseconds, macs: $0.macs)
          })
      }
      return ArmCurve(
        arm: arm.name,
        points: arm.test.curve.map { step in
          let rows = rows[arm.name]?[step.step] ?? []
          func mean(_ part: (FileRow) -> Double) -> Double? {
            rows.isEmpty ? nil : rows.reduce(0) { $0 + part($1) } / Double(rows.count)
          }
          return Point(
            step: step.step, accuracy: Estimate(mean: step.accuracy, ci95: step.ci95), loss: step.loss,
            supportAccuracy: mean(\.supportAccuracy), supportLoss: mean(\.supportLoss),
            milliseconds: mean(\.milliseconds), macs: mean(\.macs))
        })
    }
  }

  private struct FileRow {
    let supportAccuracy: Double
    let supportLoss: Double
    let milliseconds: Double
    let macs: Double
  }

  /// Rows of unperturbed episodes by arm and step; none where the file is missing, damaged, or has other columns.
  private static func fileRows(_ path: String) -> [String: [Int: [FileRow]]] {
    guard let bytes = try? contents(ofFile: path, limit: .max), let table = try? CSVTable(bytes) else {
      return [:]
    }
    let names = [
      "arm", "condition", "step", "support_accuracy", "support_loss", "cumulative_ms", "cumulative_macs",
    ]
    let columns = names.compactMap { table.header.firstIndex(of: $0) }
    guard columns.count == names.count else { return [:] }
    var found: [String: [Int: [FileRow]]] = [:]
    for (_, row) in table.rows where row[columns[1]] == Condition.clean.name {
      let numbers = columns[3...].compactMap { Double(row[$0]) }
      guard let step = Int(row[columns[2]]), numbers.count == 4 else { continue }
      found[row[columns[0]], default: [:]][step, default: []].append(
        FileRow(
          supportAccuracy: numbers[0], supportLoss: numbers[1], milliseconds: numbers[2], macs: numbers[3]))
    }
    return found
  }
}
