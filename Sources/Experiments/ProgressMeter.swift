import Synchronization

/// Counts finished tasks from any worker and tells a reporter.
final class ProgressMeter: Sendable {
  private let done = Mutex(0)
  private let reporter: any ProgressReporter
  private let stage: String
  private let total: Int

  init(_ reporter: any ProgressReporter, stage: String, total: Int) {
    self.reporter = reporter
    self.stage = stage
    self.total = total
  }

  func advance() {
    let now = done.withLock { count -> Int in
      count += 1
      return count
    }
    reporter.update(stage: stage, done: now, total: total, detail: "")
  }
}
