internal import Foundation

/// Trains one cell in a process of its own, so that a crash there is one failed cell and nothing more.
struct CellProcess: Sendable {
  /// The program.
  let executable: String
  /// Its arguments.
  let arguments: [String]
  /// Where both its outputs go.
  let log: String

  /// How a process ended.
  enum Ending: Equatable, Sendable {
    /// With an exit status.
    case exited(Int32)
    /// By a signal.
    case killed(Int32)
  }

  /// Runs it to its end; cancelling the surrounding work asks it to stop and waits for it.
  ///
  /// - Throws: ``RunFolderError`` if the log cannot be written, Foundation's error if the program cannot start.
  func run() async throws -> Ending {
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw RunFolderError.notWritable(path: log, reason: "it cannot be created") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    let box = ProcessBox(process)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { ended in
          let status = ended.terminationStatus
          continuation.resume(
            returning: ended.terminationReason == .exit ? .exited(status) : .killed(status))
        }
        do {
          try process.run()
        } catch {
          process.terminationHandler = nil
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      box.stop()
    }
  }

  /// The last lines of the log, for a message.
  func lastWords(_ count: Int = 3) -> String {
    let data = FileManager.default.contents(atPath: log) ?? Data()
    let lines = String(decoding: data.suffix(4000), as: UTF8.self).split(separator: "\n")
    return lines.suffix(count).joined(separator: " / ")
  }
}

/// `Process` may be asked to end from any thread.
private final class ProcessBox: @unchecked Sendable {
  private let process: Process

  init(_ process: Process) { self.process = process }

  func stop() { if process.isRunning { process.terminate() } }
}
