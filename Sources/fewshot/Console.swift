import Experiments
import Foundation
import Reports

/// Where words go: with `--json`, standard output carries one document and people read standard error.
struct Console {
  let json: Bool

  /// Words for people.
  func say(_ text: String) {
    let data = Data((text + "\n").utf8)
    (json ? FileHandle.standardError : FileHandle.standardOutput).write(data)
  }

  /// The result: a document with `--json`, words without.
  func finish(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) {
    FileHandle.standardOutput.write(Data(((json ? document().text : text()) + "\n").utf8))
  }

  /// The same for programs that print one result a line.
  func finishOnOneLine(_ document: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) {
    FileHandle.standardOutput.write(Data(((json ? document().line : text()) + "\n").utf8))
  }

  /// A word on the way, always on standard error.
  func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// Progress, always on standard error.
  var progress: any ProgressReporter { StandardErrorProgress() }

  /// The result of a folder: its document with `--json`, its verdict without, the report written either way.
  func finish(writing report: Report) throws {
    _ = try report.write()
    if json {
      FileHandle.standardOutput.write(try report.result.json() + Data("\n".utf8))
    } else {
      FileHandle.standardOutput.write(Data((report.result.summaryText + "\n").utf8))
    }
  }
}
