internal import Foundation
internal import Networks
package import Settings
internal import Yams

extension NetworkMap {
  /// Settings that say what network it is.
  private static let allowed = [
    "backbone", "filters", "channels", "image-size", "invert", "crop", "resize", "pixel-statistics",
  ]
  private static let known = allowed + ["tensors", "ignore", "norm-epsilon"]

  /// Reads a mapping: settings of the network, `tensors` (path here: name there), `ignore` and `norm-epsilon`.
  ///
  /// A path may have `{n}` for any number, and the name behind it `{n}`, `{n-1}` or `{n+1}`; any letter will do.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - path: Where it is, for messages.
  /// - Throws: `ConfigurationFileError` with file and line.
  package init(parsing text: String, from path: String) throws(ConfigurationFileError) {
    guard let mapping = try ConfigurationFile.mapping(text, from: path) else {
      throw .malformed(path: path, line: 0, reason: "it is empty")
    }
    var settings: [Setting] = []
    var rules: [Rule] = []
    var ignored: [String] = []
    var epsilon = 1e-5
    for (key, value) in mapping {
      let (name, line) = (key.string ?? "", key.mark?.line ?? 0)
      func malformed(_ reason: String) -> ConfigurationFileError {
        .malformed(path: path, line: line, reason: reason)
      }
      switch name {
      case "tensors":
        guard let pairs = value.mapping else { throw malformed("tensors needs pairs of a path and a name") }
        for (path, name) in pairs {
          guard let path = path.string, let name = name.string, let rule = Rule(path, name) else {
            throw malformed("tensors needs pairs of a path and a name, with {n} for numbers")
          }
          rules.append(rule)
        }
      case "ignore":
        guard let names = value.sequence?.map(\.string), !names.contains(nil) else {
          throw malformed("ignore needs a list of names")
        }
        ignored = names.compactMap(\.self)
      case "norm-epsilon":
        guard let number = value.float, number > 0, number < 1 else {
          throw malformed("norm-epsilon needs a number above 0 and below 1")
        }
        epsilon = number
      case _ where Self.allowed.contains(name): settings += try value.settings(of: name, in: path)
      default:
        throw .setting(
          path: path, line: line,
          ConfigurationError(
            field: name, value: value.string ?? "", reason: "a mapping has no such key",
            remedy: "Use \(Self.known.joined(separator: ", "))"))
      }
    }
    guard settings.contains(where: { $0.key == "backbone" }), !rules.isEmpty else {
      throw .malformed(path: path, line: 0, reason: "it needs a backbone and tensors")
    }
    let found = rules
    self.init(name: path, settings: settings, ignored: ignored, epsilon: epsilon) { path in
      found.lazy.compactMap { $0.name(of: path) }.first
    }
  }

  /// One line of `tensors`.
  private struct Rule: Sendable {
    /// Fixed texts of the path, and between each two of them a number.
    private let texts: [String]
    /// The letters of the numbers.
    private let letters: [String]
    private let name: String

    init?(_ path: String, _ name: String) {
      var (texts, letters) = ([""], [String]())
      var rest = path[...]
      while let character = rest.first {
        if character == "{" {
          let inner = rest.dropFirst().prefix { $0 != "}" }
          guard inner.count == 1, rest.count > 2, !letters.contains(String(inner)) else { return nil }
          letters.append(String(inner))
          texts.append("")
          rest = rest.dropFirst(3)
        } else {
          texts[texts.count - 1].append(character)
          rest = rest.dropFirst()
        }
      }
      (self.texts, self.letters, self.name) = (texts, letters, name)
    }

    /// The name for a path that fits.
    func name(of path: String) -> String? {
      var rest = path[...]
      var numbers: [Int] = []
      for (i, text) in texts.enumerated() {
        guard rest.hasPrefix(text) else { return nil }
        rest = rest.dropFirst(text.count)
        guard i < letters.count else { break }
        let digits = rest.prefix { $0.isNumber }
        guard let number = Int(digits) else { return nil }
        numbers.append(number)
        rest = rest.dropFirst(digits.count)
      }
      guard rest.isEmpty else { return nil }
      return zip(letters, numbers).reduce(name) { name, item in
        name.replacing("{\(item.0)}", with: "\(item.1)")
          .replacing("{\(item.0)-1}", with: "\(item.1 - 1)")
          .replacing("{\(item.0)+1}", with: "\(item.1 + 1)")
      }
    }
  }
}
