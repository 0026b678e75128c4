import Dispatch
import Foundation
import Synchronization
import Testing

/// The built program and what it does with a command line.
struct Program {
  /// What a run of the program left.
  struct Outcome {
    let status: Int32
    let output: String
    let error: String

    /// Standard output as one JSON document.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
  }

  /// The program stands beside the test bundle, wherever the build put both.
  static let path: String? = {
    let bundles =
      CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [Bundle.main.executablePath ?? ""]
    let folders = bundles.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    let candidates = folders.flatMap { [$0, $0.deletingLastPathComponent()] }
    return candidates.map { $0.appendingPathComponent("fewshot").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Runs a command line as a shell would split it, without quotes.
  static func run(_ line: String, in folder: URL? = nil, environment: [String: String] = [:]) throws
    -> Outcome
  {
    try run(arguments: line.split(separator: " ").map(String.init), in: folder, environment: environment)
  }

  /// Runs the program with these arguments.
  static func run(
    arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path, "build the product fewshot first"))
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    // One pipe is drained on another thread, so that neither can fill and block the program.
    let drained = Drained()
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      drained.set(error.fileHandleForReading.readDataToEndOfFile())
      done.signal()
    }
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    done.wait()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      error: String(decoding: drained.data, as: UTF8.self))
  }

  /// Runs a line of the shell in which `$fewshot` is the program; gives its status, as the shell has it.
  static func shell(_ line: String, in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging([
      "fewshot": try #require(path), "SWIFT_BACKTRACE": "enable=no",
    ]) { $1 }
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Lends a new folder.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fewshot-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

/// Bytes handed from one thread to another.
private final class Drained: Sendable {
  private let bytes = Mutex(Data())

  func set(_ data: Data) { bytes.withLock { $0 = data } }
  var data: Data { bytes.withLock { $0 } }
}
