import Foundation
import Testing

/// The built program while it runs.
final class RunningProgram {
  private let process = Process()
  private let error: URL

  /// Starts a command line, split at spaces, with both outputs in files.
  init(_ line: String, in folder: URL, name: String = "program") throws {
    error = folder.appendingPathComponent(name + ".err")
    process.executableURL = URL(
      fileURLWithPath: try #require(Program.path, "build the product fewshot first"))
    process.arguments = line.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    try Data().write(to: error)
    process.standardError = try FileHandle(forWritingTo: error)
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

  /// Sends it a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end; gives the status, or the negative number of the signal that ended it.
  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
