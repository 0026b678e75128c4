public import Foundation

extension RunResult {
  /// Reads what ``json()`` wrote.
  ///
  /// - Parameter data: The bytes of `results.json`.
  /// - Throws: `DecodingError` if they are no result.
  public init(json data: Data) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    decoder.keyDecodingStrategy = .custom { path in
      let key = path[path.count - 1].stringValue
      // This one key is written as it is; see Test.CodingKeys.
      return Name(
        stringValue: key == Test.CodingKeys.stepsTo95Percent.stringValue ? key : Self.camelCase(key))
    }
    self = try decoder.decode(Self.self, from: data)
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// `second_order_share` as `secondOrderShare`.
  private static func camelCase(_ snake: String) -> String {
    let words = snake.split(separator: "_")
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
