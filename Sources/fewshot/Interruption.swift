import Dispatch
import Files
import Foundation
import Synchronization

/// Runs work that SIGINT (Ctrl-C), SIGTERM or SIGHUP (a closed terminal) cancels: the first signal lets it save and
/// end, the second ends it at once.
///
/// Leaving at once is safe: files are replaced whole or not at all. After `nohup` a closed terminal has no effect.
func interruptible<Result: Sendable>(
  _ progress: any ProgressReporter, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task { try await work() }
  let presses = PressCounter()
  // On a queue of its own: the shared ones have as many threads as cores, and all of them may be computing.
  let queue = DispatchQueue(label: "fewshot.signals", qos: .userInteractive)
  let before = [SIGINT, SIGTERM, SIGHUP].map { number in (number, signal(number, SIG_IGN)) }
  let sources = before.filter { number, before in number != SIGHUP || !isIgnored(before) }.map { number, _ in
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      switch presses.next() {
      case .first: break
      case .echo: return
      // A closed terminal may send it more than once without meaning a second request.
      case .second where number == SIGHUP: return
      // Without the clean-up of `exit`, which could run while other threads still compute.
      case .second: _exit(Failure.Status.interrupted.rawValue)
      }
      progress.note("Stopping after the step under way; press Ctrl-C again to leave at once.")
      task.cancel()
    }
    source.resume()
    return source
  }
  defer {
    sources.forEach { $0.cancel() }
    // What comes after this work can be stopped like any other program.
    for (number, disposition) in before { _ = signal(number, disposition) }
  }
  return try await task.value
}

private func isIgnored(_ disposition: sighandler_t?) -> Bool {
  unsafeBitCast(disposition, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// Distinguishes a second signal from the echo of the first.
private final class PressCounter: Sendable {
  enum Press {
    case first, echo, second
  }

  /// `timeout` and schedulers signal a process and then its group, so one stop arrives twice at once.
  private static let echo = Duration.milliseconds(100)

  private let first = Mutex<ContinuousClock.Instant?>(nil)

  func next() -> Press {
    first.withLock { first in
      guard let start = first else {
        first = .now
        return .first
      }
      return start.duration(to: .now) < Self.echo ? .echo : .second
    }
  }
}
