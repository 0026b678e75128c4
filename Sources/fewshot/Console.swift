import Files
import Formats
import Foundation
import Reports
import Results

/// Where words go: with `--json`, standard output carries one document and people read standard error.
struct Console {
  let json: Bool

  /// The result: a document with its schema with `--json`, words without.
  func finish(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) throws {
    try finish(json ? document().withSchema.text : text())
  }

  /// The same for programs that print one result a line.
  func finishOnOneLine(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) throws {
    try finish(json ? document().withSchema.line : text())
  }

  /// The result of a folder: its document with `--json`, its verdict without, the report written either way.
  func finish(writing report: Report) throws {
    try report.write()
    try finish(json ? report.result.json() + Data("\n".utf8) : Data((report.result.summaryText + "\n").utf8))
  }

  /// A result in words.
  func finish(_ text: String) throws { try finish(Data((text + "\n").utf8)) }

  /// A result as it is.
  ///
  /// - Throws: ``Failure`` if standard output does not take it.
  func finish(_ data: Data) throws {
    do {
      try StandardStream.output.write(data)
    } catch {
      // Who reads it has heard enough, as after `| head`: the end that Unix knows for that.
      if error.code == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      throw Failure(
        .readOrWrite,
        "standard output does not take the result: \(error.reason). Files that were written are complete.")
    }
  }

  /// A word on the way, always on standard error.
  func note(_ text: String) { try? StandardStream.error.write(Data((text + "\n").utf8)) }

  /// Progress, always on standard error.
  var progress: any ProgressReporter { StandardErrorProgress() }
}
