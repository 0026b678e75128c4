import Files
import Formats
import Foundation
import ProcessGroups
import Reports
import Results

/// Where output goes: with `--json`, standard output carries one document, and messages go to standard error.
///
/// Of several processes that work together only the first speaks.
struct Console {
  let json: Bool
  /// How much is told beside the result.
  var level = Level.usual

  /// How much a command tells beside its result and its errors.
  enum Level {
    /// Nothing.
    case quiet
    /// Progress and notes.
    case usual
    /// Details too, and the findings in full.
    case verbose
  }

  /// Prints the result: with `--json` a document with its schema, otherwise text.
  func finish(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) throws {
    try finish(json ? document().withSchema.text : text())
  }

  /// Prints the same as one line.
  func finishOnOneLine(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) throws {
    try finish(json ? document().withSchema.line : text())
  }

  /// Writes a report and prints its result: with `--json` the document, otherwise the verdict.
  func finish(writing report: @autoclosure () throws -> Report) throws {
    guard isSpeaking else { return }
    let report = try report()
    try report.write()
    try finish(report)
  }

  /// Prints the result of a report: with `--json` the document, otherwise the verdict.
  func finish(_ report: Report) throws {
    var result = report.result
    // Where it is now, and not where it was made.
    result.folder = report.folder
    let text = result.summaryText(isFull: level == .verbose)
    try finish(json ? report.result.json() + Data("\n".utf8) : Data((text + "\n").utf8))
  }

  /// Prints a result as text.
  func finish(_ text: String) throws { try finish(Data((text + "\n").utf8)) }

  /// Prints a result as it is.
  ///
  /// - Throws: ``Failure`` if standard output does not take it.
  func finish(_ data: Data) throws {
    guard isSpeaking else { return }
    do {
      try StandardStream.output.write(data)
    } catch {
      // The reader has read enough, as after `| head`: end as Unix programs do then.
      if error.code == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      throw Failure(
        .readOrWrite,
        "the result cannot be written to standard output: \(error.reason). Files that were written are complete."
      )
    }
  }

  /// Prints a message, always on standard error.
  func note(_ text: String) {
    guard isSpeaking, level != .quiet else { return }
    try? StandardStream.error.write(Data((text + "\n").utf8))
  }

  /// Progress, always on standard error.
  var progress: any ProgressReporter {
    isSpeaking && level != .quiet ? StandardErrorProgress(isVerbose: level == .verbose) : SilentProgress()
  }

  private var isSpeaking: Bool { CurrentGroup.value.isFirst }
}
