/// Writes a table as RFC 4180 text: a header, then rows; numbers with a decimal point.
package enum CSV {
  /// One line with the line end of the standard, CR LF.
  package static func line(_ fields: [any CustomStringConvertible]) -> String {
    fields.map { quoted($0.description) }.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
