/// Writes a table as RFC 4180 text: a header, then rows; numbers with a decimal point.
package enum CSV {
  /// One line, ended by LF as all text files of the program are; readers of the standard take it as they take CR LF.
  package static func line(_ fields: [any CustomStringConvertible]) -> String {
    fields.map { quoted($0.description) }.joined(separator: ",") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    // By bytes: CR LF, or a comma with a combining mark, is one character that is none of these.
    guard text.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else { return text }
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      result.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar])
    }
    return String(result) + "\""
  }
}
