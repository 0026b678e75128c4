import ArgumentParser
import Settings

/// Flags that are fields of a plan.
protocol SettingsGroup: ParsableArguments {
  /// The flags that were given, as settings.
  var settings: [Setting] { get }
}

extension SettingsGroup {
  /// Settings of the flags that were given, in order.
  static func given(_ values: KeyValuePairs<String, String?>) -> [Setting] {
    values.compactMap { key, text in text.map { Setting(key, $0) } }
  }
}

extension ArgumentHelp {
  /// The help of a plan's field: what it means, its values and its default, all from the one table.
  static func field(_ key: String) -> ArgumentHelp { field(key, of: Plan.self) }

  /// The same of a field of an evaluation.
  static func study(_ key: String) -> ArgumentHelp { field(key, of: StudySettings.self) }

  /// The help of a field of some settings.
  static func field<Record: SettingsRecord>(_ key: String, of record: Record.Type) -> ArgumentHelp {
    guard let field = Record.field(key) else { preconditionFailure("no field \(key)") }
    let notes = [field.values, Record.defaultText(of: key).map { "default \($0)" } ?? ""].filter {
      !$0.isEmpty
    }
    let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    return ArgumentHelp("\(field.sentence)\(note).", valueName: field.valueName)
  }

  /// The help of a plan's switch.
  static func toggle(_ key: String) -> ArgumentHelp { toggle(key, of: Plan.self) }

  /// The help of a switch of some settings.
  static func toggle<Record: SettingsRecord>(_ key: String, of record: Record.Type) -> ArgumentHelp {
    guard let field = Record.field(key) else { preconditionFailure("no field \(key)") }
    let note = Record.defaultText(of: key).map { " (default \($0))" } ?? ""
    return ArgumentHelp("\(field.sentence)\(note).")
  }
}

extension SettingField {
  /// The help with a capital letter.
  fileprivate var sentence: String { help.prefix(1).uppercased() + help.dropFirst() }

  fileprivate var valueName: String {
    switch key {
    case "data", "output", "initial": "folder"
    case "split": "file"
    case "shift-data", "test-data": "folders"
    case "test-shots": "numbers"
    case "option", "head-option": "name=value"
    case "adapt": "roles"
    case "family", "backbone", "pixel-statistics": "name"
    default: values.contains("|") ? "choice" : "number"
    }
  }
}
