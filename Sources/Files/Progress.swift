internal import Foundation
internal import Synchronization

/// Receives reports on how far a long piece of work is.
package protocol ProgressReporter: Sendable {
  /// Some of a stage is done.
  ///
  /// - Parameters:
  ///   - stage: What is under way; a new name begins a new count.
  ///   - done: How much of it is done.
  ///   - total: How much there is.
  ///   - detail: A few words on how it goes, such as a loss.
  func update(stage: String, done: Int, total: Int, detail: String)

  /// A message that stays on the screen, above the progress.
  func note(_ line: String)

  /// A message for those who want to know more, as a note.
  func detail(_ line: String)

  /// Ends the line of the progress, so that what others write begins on one of its own.
  func close()
}

extension ProgressReporter {
  /// Says nothing: few want to know more.
  package func detail(_ line: String) {}

  /// Does nothing: most reporters leave no line open.
  package func close() {}

  /// A counter of the finished tasks of a stage, which reports to this.
  ///
  /// - Parameters:
  ///   - stage: What is under way.
  ///   - total: How many tasks there are.
  ///   - known: How many of them an earlier process finished.
  /// - Returns: A counter.
  package func counter(stage: String, total: Int, known: Int) -> ProgressCounter {
    ProgressCounter(known: known, total: total) { done, total in
      update(stage: stage, done: done, total: total, detail: "")
    }
  }
}

/// Ignores every report.
package struct SilentProgress: ProgressReporter {
  /// A reporter that prints nothing.
  package init() {}

  /// Ignores the report.
  package func update(stage: String, done: Int, total: Int, detail: String) {}

  /// Ignores the report.
  package func note(_ line: String) {}
}

/// Writes progress to standard error: one line rewritten on a terminal, a line now and then elsewhere.
package final class StandardErrorProgress: ProgressReporter {
  private struct State {
    var clock: ProgressClock?
    var lastWritten = -Double.infinity
    var lastShare = 0.0
    var isLineOpen = false
  }

  private let state = Mutex(State())
  private let isTerminal: Bool
  private let isVerbose: Bool
  private let width: @Sendable () -> Int
  private let write: @Sendable (String) -> Void
  private let now: @Sendable () -> Double

  /// A reporter for this process.
  ///
  /// - Parameter isVerbose: Whether it also tells what only some want to know.
  package convenience init(isVerbose: Bool = false) {
    self.init(
      isTerminal: isatty(STDERR_FILENO) == 1, isVerbose: isVerbose,
      width: { Terminal.width(of: STDERR_FILENO) ?? Terminal.usualWidth },
      now: { ProcessInfo.processInfo.systemUptime },
      write: { try? StandardStream.error.write(Data($0.utf8)) })
  }

  package init(
    isTerminal: Bool, isVerbose: Bool = false,
    width: @escaping @Sendable () -> Int = { Terminal.usualWidth },
    now: @escaping @Sendable () -> Double, write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.isVerbose = isVerbose
    self.width = width
    self.now = now
    self.write = write
  }

  /// Rewrites the bar at most ten times a second, or writes a line every five seconds or tenth of the work.
  package func update(stage: String, done: Int, total: Int, detail: String) {
    state.withLock { state in
      let time = now()
      var clock = state.clock.flatMap { $0.stage == stage ? $0 : nil } ?? begin(stage, time, done, &state)
      clock.done = done
      state.clock = clock
      let share = total > 0 ? Double(done) / Double(total) : 0
      let waited = time - state.lastWritten
      let isDue = isTerminal ? waited >= 0.1 : waited >= 5 || share >= state.lastShare + 0.1
      guard isDue || done >= total else { return }
      state.lastWritten = time
      state.lastShare = share
      // A line that a narrow terminal breaks in two cannot be rewritten; its window may have changed meanwhile.
      let room = isTerminal ? width() - 1 : .max
      let line = clock.line(total: total, at: time, detail: detail, bar: isTerminal, room: room)
      let isOver = done >= total
      write(isTerminal ? "\r\u{1b}[K" + line + (isOver ? "\n" : "") : line + "\n")
      state.isLineOpen = isTerminal && !isOver
      if isOver { state.clock = nil }
    }
  }

  /// Writes the line above the bar.
  package func note(_ line: String) {
    state.withLock { state in
      write((state.isLineOpen ? "\r\u{1b}[K" : "") + line + "\n")
      state.isLineOpen = false
      state.lastWritten = -.infinity
    }
  }

  /// Writes the line above the bar, if those who started the program want to know more.
  package func detail(_ line: String) {
    if isVerbose { note(line) }
  }

  /// Ends the line of the bar.
  package func close() {
    state.withLock { state in
      if state.isLineOpen { write("\n") }
      state.isLineOpen = false
    }
  }

  private func begin(_ stage: String, _ time: Double, _ done: Int, _ state: inout State) -> ProgressClock {
    if state.isLineOpen { write("\n") }
    state.lastWritten = isTerminal ? -.infinity : time
    state.lastShare = 0
    return ProgressClock(stage: stage, start: time, first: done, done: done)
  }
}

