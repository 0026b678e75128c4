/// A setting of a convolution family, as listed by `fewshot families`.
public struct FamilyOption: Sendable {
  /// The key in `--option key=value`.
  public let name: String
  /// The value if none is given.
  public let defaultValue: String
  /// What it does and what values it takes.
  public let help: String

  /// A setting with its default, written as on the command line.
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
    try parsed(name, needs: "needs a whole number", use: "\(range.lowerBound)...\(range.upperBound)") {
      Int($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number within a range.
  ///
  /// - Throws: If the text is no number or out of range.
  public func number(_ name: String, in range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
    try parsed(name, needs: "needs a number", use: "\(range.lowerBound)...\(range.upperBound)") {
      Double($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// One of some words.
  ///
  /// - Throws: If the text is none of them.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(ConfigurationError) -> Choice {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try parsed(name, needs: "does not know this word", use: words) { Choice(rawValue: $0) }
  }

  /// What a setting's text stands for.
  ///
  /// - Parameters:
  ///   - name: The key.
  ///   - fault: What is wrong if it stands for nothing, said of the family.
  ///   - remedy: What it may be.
  ///   - parse: The reading; nil if the text is none.
  /// - Returns: What was read.
  /// - Throws: If the text stands for nothing.
  func parsed<Value>(
    _ name: String, needs fault: String, use remedy: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    let text = values[name] ?? ""
    guard let value = parse(text) else {
      throw ConfigurationError(
        field: "option \(name)", value: text, reason: "family \(family) \(fault)", remedy: "Use \(remedy)")
    }
    return value
  }
}
