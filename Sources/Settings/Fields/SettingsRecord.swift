internal import Formats
package import Networks

/// Settings whose every field has a flag and a key of the same name.
package protocol SettingsRecord: Sendable {
  /// All fields, in the order of help and of saved files.
  static var fields: [SettingField<Self>] { get }

  /// The defaults.
  init()
}

extension SettingsRecord {
  /// The field of a key, if there is one; `options` is another word for `option`.
  package static func field(_ key: String) -> SettingField<Self>? {
    fields.first { $0.key == key || ($0.isRepeatable && $0.key + "s" == key) }
  }

  /// Sets a field by its key.
  ///
  /// - Parameters:
  ///   - key: The name of its flag.
  ///   - text: The value as a user writes it; a pair of a repeatable field joins those it has.
  /// - Throws: If there is no such field, naming the nearest, or the value is not valid.
  package mutating func set(_ key: String, to text: String) throws(ConfigurationError) {
    guard let field = Self.field(key) else {
      let names = Self.fields.map(\.key)
      throw ConfigurationError(
        field: key, value: text, reason: "there is no setting with this name",
        remedy: NearestName.of(key, among: names).map { "The nearest name is \($0)" }
          ?? "Names are \(names.joined(separator: ", "))")
    }
    try field.read(&self, text)
  }

  /// Sets several fields by their keys, in order.
  ///
  /// - Parameter settings: Keys and values as a user writes them.
  /// - Throws: As for one.
  package mutating func apply(_ settings: [Setting]) throws(ConfigurationError) {
    for setting in settings { try set(setting.key, to: setting.text) }
  }

  /// What a field is set to by default, for help; nil if it is not set.
  package static func defaultText(of key: String) -> String? {
    field(key)?.write(Self())?.plainText
  }
}

/// One field as a user set it.
package struct Setting: Hashable, Sendable {
  /// The name of its flag.
  package let key: String
  /// The value as the user wrote it.
  package let text: String

  /// A key and its value.
  package init(_ key: String, _ text: String) {
    self.key = key
    self.text = text
  }
}
