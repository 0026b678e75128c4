/// A table as RFC 4180 text: a header, then rows; numbers with a point.
package enum CSV {
  /// One line, ended as the standard asks.
  package static func line(_ fields: [any CustomStringConvertible]) -> String {
    fields.map { quoted($0.description) }.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
