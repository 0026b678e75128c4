import Formats
import Testing

@Suite("Wrapped text")
struct WordWrapTests {
  @Test("lines hold as many words as fit, and all words in their order", arguments: 1...40)
  func lines(width: Int) {
    let words = ["a", "few", "words", "of", "different", "lengths", "and", "incomprehensibilities"]
    let lines = WordWrap.lines(words.joined(separator: " "), width: width)
    #expect(lines.flatMap { $0.split(separator: " ").map(String.init) } == words)
    for (line, next) in zip(lines, lines.dropFirst()) {
      #expect(line.count <= width || !line.contains(" "), "\(line)")
      // The first word of the next line had no room.
      #expect(line.count + 1 + (next.split(separator: " ").first?.count ?? 0) > width)
    }
  }

  @Test("the last column of a table is broken, and the others stay where they are")
  func table() {
    let table = TextTable(
      ["name", "meaning"], [["atoms", "kernels of which all others are sums, in every layer of a network"]])
    let text = table.text(width: 40)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(text.hasPrefix("name   meaning\natoms  kernels of which all others"))
    #expect(text.contains("\n       sums, in every layer"))
    #expect(table.text(width: nil) == table.text && !table.text.contains("\n       "))
  }

  @Test("a last column that the others leave no room stands below them, whatever the width")
  func below() {
    let table = TextTable(
      ["backbone", "numbers", "what it is"],
      [["conv4-strided", "1,234,567", "four layers of stride 2"], ["conv4", "7", "four layers"]])
    #expect(
      table.text(width: 30) == """
        backbone         numbers
        conv4-strided  1,234,567
          four layers of stride 2
        conv4                  7
          four layers
        """)
    for width in 26...80 {
      let text = table.text(width: width)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
      for words in ["four layers of", "1,234,567", "conv4 "] { #expect(text.contains(words), "\(text)") }
    }
  }
}
