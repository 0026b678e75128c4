import CStopSignals
import Files
import Foundation

/// Runs work that a signal cancels: the first one lets it save and end, the second ends it at once.
///
/// The signals are those of Ctrl-C (SIGINT), SIGTERM, a closed terminal (SIGHUP), what batch systems send before a
/// job's time is over (SIGUSR1, SIGUSR2), and a used-up limit on processor time (SIGXCPU). Leaving at once is safe: files are replaced whole or not at all. After `nohup` a closed terminal has no effect.
func interruptible<Result: Sendable>(
  _ progress: any ProgressReporter, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  fs_stop_before_cpu_limit()
  fs_stop_begin(Failure.Status.interrupted.rawValue)
  // What comes after this work can be stopped like any other program.
  defer { fs_stop_end() }
  let task = Task { try await work() }
  // A thread of its own: the shared ones are as many as cores, and all of them may be computing.
  Thread.detachNewThread {
    guard fs_stop_wait() else { return }
    // First of all: writing the message may take time, on a terminal that is stopped.
    task.cancel()
    progress.note("Stopping after the tasks under way; press Ctrl-C again to leave at once.")
  }
  return try await task.value
}
