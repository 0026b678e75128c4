internal import Files
internal import Formats
internal import Foundation
internal import Results

/// What `metrics.csv` says of the training of one arm on one split.
struct TrainingCurve {
  /// A row of the file.
  struct Point {
    let iteration: Int
    /// A share in 0...1, with the half-width of its 95 % interval.
    let accuracy: Double
    let ci95: Double
    /// Mean cross-entropy in nats.
    let loss: Double
  }

  let arm: String
  /// `train`, `held-out` or `validation`.
  let split: String
  let points: [Point]

  /// The point with the highest accuracy, the first of equals; nil without points.
  var best: Point? {
    points.max { ($0.accuracy, -$0.iteration) < ($1.accuracy, -$1.iteration) }
  }

  /// The validation of every arm of an ablation.
  ///
  /// - Parameters:
  ///   - result: That of the ablation.
  ///   - folder: Its folder, in which the cells are.
  /// - Returns: Means over the seeds whose cells are there, at the updates that all of them were validated after,
  ///   without intervals.
  static func means(of result: RunResult, in folder: String) -> [TrainingCurve] {
    result.arms.compactMap { arm in
      let curves = arm.seeds.compactMap { seed -> [Int: Point]? in
        let cell = URL(fileURLWithPath: seed.folder).lastPathComponent
        let own = all(in: "\(folder)/cells/\(cell)").first { $0.split == "validation" }
        return own.map {
          Dictionary($0.points.map { ($0.iteration, $0) }, uniquingKeysWith: { first, _ in first })
        }
      }
      guard let first = curves.first else { return nil }
      let points = first.keys.sorted().compactMap { iteration -> Point? in
        let found = curves.compactMap { $0[iteration] }
        guard found.count == curves.count else { return nil }
        func mean(_ part: (Point) -> Double) -> Double { found.map(part).reduce(0, +) / Double(found.count) }
        return Point(iteration: iteration, accuracy: mean(\.accuracy), ci95: .nan, loss: mean(\.loss))
      }
      return TrainingCurve(arm: arm.name, split: "validation", points: points)
    }
  }

  /// All curves of a run, in the order of the file; none where it is missing, damaged, or has other columns.
  static func all(in folder: String) -> [TrainingCurve] {
    guard let bytes = try? contents(ofFile: folder + "/metrics.csv", limit: .max),
      let table = try? CSVTable(bytes)
    else { return [] }
    let columns = ["arm", "split", "iteration", "accuracy", "ci95", "loss"].compactMap {
      table.header.firstIndex(of: $0)
    }
    guard columns.count == 6 else { return [] }
    var order: [[String]] = []
    var points: [[String]: [Point]] = [:]
    for (_, row) in table.rows {
      let fields = columns.map { row[$0] }
      let key = Array(fields[..<2])
      guard let iteration = Int(fields[2]), let accuracy = Double(fields[3]), let ci95 = Double(fields[4]),
        let loss = Double(fields[5])
      else { continue }
      if points[key] == nil { order.append(key) }
      points[key, default: []].append(
        Point(iteration: iteration, accuracy: accuracy, ci95: ci95, loss: loss))
    }
    return order.map { TrainingCurve(arm: $0[0], split: $0[1], points: points[$0] ?? []) }
  }
}
