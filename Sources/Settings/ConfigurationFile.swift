internal import Files
internal import Foundation
internal import Networks
package import Yams

/// Settings read from a YAML or JSON file; the keys are the names of the flags.
package struct ConfigurationFile: Sendable {
  /// The key whose value is ignored on reading: what a run notes about its environment.
  static let environmentKey = "environment"
  /// Where it notes which settings follow from others, with their values.
  static let followedKey = "follows"
  /// Where it notes where the folders and files are that the settings name.
  static let placesKey = "places"

  /// A setting and the line it stands on.
  struct Line: Sendable {
    let number: Int
    let setting: Setting
  }

  /// Where it was read from.
  package let path: String
  /// What a run noted about its environment, by name; empty in a file that was written by hand.
  package let environment: [String: String]
  /// What was not set but follows from other settings.
  private let followed: Set<Setting>
  /// Where the folders and files are that the settings name, by name.
  private let places: [String: SavedPlace]
  private let lines: [Line]

  /// Reads a file.
  ///
  /// - Parameter path: A YAML or JSON file with one mapping of keys to values.
  /// - Throws: If it is missing, cannot be read, or is not such a mapping.
  package init(contentsOf path: String) throws(ConfigurationFileError) {
    try self.init(Self.text(of: path), from: path)
  }

  /// The text of a file.
  package static func text(of path: String) throws(ConfigurationFileError) -> String {
    let data: Data
    do {
      data = try Self.contents(ofFile: path)
    } catch {
      guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
      throw .unreadable(path: path, reason: systemReason(error))
    }
    guard data.count <= Self.largest else {
      throw .malformed(path: path, line: 0, reason: "it is longer than \(Self.largest) bytes")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .malformed(path: path, line: 0, reason: "it is not UTF-8 text")
    }
    return text
  }

  /// The one mapping a text consists of; nil if it is empty.
  package static func mapping(_ text: String, from path: String) throws(ConfigurationFileError) -> Node
    .Mapping?
  {
    if text.utf8.contains(0) { throw .malformed(path: path, line: 0, reason: "it holds a NUL character") }
    if Self.hasAliases(text) {
      throw .malformed(
        path: path, line: 0,
        reason: "anchors and aliases (&name, *name) are not read here; write the value out")
    }
    let root: Node?
    do {
      root = try compose(yaml: text)
    } catch let error as YamlError {
      throw error.fault(in: path)
    } catch {
      throw .malformed(path: path, line: 0, reason: "\(error)")
    }
    guard let root else { return nil }
    guard case .mapping(let mapping) = root else {
      throw .malformed(path: path, line: 1, reason: "it needs lines of the form key: value")
    }
    return mapping
  }

  /// Reads the text of a file.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - path: The file's name, for errors.
  /// - Throws: If it is not one mapping of keys to values.
  package init(_ text: String, from path: String) throws(ConfigurationFileError) {
    self.path = path
    guard let mapping = try Self.mapping(text, from: path) else {
      lines = []
      (environment, followed, places) = ([:], [], [:])
      return
    }
    var lines: [Line] = []
    var notes = Node.Mapping([])
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw .malformed(path: path, line: key.mark?.line ?? 0, reason: "a key must be a name")
      }
      if name == Self.environmentKey {
        notes = value.mapping ?? [:]
        continue
      }
      lines += try value.settings(of: name, in: path).map { Line(number: key.mark?.line ?? 0, setting: $0) }
    }
    self.lines = lines
    environment = notes.texts
    followed = Set(
      (notes[Self.followedKey]?.mapping?.byName ?? [:]).flatMap { key, value in
        (try? value.settings(of: key, in: path)) ?? []
      })
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    places = (notes[Self.placesKey]?.mapping?.byName ?? [:]).compactMapValues {
      SavedPlace($0.mapping?.texts ?? [:], beside: folder)
    }
  }

  /// The most bytes a configuration takes.
  static let largest = 1 << 18

  /// At most one byte more than the limit, so that an endless file ends.
  private static func contents(ofFile path: String) throws -> Data {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    var data = Data()
    while data.count <= largest, let part = try file.read(upToCount: largest + 1 - data.count), !part.isEmpty
    {
      data += part
    }
    return data
  }

  /// Whether a text may give a name to a value and repeat it, which lets a few lines stand for billions.
  ///
  /// Judged before the reader sees it, because the reader compares keys, repeated ones included, in full.
  private static func hasAliases(_ text: String) -> Bool {
    var (anchor, alias) = (false, false)
    var before = UInt8(ascii: " ")
    let bytes = Array(text.utf8)
    for (i, byte) in bytes.enumerated() {
      let starts = !isWord(before) && i + 1 < bytes.count && isWord(bytes[i + 1])
      if byte == UInt8(ascii: "&") { anchor = anchor || starts }
      if byte == UInt8(ascii: "*") { alias = alias || starts }
      before = byte
    }
    return anchor && alias
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A plan with what the file sets.
  ///
  /// What a run noted to follow from other settings is not set by it, unless its value was changed since: it follows
  /// from the settings of the plan again. A folder or file that is not where the file says, but where a run noted it
  /// to be, is taken from there.
  ///
  /// - Parameter plan: Where it starts.
  /// - Returns: The plan with every setting of the file.
  /// - Throws: If a key is unknown or a value not valid; the error names the line.
  package func applied(to plan: Plan) throws(ConfigurationFileError) -> Plan {
    try applied(lines.filter { !followed.contains($0.setting) }, to: plan)
  }

  /// The plan that a run recorded: all of the file, also what follows from other settings.
  ///
  /// - Throws: As ``applied(to:)``.
  package func resolved() throws(ConfigurationFileError) -> Plan { try applied(lines, to: Plan()) }

  private func applied(_ lines: [Line], to plan: Plan) throws(ConfigurationFileError) -> Plan {
    var plan = plan
    for line in lines {
      let key = line.setting.key
      do throws(ConfigurationError) {
        try plan.set(key, to: Plan.paths.contains(key) ? current(line.setting) : line.setting.text)
      } catch {
        throw .setting(path: path, line: line.number, error)
      }
    }
    return plan
  }

  /// A setting that names folders or a file, with the places where they are now.
  private func current(_ setting: Setting) -> String {
    func current(_ text: String) -> String { places[text]?.current(asGiven: text) ?? text }
    guard Plan.field(setting.key)?.isList == true, let folders = DataFolders(text: setting.text) else {
      return current(setting.text)
    }
    return folders.mapped(current).text
  }
}

