internal import Files
internal import Formats
internal import Foundation
internal import MetaLearning
package import Results
internal import Settings
internal import Synchronization
internal import Training

/// Finished tasks of an evaluation, kept below its folder, so that a kill costs no more work than it does in training.
///
/// Every file is named after the hash of all that its numbers depend on, is written whole or not at all, and carries a
/// checksum. Damaged files are measured again.
package final class EvaluationParts: Sendable {
  /// Changes when the meaning of a part does, so that no part of another meaning is used.
  static let format = "3"

  private let folder: RunFolder
  /// What all numbers depend on.
  private let facts: [String: String]
  private let pause: Duration
  private let progress: any ProgressReporter
  private let state = Mutex(State())

  private struct State {
    var caches: [String: PartCache] = [:]
    /// Tasks that earlier processes left and that have not been reported yet.
    var unreported = 0
  }

  /// The parts of an evaluation.
  ///
  /// - Parameters:
  ///   - folder: Its folder.
  ///   - facts: What all its numbers depend on, by name.
  ///   - minutes: The most minutes between two saves.
  ///   - progress: Receives a message about every file that cannot be used.
  init(_ folder: RunFolder, facts: [String: String], minutes: Double, progress: any ProgressReporter) {
    self.folder = folder
    self.facts = facts
    self.progress = progress
    pause = .seconds(60 * minutes)
  }

  /// The cache of one piece of work on some trainings.
  ///
  /// - Parameters:
  ///   - work: What is measured, with all settings that its numbers depend on.
  ///   - trainings: Of what, in order.
  /// - Returns: A cache with what an earlier process left; the same cache for the same work.
  func cache(_ work: String, of trainings: [TrainedRun]) -> any ResultCache {
    var key = facts
    key["work"] = work
    for (i, run) in trainings.enumerated() { key["training \(i)"] = run.fingerprint }
    let text = JSONValue.object(key.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) }).line
    let name = "\(RunFolder.parts)/\(ContentHash.sha256(Array(text.utf8)).prefix(32)).safetensors"
    return state.withLock { state in
      if let cache = state.caches[name] { return cache }
      let cache = PartCache(folder, name, key: text, pause: pause, progress)
      state.caches[name] = cache
      state.unreported += cache.count
      return cache
    }
  }

  /// Reports how many finished tasks earlier processes left in the caches requested since the last call, if any.
  ///
  /// - Parameter work: What those caches are for.
  func reportFound(_ work: String) {
    let count = state.withLock { state in
      defer { state.unreported = 0 }
      return state.unreported
    }
    if count > 0 { progress.note("\(count) tasks were already measured (\(work))") }
  }

  /// Removes all parts.
  package static func clear(_ folder: RunFolder) throws {
    // Of several processes only the first has the folder.
    guard !folder.isElsewhere else { return }
    for name in folder.names(in: RunFolder.parts) { try folder.remove("\(RunFolder.parts)/\(name)") }
    rmdir("\(folder.path)/\(RunFolder.parts)")
  }
}

/// One file of finished tasks.
private final class PartCache: ResultCache {
  private struct State {
    var results: [Int: Data] = [:]
    var isSaved = true
    var due: ContinuousClock.Instant
  }

  private let folder: RunFolder
  private let name: String
  private let key: String
  private let pause: Duration
  private let state: Mutex<State>

  init(
    _ folder: RunFolder, _ name: String, key: String, pause: Duration, _ progress: any ProgressReporter
  ) {
    (self.folder, self.name, self.key, self.pause) = (folder, name, key, pause)
    var results: [Int: Data] = [:]
    if let bytes = try? folder.read(name) {
      do throws(EvaluationPart.Broken) {
        let part = try EvaluationPart([UInt8](bytes))
        guard part.key == key else { throw .init(description: "it belongs to other work") }
        results = part.results
      } catch {
        progress.note("\(folder.path)/\(name) cannot be used: \(error); its tasks are measured again")
      }
    }
    state = Mutex(State(results: results, due: .now + pause))
  }

  /// How many tasks are there.
  var count: Int { state.withLock { $0.results.count } }

  func result(of task: Int) -> Data? { state.withLock { $0.results[task] } }

  func keep(_ result: Data, of task: Int) throws {
    try state.withLock { state in
      state.results[task] = result
      state.isSaved = false
      guard ContinuousClock.now >= state.due else { return }
      try save(&state)
    }
  }

  func save() throws { try state.withLock { try save(&$0) } }

  private func save(_ state: inout State) throws {
    guard !state.isSaved else { return }
    let start = ContinuousClock.now
    try folder.write(Data(EvaluationPart(key: key, results: state.results).encoded), to: name)
    state.isSaved = true
    // A file that takes long to write is written less often.
    let took = start.duration(to: .now)
    state.due = .now + max(pause, took * 20)
  }
}
