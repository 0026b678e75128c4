internal import EventFiles
internal import Files
internal import Formats
internal import Foundation
internal import MetaLearning
internal import Networks
internal import Results
internal import Tensors

/// Writes what TensorBoard shows of the training of one arm: the numbers of `metrics.csv` as scalars, a file for each
/// split, and the inner rates of each role as histograms.
struct TrainingEvents {
  let folder: RunFolder
  let arm: Arm

  private static let splits = ["train", "held-out", "validation"]

  /// What of a row is no measurement, or always the same as something else.
  private static let names: Set = ["arm", "iteration", "split"]

  private func file(_ split: String) -> String { EventFile.name(arm.name, split) }

  /// Says that a process goes on after an update: what was written of later ones before it was stopped does not hold.
  func begin(after iteration: Int) throws {
    for split in Self.splits where folder.holds(file(split)) {
      try append([Event(time: now, step: iteration + 1, .restart)], to: split)
    }
  }

  /// Writes new rows of `metrics.csv`, and the rates at the same point.
  func add(_ rows: String, at point: MetaParameters, after iteration: Int) throws {
    guard let table = try? CSVTable(Array((MetricsRow.header + rows).utf8)) else { return }
    for (_, fields) in table.rows {
      let row = Dictionary(zip(table.header, fields)) { first, _ in first }
      guard let split = row["split"], let step = row["iteration"].flatMap({ Int($0) }) else { continue }
      var values = zip(table.header, fields).compactMap { name, text -> Event.Value? in
        guard !Self.names.contains(name), let number = Double(text) else { return nil }
        return Event.Value(name, .scalar(number))
      }
      if split == "validation" { values += rates(at: point) }
      try append([Event(time: now, step: step, .values(values))], to: split)
    }
  }

  /// The rates of every role, over its tensors and steps.
  private func rates(at point: MetaParameters) -> [Event.Value] {
    let layout = arm.network.layout
    let roles = arm.learner.innerLoop.refs.map { layout[$0].role.rawValue }
    let byRole = Dictionary(grouping: zip(roles, point.rates), by: { $0.0 })
    return byRole.sorted { $0.key < $1.key }.compactMap { role, rates in
      Histogram(of: rates.flatMap { $0.1.scalars.map { Double($0) } })
        .map { Event.Value("inner_rates/\(role)", .histogram($0)) }
    }
  }

  private func append(_ events: [Event], to split: String) throws {
    let name = file(split)
    let isNew = !folder.holds(name)
    if isNew { try folder.makePart(EventFile.place(arm.name, split)) }
    let begin = isNew ? [Event(time: now, step: 0, .version)] : []
    try folder.append(Data((begin + events).flatMap(\.record)), to: name)
  }

  private var now: Double { Date().timeIntervalSince1970 }
}
