internal import Synchronization

/// Counts finished tasks from any thread and reports the count.
package final class ProgressCounter: Sendable {
  private let done: Mutex<Int>
  private let total: Int
  private let report: @Sendable (_ done: Int, _ total: Int) -> Void

  /// A counter.
  ///
  /// - Parameters:
  ///   - known: How many tasks an earlier process finished. They are reported once, before the work, so that rate and time left
  ///     are those of this process.
  ///   - total: How many tasks there are.
  ///   - report: Called after each task, from any thread.
  package init(known: Int, total: Int, _ report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    done = Mutex(known)
    self.total = total
    self.report = report
    if known > 0 { report(known, total) }
  }

  /// Counts one more finished task.
  package func advance() {
    let count = done.withLock { done in
      done += 1
      return done
    }
    report(count, total)
  }
}
