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

  @Test("a shell reads a quoted word back unchanged, scalar by scalar")
  func shell() {
    #expect(shellQuoted("runs/a-1") == "runs/a-1")
    #expect(shellQuoted("a b") == "'a b'")
    #expect(shellQuoted("it's") == "'it'\\''s'")
    // The mark with an accent is one character, but the shell sees the mark.
    #expect(Array(shellQuoted("'\u{301}").unicodeScalars) == Array("''\\''\u{301}'".unicodeScalars))
  }
}
