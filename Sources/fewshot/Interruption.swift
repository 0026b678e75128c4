import CStopSignals
import Files
import Foundation
import ProcessGroups

/// Runs work that a signal cancels: it lets it save and end.
///
/// The signals are those of Ctrl-C (SIGINT), SIGTERM, a closed terminal (SIGHUP), what batch systems send before a
/// job's time is over (SIGUSR1, SIGUSR2), and a used-up limit on processor time (SIGXCPU). Further ones change nothing, but
/// for Ctrl-C, which ends the program at once. That is safe: files are replaced whole or not at all. After `nohup` a
/// closed terminal has no effect.
///
/// - Parameters:
///   - progress: Told that it stops.
///   - status: The exit status of a program that is ended at once.
///   - work: The work.
/// - Returns: What it returns.
/// - Throws: What it throws, such as that it was stopped.
func interruptible<Result: Sendable>(
  _ progress: any ProgressReporter, status: Int32 = Failure.Status.interrupted.rawValue,
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  fs_stop_before_cpu_limit()
  fs_stop_begin(status)
  let group = CurrentGroup.value
  // What comes after this work can be stopped like any other program. One of several processes has only to wait for the
  // others then: its work is done or has failed, and a late signal, which does nothing, must not change its status.
  let keepsHandlers = group.size > 1
  defer { fs_stop_end(keepsHandlers) }
  let task = Task { try await work() }
  // A thread of its own: the shared ones are as many as cores, and all of them may be computing.
  Thread.detachNewThread {
    guard fs_stop_wait() else { return }
    // First of all: writing the message may take time, on a terminal that is stopped.
    // Several processes stop at the same step.
    if group.size > 1 { group.stop() } else { task.cancel() }
    // The terminal has shown ^C behind the bar.
    progress.close()
    progress.note("Stopping after the tasks under way; press Ctrl-C again to leave at once.")
  }
  do {
    return try await task.value
  } catch {
    // What is said of it begins on a line of its own.
    progress.close()
    throw error
  }
}
