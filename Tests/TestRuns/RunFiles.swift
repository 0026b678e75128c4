import ConvFamilies
package import Files
import Foundation
import Jobs
package import Results
package import Settings
import Synchronization

/// A run of seconds on tiny images.
package func tinyRun(_ data: String, _ output: String) -> Plan {
  var plan = tinyPlan(data, output)
  plan.queries = 2
  plan.trainQueries = 2
  plan.metaBatch = 2
  plan.iterations = 20
  plan.episodes = 3
  plan.validationEpisodes = 2
  plan.evaluationSteps = 2
  plan.baseline = .none
  plan.robustnessEpisodes = 0
  // Any step is a moment to save.
  plan.checkpointMinutes = 1e-9
  return plan
}

/// Everything a run leaves that must not depend on when it was interrupted: times, memory and paths are left out.
package struct RunFiles: Equatable {
  private var contents: [String: String] = [:]

  /// Reads a run's files, those of its baseline too where it has one.
  ///
  /// - Throws: If one that every finished run has is missing.
  package init(_ folder: String) throws {
    let hasBaseline = FileManager.default.fileExists(atPath: folder + "/checkpoints/baseline")
    try self.init(
      folder,
      whole: ["checkpoints/best.safetensors", "checkpoints/last.safetensors", "episodes/validation.jsonl"]
        + (hasBaseline
          ? ["checkpoints/baseline/best.safetensors", "checkpoints/baseline/last.safetensors"] : []),
      tables: ["metrics.csv"])
    contents["ranks.csv"] = FileManager.default.contents(atPath: folder + "/ranks.csv")?.base64EncodedString()
  }

  /// Reads the files of an evaluation.
  package init(evaluation folder: String) throws { try self.init(folder, whole: [], tables: []) }

  private init(_ folder: String, whole: [String], tables: [String]) throws {
    let answers = ["eval/episodes.csv", "eval/predictions.csv", "eval/confusion.csv"]
    for name in whole + answers + ["episodes/test.jsonl"] {
      contents[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")).base64EncodedString()
    }
    let volatile: Set = [
      "seconds", "ms_per_task", "resident_bytes", "cumulative_ms", "exchanged_bytes", "exchange_seconds",
      "waiting_seconds",
    ]
    for name in tables + ["eval/curves.csv"] {
      let rows = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(
        whereSeparator: \.isNewline
      ).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let columns = rows[0].indices.filter { !volatile.contains(String(rows[0][$0])) }
      contents[name] = rows.map { row in columns.map { row[$0] }.joined(separator: ",") }.joined(
        separator: "\n")
    }
    let result = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder + "/results.json")))
    contents["results.json"] = String(
      decoding: try JSONSerialization.data(withJSONObject: Self.timeless(result), options: .sortedKeys),
      as: UTF8.self)
  }

  /// Keys of a result that depend on time, folder and machine load.
  private static let volatile: Set = [
    "seconds", "train_seconds", "ms_per_task", "milliseconds", "milliseconds_to_95_percent", "peak_bytes",
    "self_check_seconds",
    "folder", "machine",
  ]

  /// The value without them.
  package static func timeless(_ value: Any) -> Any {
    if let object = value as? [String: Any] {
      return object.filter { !volatile.contains($0.key) }.mapValues(timeless)
    }
    return (value as? [Any])?.map(timeless) ?? value
  }

  /// The names of the files in which two runs differ.
  package func differences(from other: RunFiles) -> [String] {
    Set(contents.keys).union(other.contents.keys).filter { contents[$0] != other.contents[$0] }.sorted()
  }
}

/// Tells a test of every step of a run, and keeps what the run says.
package final class StepWatcher: ProgressReporter {
  private let kept = Mutex<[String]>([])
  private let body: @Sendable (_ stage: String, _ done: Int) -> Void

  private let noting: @Sendable (_ line: String) -> Void

  package init(
    _ body: @escaping @Sendable (_ stage: String, _ done: Int) -> Void = { _, _ in },
    noting: @escaping @Sendable (_ line: String) -> Void = { _ in }
  ) {
    self.body = body
    self.noting = noting
  }

  package func update(stage: String, done: Int, total: Int, detail: String) { body(stage, done) }

  package func note(_ line: String) {
    kept.withLock { $0.append(line) }
    noting(line)
  }

  package var notes: [String] { kept.withLock { $0 } }
}

extension Plan {
  /// The same run in another folder.
  package func moved(to folder: String) -> Plan {
    var plan = self
    plan.output = folder
    return plan
  }

  /// Runs from the start.
  package func run(_ progress: any ProgressReporter = SilentProgress()) async throws -> RunResult {
    try await Runner(plan: self, families: FamilyRegistry.families).run(progress: progress)
  }

  /// Goes on in the plan's folder.
  package func resume(anyway: Bool = false, _ progress: any ProgressReporter = SilentProgress()) async throws
    -> RunResult
  {
    try await Runner(plan: self, families: FamilyRegistry.families).resume(anyway: anyway, progress: progress)
  }
}