/// Rate and time left of one stage.
struct ProgressClock {
  let stage: String
  let start: Double
  /// What was done before the first report does not count for the rate.
  let first: Int
  var done: Int

  /// The line, in so many columns: where there is little room, first the bar is shorter, then it goes, then the rate, then
  /// the first word of the stage and the unit of the time left, then the time left; where that is not enough, the detail
  /// goes instead, and then they by turns.
  func line(total: Int, at time: Double, detail: String, bar: Bool, room: Int = .max) -> String {
    let elapsed = time - start
    let rate = elapsed > 0 ? Double(done - first) / elapsed : 0
    let isOver = done >= total
    let span = Self.duration(isOver ? elapsed : Double(total - done) / max(rate, .leastNormalMagnitude))
    func line(_ beginning: String, _ parts: String...) -> String {
      ([beginning] + (rate > 0 ? parts : [])).joined(separator: "  ")
    }
    func counted(bar width: Int) -> String {
      "\(stage) \(width > 0 ? Self.bar(done, total, width) + " " : "")\(done)/\(total)"
    }
    let (speed, left) = ("\(Self.short(rate))/s", isOver ? "took \(span)" : "\(span) left")
    let lines = [16, 8, 0].map { line(counted(bar: $0), speed, left) } + [line(counted(bar: 0), left)]
    let ending = detail.isEmpty ? "" : "  \(detail)"
    guard bar else { return lines[2] + ending }
    // "train acdc-atoms" is still known by its arm where the detail says that it trains.
    let name = "\(stage.split(separator: " ").last ?? "") \(done)/\(total)"
    let shortLeft = left.replacing(" min", with: "").replacing(" h", with: "")
    let few = detail.isEmpty ? [] : [line(name, shortLeft), name]
    let all = (lines + few).map { $0 + ending } + lines
    return String((all.first { $0.count <= room } ?? all[all.count - 1]).prefix(max(0, room)))
  }

  private static func bar(_ done: Int, _ total: Int, _ width: Int) -> String {
    let full = total > 0 ? min(width, max(0, done * width / total)) : 0
    return "[" + String(repeating: "=", count: full) + String(repeating: " ", count: width - full) + "]"
  }

  /// A rate with about three significant digits.
  static func short(_ rate: Double) -> String {
    String(format: rate >= 100 ? "%.0f" : rate >= 10 ? "%.1f" : "%.2f", rate)
  }

  /// `45 s`, `3:20 min` or `2:05 h`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(), 1e9))
    if whole < 60 { return "\(whole) s" }
    let (large, small, unit) =
      whole < 3600 ? (whole / 60, whole % 60, "min") : (whole / 3600, whole / 60 % 60, "h")
    return "\(large):\(small < 10 ? "0" : "")\(small) \(unit)"
  }
}
