internal import Formats
package import Foundation

extension RunResult {
  /// The result as JSON with keys in alphabetical order.
  ///
  /// - Throws: If the encoder fails; no value of a result makes it do so.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { ResultKey(ResultKey.written($0.last?.stringValue ?? "")) }
    // A curve may blow up past the trained steps; that must not cost the result.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: JSONValue.Nonfinite.infinity, negativeInfinity: JSONValue.Nonfinite.negativeInfinity,
      nan: JSONValue.Nonfinite.nan)
    return try encoder.encode(self)
  }

  /// The result from what ``json()`` wrote.
  ///
  /// - Throws: `DecodingError` where something is missing or of another kind.
  package init(json data: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { ResultKey(ResultKey.read($0.last?.stringValue ?? "")) }
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: JSONValue.Nonfinite.infinity, negativeInfinity: JSONValue.Nonfinite.negativeInfinity,
      nan: JSONValue.Nonfinite.nan)
    self = try decoder.decode(RunResult.self, from: data)
  }
}

/// Names of properties as a result's file has them: words in small letters with underscores between.
private struct ResultKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(_ text: String) { stringValue = text }
  init(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { return nil }

  /// `msPerTask` becomes `ms_per_task`; digits stay with the word before them, but for the 95 of "to 95 per cent".
  static func written(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase { result += "_" }
      result += character.lowercased()
    }
    return result.replacing("to95_", with: "to_95_")
  }

  /// The way back.
  static func read(_ key: String) -> String {
    let parts = key.split(separator: "_", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(String(parts[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }
}
