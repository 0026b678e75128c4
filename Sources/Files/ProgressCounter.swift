internal import Synchronization

/// Counts finished tasks from any thread and tells how many there are.
package final class ProgressCounter: Sendable {
  private let done: Mutex<Int>
  private let total: Int
  private let report: @Sendable (_ done: Int, _ total: Int) -> Void

  /// A counter.
  ///
  /// - Parameters:
  ///   - known: How many tasks an earlier process did. They are told once, before the work, so that rate and time left
  ///     are those of this process.
  ///   - total: How many tasks there are.
  ///   - report: Is told, from any thread.
  package init(known: Int, total: Int, _ report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    done = Mutex(known)
    self.total = total
    self.report = report
    if known > 0 { report(known, total) }
  }

  /// One more is done.
  package func advance() {
    let count = done.withLock { done in
      done += 1
      return done
    }
    report(count, total)
  }
}
