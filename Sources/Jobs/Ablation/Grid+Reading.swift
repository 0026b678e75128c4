internal import Foundation
internal import Networks
package import Settings
internal import Yams

extension Grid {
  /// Reads a grid from YAML or JSON: mappings `base`, `grid` and, if wanted, `evaluate`.
  ///
  /// Under `grid` each key has a list. A list of plain values varies the setting of that name; a list of mappings
  /// varies several settings together, and then the key is only a label.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``ConfigurationFileError`` with file and line.
  package init(contentsOf path: String) throws(ConfigurationFileError) {
    try self.init(ConfigurationFile.text(of: path), from: path)
  }

  /// Reads the text of a grid.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - path: The file's name, for errors.
  /// - Throws: ``ConfigurationFileError`` with file and line.
  package init(_ text: String, from path: String) throws(ConfigurationFileError) {
    let parts = try ConfigurationFile.mapping(text, from: path) ?? [:]
    var base: [Setting] = []
    var axes: [Axis] = []
    var evaluation = StudySettings()
    for (key, value) in parts {
      switch key.string {
      case "base": base = try value.checkedSettings(in: path)
      case "grid": axes = try value.axes(in: path)
      case "evaluate": evaluation = try value.studySettings(in: path)
      default:
        throw .malformed(
          path: path, line: key.mark?.line ?? 0,
          reason: "\"\(key.string ?? "?")\" is none of base, grid, evaluate")
      }
    }
    guard !axes.isEmpty else {
      throw .malformed(
        path: path, line: 1, reason: "there is no grid: name a setting and a list of its values under grid")
    }
    // A few short lines could ask for more cells than memory can list.
    var cells = 1
    for axis in axes {
      let (product, overflow) = cells.multipliedReportingOverflow(by: axis.points.count)
      guard !overflow, product <= Self.largest else {
        throw .malformed(
          path: path, line: 0, reason: "it has more than \(Self.largest) cells. Vary fewer settings at once")
      }
      cells = product
    }
    self.init(base: base, axes: axes, evaluation: evaluation)
  }

  /// The most cells a grid may have.
  private static let largest = 10_000
}

extension Node {
  /// The settings of a mapping, each checked to exist and to take its value.
  fileprivate func checkedSettings(in path: String) throws(ConfigurationFileError) -> [Setting] {
    guard case .mapping(let mapping) = self else {
      throw .malformed(
        path: path, line: mark?.line ?? 0, reason: "settings of the form key: value are needed")
    }
    var found: [Setting] = []
    for (key, value) in mapping {
      let settings = try value.settings(of: key.string ?? "", in: path)
      try settings.check(in: path, line: key.mark?.line ?? 0)
      found += settings
    }
    return found
  }

  fileprivate func axes(in path: String) throws(ConfigurationFileError) -> [Grid.Axis] {
    guard case .mapping(let mapping) = self else {
      throw .malformed(path: path, line: mark?.line ?? 0, reason: "grid needs keys with lists")
    }
    return try mapping.map { pair throws(ConfigurationFileError) in
      let line = pair.key.mark?.line ?? 0
      guard let key = pair.key.string, case .sequence(let items) = pair.value, !items.isEmpty else {
        throw .malformed(
          path: path, line: line, reason: "\(pair.key.string ?? "a key") needs a list of values")
      }
      let points = try items.map { item throws(ConfigurationFileError) in
        // A list among the values is one value of a setting that takes lists, such as the folders of a union.
        let isList = item.sequence != nil && Plan.field(key)?.isList == true
        let settings: [Setting]
        if isList {
          settings = try item.settings(of: key, in: path)
        } else if case .scalar(let scalar) = item {
          settings = [Setting(key, scalar.string)]
        } else {
          return try item.checkedSettings(in: path)
        }
        try settings.check(in: path, line: item.mark?.line ?? line)
        return settings
      }
      return Grid.Axis(key: key, points: points)
    }
  }

  fileprivate func studySettings(in path: String) throws(ConfigurationFileError) -> StudySettings {
    guard case .mapping(let mapping) = self else {
      throw .malformed(
        path: path, line: mark?.line ?? 0, reason: "evaluate needs lines of the form key: value")
    }
    var settings = StudySettings()
    for (key, value) in mapping {
      let line = key.mark?.line ?? 0
      guard let name = key.string, let text = value.scalar?.string else {
        throw .malformed(path: path, line: line, reason: "a key under evaluate needs one value")
      }
      do throws(ConfigurationError) {
        try settings.set(name, to: text)
      } catch {
        throw .setting(path: path, line: line, error)
      }
    }
    return settings
  }
}

extension [Setting] {
  /// Sets them on a plan, to find mistakes early.
  fileprivate func check(in path: String, line: Int) throws(ConfigurationFileError) {
    var scratch = Plan()
    do throws(ConfigurationError) {
      try scratch.apply(self)
    } catch {
      throw .setting(path: path, line: line, error)
    }
  }
}
