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
}
