/// Breaks text between words so that it fits a width.
package enum WordWrap {
  /// The lines of a text.
  ///
  /// - Parameters:
  ///   - text: Words with spaces between.
  ///   - width: The most characters of a line; a longer word has a line of its own.
  /// - Returns: At least one line.
  package static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " \(word)"
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }

  /// The text with line ends between its lines, all but the first indented.
  ///
  /// - Parameters:
  ///   - text: Words with spaces between.
  ///   - width: The most characters of a line; nil for any number.
  ///   - indent: The spaces before every line but the first.
  /// - Returns: The lines, joined.
  package static func text(_ text: String, width: Int?, indent: Int) -> String {
    guard let width else { return text }
    // The first line is as short as the others, so that the words before it have room.
    return lines(text, width: max(20, width - indent)).joined(
      separator: "\n" + String(repeating: " ", count: indent))
  }
}
