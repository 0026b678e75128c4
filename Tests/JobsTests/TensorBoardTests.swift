import ConvFamilies
import Foundation
import Jobs
import Reports
import Results
import Settings
import TestEvents
import TestRuns
import Testing

/// The scalars of an event file by step and tag, as TensorBoard keeps them: a restart takes back what came later.
private func scalars(_ file: String) throws -> [Int: [String: Double]] {
  var found: [Int: [String: Double]] = [:]
  for message in try events(file) {
    guard case .integer(let step)? = try RecordReader.field(2, of: message) else { continue }
    if try RecordReader.field(7, of: message) != nil { found = found.filter { $0.key < Int(step) } }
    for value in try values(message) {
      guard case .float(let number)? = try RecordReader.field(2, of: value) else { continue }
      found[Int(step), default: [:]][try tag(value)] = Double(number)
    }
  }
  return found
}

private func events(_ file: String) throws -> [[UInt8]] {
  try RecordReader.messages([UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
}

private func values(_ message: [UInt8]) throws -> [[UInt8]] {
  guard try RecordReader.field(5, of: message) != nil else { return [] }
  return try RecordReader.fields(RecordReader.message(5, of: message)).compactMap {
    if case .bytes(let value) = $0.value { value } else { nil }
  }
}

private func tag(_ value: [UInt8]) throws -> String {
  String(decoding: try RecordReader.message(1, of: value), as: UTF8.self)
}

/// The rows of `metrics.csv` of an arm and split by step.
private func metrics(_ folder: String, _ arm: String, _ split: String) throws -> [Int: [String: Double]] {
  let lines = try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8).split(separator: "\n")
    .map { $0.split(separator: ",").map(String.init) }
  var found: [Int: [String: Double]] = [:]
  for line in lines.dropFirst() where line[0] == arm && line[2] == split {
    let row = Dictionary(uniqueKeysWithValues: zip(lines[0].dropFirst(3), line.dropFirst(3)))
    found[try #require(Int(line[1]))] = row.mapValues { Double($0) ?? .nan }
  }
  return found
}

private func agree(_ folder: String, _ arm: String) throws {
  for split in ["train", "validation"] {
    let written = try scalars("\(folder)/tensorboard/\(arm)/\(split)/events.out.tfevents.fewshot")
    let wanted = try metrics(folder, arm, split)
    #expect(!wanted.isEmpty && Set(written.keys) == Set(wanted.keys), "\(arm) \(split)")
    for (step, row) in wanted {
      for (name, value) in row {
        let found = try #require(written[step]?[name], "\(name) at \(step)")
        // As 32 bits hold it.
        #expect(found == Double(Float(value)), "\(arm) \(split) \(name) at \(step)")
      }
    }
  }
}

@Suite("Event files of a run")
struct TensorBoardTests {
  @Test("they hold the rows of metrics.csv, the inner rates of every role, and the pictures of the report")
  func run() async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      plan.tensorboard = true
      let result = try await plan.run()
      for arm in result.arms {
        try agree(folder + "/run", arm.name)
        let file = "\(folder)/run/tensorboard/\(arm.name)/validation/events.out.tfevents.fewshot"
        let last = try #require(try events(file).last)
        let rates = try values(last).filter { try RecordReader.field(5, of: $0) != nil }
        let roles = Set(arm.parameters.audit.map { "inner_rates/\($0.role)" })
        #expect(try Set(rates.map(tag)) == roles)
        // One rate for each adapted tensor and step.
        let count = try rates.map { rate in
          guard case .double(let count)? = try RecordReader.field(3, of: RecordReader.message(5, of: rate))
          else { throw RecordReader.Malformed(reason: "no count") }
          return Int(count)
        }.reduce(0, +)
        #expect(count == arm.parameters.audit.map(\.tensors).reduce(0, +) * plan.steps)
      }
      let report = try Report(folder: folder + "/run")
      try report.write()
      let file = folder + "/run/tensorboard/report/figures/events.out.tfevents.fewshot"
      let pictures = try events(file).flatMap(values)
      #expect(try pictures.map(tag).contains("curves"))
      for picture in pictures {
        let png = try Data(
          contentsOf: URL(fileURLWithPath: "\(folder)/run/figures/\(tag(picture)).png"))
        #expect(try RecordReader.message(4, of: RecordReader.message(4, of: picture)) == [UInt8](png))
        // Width and height as the file says them, big-endian.
        let size = [UInt8](png)[16..<24].map(UInt64.init)
        let image = try RecordReader.message(4, of: picture)
        #expect(try RecordReader.field(2, of: image) == .integer(size[2] << 8 | size[3]))
        #expect(try RecordReader.field(1, of: image) == .integer(size[6] << 8 | size[7]))
      }
    }
  }

  @Test("after a stop a run goes on in the same files, and they hold what metrics.csv holds")
  func resumed() async throws {
    try await withTinyData { data, folder in
      var plan = tinyRun(data, folder + "/run")
      plan.tensorboard = true
      let task = Task { [plan] in
        try await plan.run(
          StepWatcher { stage, done in
            if stage.hasPrefix("train"), done == 13 { withUnsafeCurrentTask { $0?.cancel() } }
          })
      }
      await #expect(throws: RunInterruption.self) { try await task.value }
      let result = try await plan.resume()
      try agree(folder + "/run", result.arms[0].name)
      let file = "\(folder)/run/tensorboard/\(result.arms[0].name)/train/events.out.tfevents.fewshot"
      #expect(try events(file).count { try RecordReader.field(7, of: $0) != nil } <= 1)
    }
  }

  @Test("without the setting there are none")
  func none() async throws {
    try await withTinyData { data, folder in
      _ = try await tinyRun(data, folder + "/run").run()
      #expect(!FileManager.default.fileExists(atPath: folder + "/run/tensorboard"))
    }
  }
}
