import Files
import Synchronization
import Testing

@Suite struct ProgressTests {
  /// What a reporter writes while a clock is moved by hand.
  private final class Tape: Sendable {
    let time = Mutex(0.0)
    let written = Mutex("")

    func reporter(isTerminal: Bool, isVerbose: Bool = false, width: Int = 80) -> StandardErrorProgress {
      StandardErrorProgress(
        isTerminal: isTerminal, isVerbose: isVerbose, width: { width }, now: { self.time.withLock { $0 } },
        write: { text in self.written.withLock { $0 += text } })
    }

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
    var text: String { written.withLock { $0 } }
  }

  @Test("without a terminal there is a line for each tenth, with rate and time left")
  func lines() {
    let tape = Tape()
    let progress = tape.reporter(isTerminal: false)
    for i in 0...100 {
      progress.update(stage: "train", done: i, total: 100, detail: "loss 1")
      tape.advance(0.25)
    }
    let lines = tape.text.split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines.first == "train 10/100  4.00/s  23 s left  loss 1")
    #expect(lines.last == "train 100/100  4.00/s  took 25 s  loss 1")
  }

  @Test("slow work without a terminal is heard of every five seconds")
  func slow() {
    let tape = Tape()
    let progress = tape.reporter(isTerminal: false)
    for i in 0..<20 {
      progress.update(stage: "train", done: i, total: 1000, detail: "")
      tape.advance(1)
    }
    #expect(tape.text.split(separator: "\n").count == 3)
  }

  @Test("on a terminal one line is rewritten at most ten times a second, and a note stands above it")
  func terminal() {
    let tape = Tape()
    let progress = tape.reporter(isTerminal: true)
    for i in 0..<100 {
      progress.update(stage: "train", done: i, total: 1000, detail: "")
      tape.advance(0.01)
    }
    #expect((9...11).contains(tape.text.count { $0 == "\r" }))
    #expect(!tape.text.contains("\n"))
    progress.note("hello")
    #expect(tape.text.hasSuffix("\r\u{1b}[Khello\n"))
  }

  @Test(
    "a line of progress never reaches the edge of the terminal, where it would scroll",
    arguments: [10, 40, 60, 80, 200])
  func width(_ width: Int) {
    let tape = Tape()
    let progress = tape.reporter(isTerminal: true, width: width)
    for i in 1...20 {
      progress.update(
        stage: "train acdc-atoms", done: 10 * i, total: 1000, detail: "training accuracy 93.5 %")
      tape.advance(1)
    }
    let lines = tape.text.split(separator: "\r").map { $0.replacing("\u{1b}[K", with: "") }
    #expect(lines.count == 20 && lines.allSatisfy { $0.count < width })
    // What matters most is there as long as there is room for it.
    if width >= 40 { #expect(lines[19].contains("200/1000")) }
    if width >= 60 { #expect(lines[19].contains("left")) }
    if width >= 60 { #expect(lines[19].hasSuffix("training accuracy 93.5 %")) }
    if width >= 200 { #expect(lines[19].contains("[===             ]")) }
  }

  @Test("what comes after an open line of progress begins on a line of its own")
  func close() {
    let tape = Tape()
    let progress = tape.reporter(isTerminal: true)
    progress.close()
    #expect(tape.text.isEmpty)
    progress.update(stage: "train", done: 1, total: 10, detail: "")
    progress.close()
    #expect(tape.text.hasSuffix("1/10\n"))
    progress.close()
    #expect(tape.text.count { $0 == "\n" } == 1)
  }

  @Test("details are for those who want them", arguments: [true, false])
  func details(isVerbose: Bool) {
    let tape = Tape()
    tape.reporter(isTerminal: false, isVerbose: isVerbose).detail("more")
    #expect(tape.text == (isVerbose ? "more\n" : ""))
  }
}
