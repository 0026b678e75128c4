package import Formats
internal import Networks

/// One field of some settings: its name, what it means, how it is read and how it is printed.
///
/// Flags, configuration files and the saved configuration all go through these rows.
package struct SettingField<Record: SettingsRecord>: Sendable {
  /// The key in a file and the name of the flag.
  package let key: String
  /// What it means, in a few words, for help.
  package let help: String
  /// The values it takes, for help; empty if any text will do.
  package let values: String
  /// Whether it may be given several times.
  package let isRepeatable: Bool
  /// Whether one value may be a list.
  package let isList: Bool
  /// What depends on it.
  package let scope: SettingScope
  /// Sets the field from text.
  let read: @Sendable (inout Record, String) throws(ConfigurationError) -> Void
  /// The field's value; nil if it is not set.
  package let write: @Sendable (Record) -> JSONValue?
  /// Sets the field to its default.
  let clear: @Sendable (inout Record) -> Void

  /// A field that always has a value.
  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Record, Value> & Sendable, _ kind: FieldKind<Value>,
    _ help: String, scope: SettingScope = .training
  ) {
    self.init(
      key, kind, help, scope, set: { $0[keyPath: path] = $1 }, from: { $0[keyPath: path] = $1[keyPath: path] }
    ) {
      kind.print($0[keyPath: path])
    }
  }

  /// A field that may be unset.
  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Record, Value?> & Sendable, _ kind: FieldKind<Value>,
    _ help: String, scope: SettingScope = .training
  ) {
    self.init(
      key, kind, help, scope, set: { $0[keyPath: path] = $1 }, from: { $0[keyPath: path] = $1[keyPath: path] }
    ) {
      $0[keyPath: path].map(kind.print)
    }
  }

  /// A field of one value.
  ///
  /// - Parameters:
  ///   - key: Its name.
  ///   - kind: How its values read.
  ///   - help: What it means.
  ///   - scope: What depends on it.
  ///   - set: Gives it a value.
  ///   - other: Takes it over from another record.
  ///   - write: Its value; nil if it is unset.
  private init<Value>(
    _ key: String, _ kind: FieldKind<Value>, _ help: String, _ scope: SettingScope,
    set: @escaping @Sendable (inout Record, Value) -> Void,
    from other: @escaping @Sendable (inout Record, Record) -> Void,
    write: @escaping @Sendable (Record) -> JSONValue?
  ) {
    self.key = key
    self.help = help
    self.scope = scope
    values = kind.values
    isRepeatable = false
    isList = kind.isList
    read = { record, text throws(ConfigurationError) in
      set(&record, try Self.parsed(text, as: kind, for: key))
    }
    clear = { other(&$0, Record()) }
    self.write = write
  }

  /// A field of `name=value` pairs.
  ///
  /// - Parameters:
  ///   - key: Its name.
  ///   - path: Where it is kept.
  ///   - help: What it means.
  ///   - example: A pair, for messages.
  init(
    _ key: String, pairs path: any WritableKeyPath<Record, [String: String]> & Sendable, _ help: String,
    example: String
  ) {
    self.key = key
    self.help = help
    scope = .training
    values = ""
    isRepeatable = true
    isList = false
    read = { plan, text throws(ConfigurationError) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw ConfigurationError(
          field: key, value: text, reason: "it is not of the form name=value",
          remedy: "Write, for example, \(example)")
      }
      plan[keyPath: path][parts[0]] = parts[1]
    }
    clear = { $0[keyPath: path] = Record()[keyPath: path] }
    write = { plan in
      let pairs = plan[keyPath: path].sorted { $0.key < $1.key }
      return pairs.isEmpty ? nil : .object(pairs.map { JSONValue.Member($0.key, .text($0.value)) })
    }
  }

  private static func parsed<Value>(
    _ text: String, as kind: FieldKind<Value>, for key: String
  ) throws(ConfigurationError) -> Value {
    if let value = kind.parse(text) { return value }
    let words = kind.values.split(separator: "|").map(String.init)
    // Only words have neighbours: 2 is not a slip for 1 or 3.
    let nearest = words.count > 1 && text.count > 2 ? NearestName.of(text.lowercased(), among: words) : nil
    throw ConfigurationError(
      field: key, value: text, reason: kind.needs,
      remedy: kind.use + (nearest.map { "; the nearest is \($0)" } ?? ""))
  }
}

/// One field of a plan.
package typealias PlanField = SettingField<Plan>
