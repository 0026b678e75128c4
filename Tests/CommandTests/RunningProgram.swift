import Foundation
import Testing

/// The built program while it runs.
final class RunningProgram {
  private let process = Process()
  private let error: URL

  /// Starts a command line, split at spaces, with both outputs in files.
  ///
  /// - Parameters:
  ///   - line: The command line.
  ///   - folder: Where it runs.
  ///   - name: The name of the file with what it says.
  ///   - full: A pipe for it instead, which is filled first, so that whoever writes there waits.
  /// - Throws: If the program is not built or does not start.
  init(_ line: String, in folder: URL, name: String = "program", saying full: Pipe? = nil) throws {
    error = folder.appendingPathComponent(name + ".err")
    process.executableURL = URL(
      fileURLWithPath: try #require(Program.path, "build the product fewshot first"))
    process.arguments = line.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    try Data().write(to: error)
    if let full {
      let end = full.fileHandleForWriting.fileDescriptor
      let flags = fcntl(end, F_GETFL)
      _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
      while write(end, [UInt8](repeating: 0, count: 4096), 4096) > 0 {}
      _ = fcntl(end, F_SETFL, flags)
      process.standardError = full
    } else {
      process.standardError = try FileHandle(forWritingTo: error)
    }
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  /// What it said so far.
  var said: String { (try? String(contentsOf: error, encoding: .utf8)) ?? "" }

  /// Waits until it has said something.
  func waits(for words: String, seconds: Double = 60) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while !said.contains(words) {
      try #require(process.isRunning && Date() < end, "the program did not say \"\(words)\": \(said)")
      usleep(2000)
    }
  }

  /// Whether it has not ended.
  var isRunning: Bool { process.isRunning }

  /// Waits until it handles a signal.
  func waitsForHandler(of signal: Int32, seconds: Double = 60) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    func isHandled() -> Bool {
      let path = "/proc/\(process.processIdentifier)/status"
      let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") } ?? ""
      let mask = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) ?? 0
      return mask & 1 << UInt64(signal - 1) != 0
    }
    while !isHandled() {
      try #require(process.isRunning && Date() < end, "signal \(signal) is not handled")
      usleep(2000)
    }
  }

  /// Sends it a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end; gives the status, or the negative number of the signal that ended it.
  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
