/// A setting of a convolution family, as listed by `fewshot families`.
public struct FamilyOption: Sendable {
  /// The key in `--option key=value`.
  public let name: String
  /// The value if none is given.
  public let defaultValue: String
  /// What it does and what values it takes.
  public let help: String

  /// Describes a setting.
  public init(_ name: String, default defaultValue: String, _ help: String) {
    self.name = name
    self.defaultValue = defaultValue
    self.help = help
  }
}

/// The settings given for one family, every key known.
public struct OptionValues: Sendable {
  let family: String
  let values: [String: String]

  /// Checks the keys against what the family knows.
  ///
  /// - Parameters:
  ///   - given: Keys and values as the user wrote them.
  ///   - family: Whose settings they are.
  /// - Throws: If a key is unknown; the error lists the known ones.
  public init(_ given: [String: String], for family: any ConvFamily.Type) throws(ConfigurationError) {
    let known = family.options.map(\.name)
    if let stranger = given.keys.sorted().first(where: { !known.contains($0) }) {
      throw ConfigurationError(
        field: "option", value: stranger, reason: "family \(family.name) has no such option",
        remedy: known.isEmpty ? "It has no options" : "Use \(known.joined(separator: ", "))")
    }
    let defaults = Dictionary(family.options.map { ($0.name, $0.defaultValue) }) { $1 }
    self.family = family.name
    values = defaults.merging(given) { $1 }
  }

  /// A whole number within a range.
  ///
  /// - Throws: If the text is no number or out of range.
  public func integer(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    let text = values[name] ?? ""
    guard let number = Int(text), range.contains(number) else {
      throw ConfigurationError(
        field: "option \(name)", value: text, reason: "family \(family) needs a whole number",
        remedy: "Use \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// One of some words.
  ///
  /// - Throws: If the text is none of them.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(ConfigurationError) -> Choice {
    let text = values[name] ?? ""
    guard let choice = Choice(rawValue: text) else {
      throw ConfigurationError(
        field: "option \(name)", value: text, reason: "family \(family) does not know this word",
        remedy: "Use \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }
}
