import Formats
import Foundation
import Testing

@Suite struct JSONValueTests {
  @Test(
    "any text comes back as it was",
    arguments: ["", "plain", "\"quoted\" \\ /", "line\nfeed\ttab\r", "\u{0}\u{1f}\u{7f}\u{2028}", "ü 漢 🜁"])
  func text(_ text: String) throws {
    let document = JSONValue.members(["key": .text(text)]).text
    let read = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: String]
    #expect(read == ["key": text])
  }

  @Test("members keep their order, and what is long is broken into lines")
  func order() {
    let short = JSONValue.members(["b": .integer(1), "a": .list([.flag(true), .null])])
    #expect(short.text == "{\"b\": 1, \"a\": [true, null]}")
    let long = JSONValue.list((0..<3).map { _ in .text(String(repeating: "x", count: 40)) })
    #expect(long.text.split(separator: "\n").count == 5)
  }

  @Test("numbers have the fewest digits that read back")
  func numbers() {
    let numbers: [JSONValue] = [.number(0.1), .number(10), .number(2e-3), .digits("7")]
    #expect(JSONValue.list(numbers).text == "[0.1, 10, 0.002, 7]")
  }

  @Test("what is not finite is a word, which reads back as the number")
  func nonfinite() throws {
    let numbers: [Double] = [.nan, -.nan, .infinity, -.infinity]
    let text = JSONValue.list(numbers.map { .number($0) }).text
    #expect(text == #"["NaN", "NaN", "Infinity", "-Infinity"]"#)
    let read = try JSONReader.read(Array(text.utf8)[...]).values?.compactMap(\.double)
    #expect(read?.count == 4 && read?[0].isNaN == true && read?[1].isNaN == true)
    #expect(read?[2...] == [.infinity, -.infinity])
    for word in ["nan", "inf", "infinity", "+Infinity", "1", ""] {
      #expect(JSONValue.text(word).double == nil)
    }
  }

  @Test("a document carries its schema first and once; a list has no name for it")
  func schema() {
    let document = JSONValue.members(["a": .null, "schema": .integer(7)])
    #expect(document.withSchema.text == #"{"schema": 1, "a": null}"#)
    #expect(document.withSchema.withSchema == document.withSchema)
    #expect(JSONValue.list([document]).withSchema == .list([document]))
  }
}
