/// A JSON document whose objects keep their order.
package enum JSONValue: Hashable, Sendable {
  /// Nothing.
  case null
  /// True or false.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number; one that is not finite is written as one of the words of ``Nonfinite``.
  case number(Double)
  /// A number by its digits, for those that fit no type above.
  case digits(String)
  /// Text.
  case text(String)
  /// Several values.
  case list([JSONValue])
  /// Named values in order.
  case object([Member])

  /// The words that stand for numbers JSON cannot write, in every document of this program: `results.json`, those that
  /// commands print, and those that it reads.
  package enum Nonfinite {
    /// Not a number.
    package static let nan = "NaN"
    /// More than any number.
    package static let infinity = "Infinity"
    /// Less than any number.
    package static let negativeInfinity = "-Infinity"

    /// The word for a number that is not finite.
    static func word(for number: Double) -> String {
      number.isNaN ? nan : number > 0 ? infinity : negativeInfinity
    }

    /// The number that a word stands for; nil for any other text.
    static func number(for word: String) -> Double? {
      switch word {
      case nan: .nan
      case infinity: .infinity
      case negativeInfinity: -.infinity
      default: nil
      }
    }
  }

  /// A named value.
  package struct Member: Hashable, Sendable {
    /// Its name.
    package let key: String
    /// What it is.
    package let value: JSONValue

    /// Names a value.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// Named values, in the order they stand in the source.
  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// Text, or null for nil.
  package static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }

  /// A whole number, or null for nil.
  package static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }

  /// The document as text without a line end; what is short stands on one line.
  package var text: String { text(indent: "", width: 100) }

  /// The document on one line, for output that is read line by line.
  package var line: String { text(indent: "", width: .max) }

  /// Text as it is, anything else as in a document.
  package var plainText: String {
    if case .text(let plain) = self { plain } else { text }
  }

  private func text(indent: String, width: Int) -> String {
    switch self {
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .number(let number):
      return number.isFinite ? Self.shortest(number) : Self.quoted(Nonfinite.word(for: number))
    case .digits(let digits): return digits
    case .text(let text): return Self.quoted(text)
    case .list(let values):
      return Self.enclosed(
        "[", values.map { $0.text(indent: indent + "  ", width: width) }, "]", indent, width)
    case .object(let members):
      let lines = members.map {
        Self.quoted($0.key) + ": " + $0.value.text(indent: indent + "  ", width: width)
      }
      return Self.enclosed("{", lines, "}", indent, width)
    }
  }

  private static func enclosed(
    _ open: String, _ lines: [String], _ close: String, _ indent: String, _ width: Int
  ) -> String {
    let short = open + lines.joined(separator: ", ") + close
    let isNested = lines.contains { $0.contains("\n") }
    if !isNested && short.count <= width - indent.count { return short }
    let inner = lines.map { indent + "  " + $0 }.joined(separator: ",\n")
    return open + "\n" + inner + "\n" + indent + close
  }

  /// The fewest digits that read back as the same number; whole numbers without a fraction.
  private static func shortest(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{0}"..<" ", "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
