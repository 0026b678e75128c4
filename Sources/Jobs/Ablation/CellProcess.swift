internal import Files
internal import Foundation
internal import Results

/// Trains one cell in a process of its own, so that a crash there is one failed cell and nothing more.
struct CellProcess: Sendable {
  /// The program.
  let executable: String
  /// Its arguments.
  let arguments: [String]
  /// Where both its outputs go.
  let log: String
  /// A lock that it holds as long as it runs, even if this process ends.
  let lock: FolderLock

  /// How a process ended.
  enum Ending: Equatable, Sendable {
    /// With an exit status.
    case exited(Int32)
    /// By a signal.
    case killed(Int32)
  }

  /// Runs it to its end; when the surrounding task is cancelled, it is asked to stop and waited for.
  ///
  /// Foundation's `Process` notices an end through a socket that processes started meanwhile may inherit and hold open,
  /// so it would notice the end of one cell only when another ends.
  ///
  /// - Throws: ``RunFolderError`` if the log cannot be written or the program cannot be started.
  func run() async throws(RunFolderError) -> Ending {
    let child = try spawn()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // On a thread of its own: waiting must not block one of the pool that computes.
        Thread.detachNewThread {
          var status: Int32 = 0
          while waitpid(child, &status, 0) < 0, errno == EINTR {}
          let signal = status & 0x7f
          continuation.resume(returning: signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal))
        }
      }
    } onCancel: {
      kill(child, SIGTERM)
    }
  }

  /// Starts the program with both outputs in the log and an empty standard input.
  private func spawn() throws(RunFolderError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // All other files close by themselves; this number is free in the child.
    posix_spawn_file_actions_adddup2(&actions, lock.descriptor, 3)
    // The child would inherit what this thread ignores or blocks, and could not be stopped.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A group of its own: Ctrl-C would reach it from the terminal and once more from this process, which would pass
    // for a second press.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var words = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, executable, &actions, &attributes, &words, environ)
    guard code == 0 else {
      throw .notWritable(
        path: log, reason: "\(executable) does not start: \(systemReason(code: code))")
    }
    return child
  }

  /// The last lines of the log, for a message.
  func lastWords(_ count: Int = 3) -> String {
    let data = FileManager.default.contents(atPath: log) ?? Data()
    let lines = String(decoding: data.suffix(4000), as: UTF8.self).split(separator: "\n")
    return lines.suffix(count).joined(separator: " / ")
  }
}
