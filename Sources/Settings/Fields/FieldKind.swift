internal import Formats
internal import Images
internal import MetaLearning
internal import Networks

/// How the values of a field are read and printed, and which of them are valid.
struct FieldKind<Value: Sendable>: Sendable {
  /// The value of a text; nil if it is not valid.
  var parse: @Sendable (String) -> Value?
  /// The value as written in a configuration file.
  let print: @Sendable (Value) -> JSONValue
  /// What is needed, as in "it needs a whole number".
  let needs: String
  /// What to write, as in "Use 1...10".
  let use: String
  /// The values in help: `1...10`, or words with bars between; empty if any text will do.
  let values: String
  /// Whether a text may be a list in JSON, and a configuration file may have such a list.
  var isList = false
}

extension FieldKind<Int> {
  /// A whole number within a range.
  static func integer(_ range: ClosedRange<Int>) -> Self {
    FieldKind(
      parse: { Int($0).flatMap { range.contains($0) ? $0 : nil } }, print: { .integer($0) },
      needs: "it needs a whole number within a range", use: "Use \(range)", values: "\(range)")
  }

  /// 1 for grey, 3 for colour.
  static var channels: Self {
    FieldKind(
      parse: { ["1": 1, "3": 3][$0] }, print: { .integer($0) },
      needs: "images have 1 channel (grey) or 3 (red, green, blue)",
      use: "Use 1 or 3", values: "1|3")
  }
}

extension FieldKind<[Int]> {
  /// Different whole numbers within a range, joined by commas.
  static func numbers(_ range: ClosedRange<Int>) -> Self {
    FieldKind(
      parse: { text in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap { $0 }.filter(range.contains)
        return numbers.count == parts.count && Set(numbers).count == numbers.count ? numbers : nil
      },
      print: { .text($0.map(String.init).joined(separator: ",")) },
      needs: "it needs different whole numbers within a range, joined by commas",
      use: "Use numbers of \(range), such as 5,20,50", values: "")
  }
}

extension FieldKind<WayRange> {
  /// A number of classes, or two with a dash between.
  static var ways: Self {
    let limits = 2...1000
    return FieldKind(
      parse: { text in
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count <= 2, let low = ends[0], let high = ends[ends.count - 1], low <= high,
          limits.contains(low), limits.contains(high)
        else { return nil }
        return WayRange(from: low, to: high)
      },
      print: { $0.fewest == $0.most ? .integer($0.most) : .text("\($0)") },
      needs: "it needs a whole number within a range, or two such numbers with the lower first",
      use: "Use \(limits), or a range such as 5-20", values: "\(limits), or a range such as 5-20")
  }
}

extension FieldKind<ShotRule> {
  /// A number of images, or the word `variable`.
  static var shots: Self {
    let limits = 1...1000
    return FieldKind(
      parse: { text in
        if text == "variable" { return .variable }
        return Int(text).flatMap { limits.contains($0) ? .fixed($0) : nil }
      },
      print: { rule in
        switch rule {
        case .fixed(let shots): .integer(shots)
        case .variable: .text("variable")
        }
      },
      needs: "it needs a whole number within a range, or variable", use: "Use \(limits), or variable",
      values: "\(limits), or variable")
  }
}

extension FieldKind<UInt64> {
  /// Any number that seeds a random stream.
  static var seed: Self {
    FieldKind(
      parse: { UInt64($0) }, print: { .digits("\($0)") }, needs: "a seed is a whole number, not negative",
      use: "Use 0...\(UInt64.max)", values: "a whole number")
  }
}

extension FieldKind<Double> {
  /// A number within a range.
  static func number(_ range: ClosedRange<Double>) -> Self {
    FieldKind(
      parse: { Double($0).flatMap { range.contains($0) ? $0 : nil } }, print: { .number($0) },
      needs: "it needs a number within a range", use: "Use \(range)", values: "\(range)")
  }

  /// A number above zero, up to a limit.
  static func positive(through limit: Double) -> Self {
    FieldKind(
      parse: { Double($0).flatMap { $0 > 0 && $0 <= limit ? $0 : nil } }, print: { .number($0) },
      needs: "it needs a number above 0", use: "Use more than 0 and at most \(limit)",
      values: "above 0, at most \(limit)")
  }
}

extension FieldKind<String> {
  /// Any text except an empty one.
  static func text(_ what: String) -> Self {
    FieldKind(
      parse: { $0.isEmpty ? nil : $0 }, print: { .text($0) }, needs: "it is empty",
      use: "Give \(what), or leave it out", values: "")
  }
}

extension FieldKind<Bool> {
  /// True or false, or on or off.
  static var flag: Self {
    FieldKind(
      parse: { ["true": true, "on": true, "false": false, "off": false][$0.lowercased()] },
      print: { .flag($0) },
      needs: "it is on or off", use: "Use true or false, or on or off", values: "true|false")
  }
}

extension FieldKind where Value: RawRepresentable<String> & CaseIterable {
  /// One of some words.
  static var choice: Self {
    let words = Value.allCases.map(\.rawValue)
    return FieldKind(
      parse: { Value(rawValue: $0) }, print: { .text($0.rawValue) }, needs: "there is no such choice",
      use: "Use \(words.joined(separator: " or "))", values: words.joined(separator: "|"))
  }
}

extension FieldKind<Augmentation> {
  /// Changes joined by +, or none.
  static var augmentation: Self {
    let words = Augmentation.Change.allCases.map(\.rawValue)
    return FieldKind(
      parse: { Augmentation(rawValue: $0) }, print: { .text($0.rawValue) },
      needs: "it is a list of changes, each once",
      use: "Use none, or some of \(words.joined(separator: ", ")), joined by +", values: "")
  }
}

extension FieldKind<Crop> {
  /// The word `whole`, or a share of the shorter side.
  static var crop: Self {
    FieldKind(
      parse: { text in
        if text == "whole" { return .whole }
        return Double(text).flatMap(Crop.init(share:))
      },
      print: { crop in
        switch crop {
        case .whole: .text("whole")
        case .middle(let share): .number(share)
        }
      },
      needs: "it is whole, or a share of the shorter side",
      use: "Use whole, or a number above 0 and at most 1, such as 0.875",
      values: "whole, or a number above 0, at most 1")
  }
}

extension FieldKind<PixelStatistics> {
  /// The word `imagenet`, or a mean and a deviation for each channel.
  static var pixelStatistics: Self {
    FieldKind(
      parse: { PixelStatistics($0) }, print: { .text($0.text) },
      needs: "it needs a mean and a deviation for each channel",
      use: "Use imagenet, or means and deviations such as 0.5/0.25 or 0.5,0.5,0.5/0.25,0.25,0.25",
      values: "imagenet, or means/deviations")
  }
}

extension FieldKind<GraphMemory> {
  /// One of the modes, by any of its names.
  static var memory: Self {
    var kind = choice
    kind.parse = { GraphMemory(named: $0) }
    return kind
  }
}

extension FieldKind<InnerRate> {
  /// The word `learned`, or a number above zero.
  static var rate: Self {
    FieldKind(
      parse: { text in
        if text == "learned" { return .learned }
        return Double(text).flatMap { $0 > 0 && $0 <= 100 ? .fixed($0) : nil }
      },
      print: { rate in
        switch rate {
        case .learned: .text("learned")
        case .fixed(let value): .number(value)
        }
      },
      needs: "an inner rate is learned or a number above 0",
      use: "Use learned, or a number above 0 and at most 100", values: "learned, or a number above 0")
  }
}
