import Dispatch
import Experiments
import Foundation
import Synchronization

/// Runs work that Ctrl-C cancels: the first time between two tasks, the second time at once.
func interruptible<Result: Sendable>(
  _ progress: any ProgressReporter, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task { try await work() }
  let presses = PressCounter()
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      if presses.next() > 1 { exit(Failure.Status.interrupted.rawValue) }
      progress.note("Stopping; press Ctrl-C again to stop at once.")
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { sources.forEach { $0.cancel() } }
  return try await task.value
}

/// How often Ctrl-C was pressed.
private final class PressCounter: Sendable {
  private let count = Atomic(0)

  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
