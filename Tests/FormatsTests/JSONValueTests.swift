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

  @Test("numbers have the fewest digits that read back; what is not finite is null")
  func numbers() {
    let numbers: [JSONValue] = [.number(0.1), .number(10), .number(2e-3), .number(.nan), .digits("7")]
    #expect(JSONValue.list(numbers).text == "[0.1, 10, 0.002, null, 7]")
  }
}
