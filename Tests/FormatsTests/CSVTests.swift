import Formats
import Testing

@Suite("CSV")
struct CSVTests {
  /// Texts that end a field or a row, alone and inside characters of several scalars.
  static let texts = [
    "", "plain", "a,b", "a\"b", "\"", "a\nb", "a\rb", "a\r\nb", ",\u{301}", "\"\u{301}", "\r\n", "é, ü",
    " x ",
  ]

  @Test("what is written reads back as the same fields")
  func roundTrip() throws {
    for first in Self.texts {
      for second in Self.texts {
        let table = try CSVTable(Array((CSV.line(["a", "b"]) + CSV.line([first, second])).utf8))
        #expect(table.header == ["a", "b"])
        #expect(table.rows.map(\.fields) == [[first, second]], "\([first, second])")
      }
    }
  }

  @Test(
    "tables of spreadsheets and other systems are read as they are meant",
    arguments: [
      "a,b\r1,2\r3,4\r", "a,b\r\n1,2\r\n3,4", "sep=;\na;b\n1;2\n3;4\n",
      "# words, and more words\r\n#\na,b\n1,2\n3,4\n",
      "a\tb\n1\t2\n3\t4\n", "a,b\n1,2,\n3,4,\n", "\u{feff}sep=,\ra,b\r1,2\r3,4\r",
    ])
  func dialects(text: String) throws {
    let table = try CSVTable(Array(text.utf8))
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["1", "2"], ["3", "4"]])
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for row in table.rows { #expect(lines[row.line - 1].first == row.fields[0].first) }
  }

  @Test(
    "a row with more than the header is refused",
    arguments: ["a,b\n1,2,3\n", "a,b\n1,2,,\n", "a,b\n1,2,\"\"\n"])
  func tooMany(text: String) {
    #expect(throws: CSVError.self) { try CSVTable(Array(text.utf8)) }
  }

  @Test("a shell reads a quoted word back unchanged, scalar by scalar")
  func shell() {
    #expect(shellQuoted("runs/a-1") == "runs/a-1")
    #expect(shellQuoted("a b") == "'a b'")
    #expect(shellQuoted("it's") == "'it'\\''s'")
    // The mark with an accent is one character, but the shell sees the mark.
    #expect(Array(shellQuoted("'\u{301}").unicodeScalars) == Array("''\\''\u{301}'".unicodeScalars))
  }
}