extension Node {
  /// One setting for a value or a list of them, several for the pairs of a repeatable field, none for null.
  package func settings(of key: String, in path: String) throws(ConfigurationFileError) -> [Setting] {
    let isRepeatable = Plan.field(key)?.isRepeatable ?? false
    let isList = Plan.field(key)?.isList ?? false
    switch self {
    case .scalar(let scalar):
      let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
      // What is written as text is one path, also where it looks like a list.
      let folder = isList && !scalar.string.isEmpty ? DataFolders(scalar.string).text : scalar.string
      return isNull ? [] : [Setting(key, folder)]
    case .sequence(let nodes) where isList:
      let texts = nodes.map { $0.scalar?.string }
      guard let folders = DataFolders(texts.compactMap { $0 }), !texts.contains(nil) else {
        throw .malformed(
          path: path, line: mark?.line ?? 0, reason: "\(key) needs a path, or a list of paths")
      }
      return [Setting(key, folders.text)]
    case .sequence(let nodes) where isRepeatable:
      var settings: [Setting] = []
      for node in nodes { settings += try node.settings(of: key, in: path) }
      return settings
    case .mapping(let mapping) where isRepeatable:
      return try mapping.map { pair throws(ConfigurationFileError) in
        guard let name = pair.key.scalar?.string, let value = pair.value.scalar?.string else {
          throw .malformed(
            path: path, line: pair.key.mark?.line ?? 0, reason: "\(key) needs pairs of a name and a value")
        }
        return Setting(key, "\(name)=\(value)")
      }
    default:
      throw .malformed(path: path, line: mark?.line ?? 0, reason: "\(key) needs one value, not several")
    }
  }
}

extension Node.Mapping {
  /// Its values by the names of their keys.
  fileprivate var byName: [String: Node] {
    Dictionary(compactMap { key, value in key.string.map { ($0, value) } }) { first, _ in first }
  }

  /// Those of its values that are text or numbers.
  fileprivate var texts: [String: String] { byName.compactMapValues(\.string) }
}

extension YamlError {
  fileprivate func fault(in path: String) -> ConfigurationFileError {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .malformed(path: path, line: mark.line, reason: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      .malformed(
        path: path, line: context.mark.line,
        reason: "\(duplicates.joined(separator: ", ")) appears more than once")
    default: .malformed(path: path, line: 0, reason: "it is neither YAML nor JSON")
    }
  }
}
