import Foundation
import Formats
import Settings
import Testing

/// A setting is a property, a row of the table of fields, a flag and a key: the four must agree.
@Suite("Every setting is a flag and a key")
struct SettingFlagTests {
  /// Values that no default has, for the fields whose table does not say one.
  private static let values = [
    "data": "somewhere", "split": "parts.csv", "family": "dsb", "option": "unique=2", "adapt": "norm",
    "backbone": "conv6", "inner-rate": "0.25", "output": "there", "outer-rate": "0.5", "clip": "3",
    "checkpoint-minutes": "7", "memory-limit": "5", "split-seed": "11", "episode-seed": "12", "seed": "13",
    "inner-steps": "3", "evaluation-steps": "5", "adapt-budget": "162",
    "pixel-statistics": "0.5/0.25", "head-option": "lambda=2", "learner": "prototypical",
    "crop": "0.875", "decay-roles": "norm", "augment": "flip",
  ]

  /// A value of the field that is not its default.
  private static func value(_ field: PlanField) -> String {
    if let known = values[field.key] { return known }
    let words = field.values.split(separator: "|").map(String.init)
    if words.count > 1 { return words.first { $0 != Plan.defaultText(of: field.key) } ?? words[0] }
    // A range such as 1...1000: its lower end, or the next where that is the default.
    let low = Int(field.values.prefix { $0.isNumber }) ?? 1
    return "\(Plan.defaultText(of: field.key) == "\(low)" ? low + 1 : low)"
  }

  /// The plan that a command line resolves to, as text by key.
  private func plan(_ arguments: [String], in folder: URL) throws -> JSONValue {
    let outcome = try Program.run(arguments: ["run", "--dry-run", "--json"] + arguments, in: folder)
    try #require(outcome.status == 0, "\(arguments): \(outcome.error)")
    return try JSONReader.read(Array(outcome.output.utf8)[...])
  }

  /// What else must be said so that a setting alone does not contradict the rest.
  private static func companions(_ key: String) -> [String] {
    switch key {
    case "option": ["--family", "dsb"]
    case "inner-optimizer":
      ["--learner", "reptile", "--family", "standard", "--adapt", "all", "--head", "adapts"]
    case "head": ["--adapt", "atoms"]
    case "head-option": ["--head", "ridge"]
    case "running-statistics": ["--initial", "somewhere"]
    case "train-ways": ["--learner", "prototypical"]
    case "multi-step-updates": ["--multi-step-loss"]
    case "batch-size", "batch-parts", "optimizer", "momentum", "nesterov", "weight-decay", "decay-roles",
      "label-smoothing",
      "schedule", "warm-up", "classifier", "augment", "averaging", "held-out":
      ["--learner", "supervised"]
    default: []
    }
  }

  @Test("a flag sets the setting of its name and no other", arguments: Plan.fields.map(\.key))
  func flag(key: String) throws {
    let field = try #require(Plan.field(key))
    let value = Self.value(field)
    let isToggle = field.values == "true|false"
    let flag = isToggle ? [value == "true" ? "--\(key)" : "--no-\(key)"] : ["--\(key)", value]
    try Program.withFolder { folder in
      let plain = try plan(Self.companions(key), in: folder)
      let set = try plan(flag + Self.companions(key), in: folder)
      guard case .object(let members) = set, case .object(let others) = plain else {
        Issue.record("no object")
        return
      }
      let changed = Set(members).symmetricDifference(others).map(\.key)
      #expect(Set(changed) == [key], "\(flag) changed \(changed)")
      let pair = value.split(separator: "=").map(String.init)
      #expect(field.isRepeatable ? set[key]?[pair[0]]?.string == pair[1] : set[key]?.plainText == value)
      // The same by a file.
      let text = field.isRepeatable ? "\(key): {\(pair[0]): \(pair[1])}\n" : "\(key): \(value)\n"
      try Data(text.utf8).write(to: folder.appendingPathComponent("settings.yaml"))
      #expect(try plan(["--config", "settings.yaml"] + Self.companions(key), in: folder) == set)
    }
  }

  @Test(
    "a flag of evaluate reaches the setting of its name",
    arguments: StudySettings.fields.map(\.key))
  func study(key: String) throws {
    guard StudySettings.field(key)?.values != "true|false" else {
      // A switch has no value to refuse; that it is known shows in the error being about the run.
      for flag in ["--\(key)", "--no-\(key)"] {
        #expect(try Program.run(arguments: ["evaluate", "missing", flag]).status == 66)
      }
      return
    }
    // Nothing is a value of any of them, and the error names the setting that refused it.
    let outcome = try Program.run(arguments: ["evaluate", "missing", "--\(key)", ""])
    #expect(outcome.status == 64 && outcome.error.contains(key), "\(outcome.error)")
  }

  @Test("the help of a flag is that of the table, and a shell is offered its words")
  func helpAndCompletion() throws {
    let help = try Program.run("run --help").output.split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    for field in Plan.fields {
      #expect(help.localizedCaseInsensitiveContains(field.help), "\(field.key)")
    }
    let script = try Program.run("--generate-completion-script bash").output
    let words = Set(script.split { !($0.isLetter || $0.isNumber || "-:_".contains($0)) }.map(String.init))
    for word in [
      "acdc", "tnet", "fsnet", "conv4-strided", "resnet12", "prototypical", "second", "atoms", "singular",
      "coefficients", "robustness", "running",
    ] {
      #expect(words.contains(word), "\(word)")
    }
    // Pairs are offered up to their values.
    for pair in ["atoms=", "rank=", "lambda="] { #expect(script.contains(pair), "\(pair)") }
  }
}
