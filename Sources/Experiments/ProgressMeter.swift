import Synchronization

/// Counts finished tasks from any worker and tells a reporter.
final class ProgressMeter: Sendable {
  private let done: Mutex<Int>
  private let reporter: any ProgressReporter
  private let stage: String
  private let total: Int

  /// A meter of one stage.
  ///
  /// - Parameters:
  ///   - reporter: Is told.
  ///   - stage: What is under way.
  ///   - total: How many tasks there are.
  ///   - known: How many of them an earlier process did. They are told once, before the work, so that rate and time
  ///     left are those of this process.
  init(_ reporter: any ProgressReporter, stage: String, total: Int, known: Int) {
    self.reporter = reporter
    self.stage = stage
    self.total = total
    done = Mutex(known)
    if known > 0 { reporter.update(stage: stage, done: known, total: total, detail: "") }
  }

  func advance() {
    let now = done.withLock { count -> Int in
      count += 1
      return count
    }
    reporter.update(stage: stage, done: now, total: total, detail: "")
  }
}
