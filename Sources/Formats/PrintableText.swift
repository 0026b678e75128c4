/// A text from a file or a folder as it may stand in a message: control characters by their codes, and not long.
///
/// - Parameter text: Any text; names and paths may hold what moves a terminal's cursor.
/// - Returns: At most 200 characters of it, with `\u{1b}` and the like for control characters.
package func printable(_ text: String) -> String {
  let result = withoutControls(String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))))
  return text.unicodeScalars.count > 200 ? result + "…" : result
}

/// A text with its control characters, separators of lines and invisible formats by their codes.
package func withoutControls(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A word as a shell reads it back unchanged: quoted where it holds more than plain characters.
///
/// - Parameter word: Any text.
/// - Returns: What to put into a command line.
package func shellQuoted(_ word: String) -> String {
  let isPlain =
    !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_./:=@+-".contains($0)) }
  guard !isPlain else { return word }
  // By scalars: a quotation mark with a combining mark is another character, but not to a shell.
  var result = String.UnicodeScalarView("'".unicodeScalars)
  for scalar in word.unicodeScalars {
    result.append(contentsOf: scalar == "'" ? "'\\''".unicodeScalars : "\(scalar)".unicodeScalars)
  }
  return String(result) + "'"
}

/// Whether one text comes before another by its UTF-8 bytes, which no locale or version of Unicode changes.
package func bytewise(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// Names as a sentence lists them: "a", "a and b", "a, b and c", or with another word.
package func inWords(_ names: [String], _ word: String = "and") -> String {
  guard let last = names.last, names.count > 1 else { return names.joined() }
  return names.dropLast().joined(separator: ", ") + " \(word) " + last
}
