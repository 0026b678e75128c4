/// A setting that one part of a network has for itself: of a convolution family, as `fewshot families` lists them, or
/// of a head.
public struct NamedOption: Sendable {
  /// The key, as in `--option key=value`.
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

/// The setting by which a family adapts fewer or more numbers, with its values from the fewest on.
public struct SizeOption: Sendable {
  /// The key of the setting.
  public let name: String
  /// How many values there are to choose from.
  public let count: Int
  private let text: @Sendable (Int) -> String

  /// A setting whose values are whole numbers.
  public init(_ name: String, _ numbers: ClosedRange<Int>) {
    self.name = name
    count = numbers.count
    text = { "\(numbers.lowerBound + $0)" }
  }

  /// A setting whose values are words, from that with the fewest numbers on.
  public init(_ name: String, _ words: [String]) {
    self.name = name
    count = words.count
    text = { words[$0] }
  }

  /// A value as written on the command line, by its position from 0.
  public subscript(position: Int) -> String { text(position) }
}

/// The settings given for one family or head, every key known.
public struct OptionValues: Sendable {
  /// Whose settings they are, as in "family acdc".
  let owner: String
  /// The flag that sets them.
  let flag: String
  let values: [String: String]

  /// Checks the keys against what the family knows.
  ///
  /// - Parameters:
  ///   - given: Keys and values as the user wrote them.
  ///   - family: Whose settings they are.
  /// - Throws: If a key is unknown; the error lists the known ones.
  public init(_ given: [String: String], for family: any ConvFamily.Type) throws(ConfigurationError) {
    try self.init(given, of: "family \(family.name)", among: family.options, flag: "option")
  }

  /// Checks the keys against what there is.
  ///
  /// - Parameters:
  ///   - given: Keys and values as the user wrote them.
  ///   - owner: Whose settings they are, as in "family acdc".
  ///   - known: What settings it has.
  ///   - flag: The flag that sets them.
  /// - Throws: If a key is unknown; the error lists the known ones.
  public init(
    _ given: [String: String], of owner: String, among known: [NamedOption], flag: String
  ) throws(ConfigurationError) {
    let names = known.map(\.name)
    if let stranger = given.keys.sorted().first(where: { !names.contains($0) }) {
      throw ConfigurationError(
        field: flag, value: stranger, reason: "\(owner) has no such option",
        remedy: names.isEmpty ? "It has no options" : "Use \(names.joined(separator: ", "))")
    }
    self.owner = owner
    self.flag = flag
    values = Dictionary(known.map { ($0.name, $0.defaultValue) }) { $1 }.merging(given) { $1 }
  }

  /// A whole number within a range.
  ///
  /// - Throws: If the text is no number or out of range.
  public func integer(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    try parsed(name, needs: "needs a whole number", use: "\(range.lowerBound)...\(range.upperBound)") {
      Int($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A whole number within a range, or nil for a word.
  ///
  /// - Throws: If the text is neither.
  public func integer(
    _ name: String, in range: ClosedRange<Int>, or word: String
  ) throws(ConfigurationError) -> Int? {
    values[name] == word ? nil : try integer(name, in: range)
  }

  /// A number within a range.
  ///
  /// - Throws: If the text is no number or out of range.
  public func number(_ name: String, in range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
    try parsed(name, needs: "needs a number", use: "\(range.lowerBound)...\(range.upperBound)") {
      Double($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number above zero, up to a limit.
  ///
  /// - Throws: If the text is no number or out of range.
  public func positive(_ name: String, through limit: Double) throws(ConfigurationError) -> Double {
    try parsed(name, needs: "needs a number above 0", use: "more than 0 and at most \(limit)") {
      Double($0).flatMap { $0 > 0 && $0 <= limit ? $0 : nil }
    }
  }

  /// Whether a setting is on.
  ///
  /// - Throws: If the text is neither `on` nor `off`.
  public func flag(_ name: String) throws(ConfigurationError) -> Bool {
    try parsed(name, needs: "does not know this word", use: "on, off") { ["on": true, "off": false][$0] }
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
  ///   - fault: What is wrong if it stands for nothing, said of the owner.
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
        field: "\(flag) \(name)", value: text, reason: "\(owner) \(fault)", remedy: "Use \(remedy)")
    }
    return value
  }
}
