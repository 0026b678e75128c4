internal import Files
internal import Formats
internal import Foundation

/// Where a folder or file is that a saved configuration names, so that it is found from other folders, and where both
/// were moved together.
struct SavedPlace: Hashable, Sendable {
  /// From the root.
  let absolute: String
  /// From the folder of the configuration.
  let relative: String
  /// The folder of the configuration.
  let folder: String

  /// The place of a path.
  ///
  /// - Parameters:
  ///   - path: As it is given, from the working folder.
  ///   - folder: The configuration's.
  init(of path: String, beside folder: String) {
    absolute = absolutePath(path)
    relative = relativePath(path, from: folder)
    self.folder = folder
  }

  /// What a configuration says of a place; nil if that is none.
  init?(_ texts: [String: String], beside folder: String) {
    guard let absolute = texts["absolute"], let relative = texts["relative"] else { return nil }
    (self.absolute, self.relative, self.folder) = (absolute, relative, folder)
  }

  /// How it stands in a configuration.
  var document: JSONValue { .members(["absolute": .text(absolute), "relative": .text(relative)]) }

  /// Where it is now: beside the configuration as it was, else where it was.
  ///
  /// - Parameter text: The path as it was given, which is kept where it leads there.
  /// - Returns: A path; as it was given if nothing is found.
  func current(asGiven text: String) -> String {
    let found = ["\(folder)/\(relative)", absolute].first { FileIdentity($0) != nil }
    guard let found, FileIdentity(found) != FileIdentity(text) else { return text }
    return absolutePath(found)
  }
}
