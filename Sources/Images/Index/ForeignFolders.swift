internal import Files
internal import Formats

/// Folders below a data folder that hold no data.
enum ForeignFolders {
  private static let system: Set = [
    "__macosx", "$recycle.bin", "recycler", "system volume information", "lost+found", "#recycle",
    "#snapshot", "__pycache__", "@eadir", "@tmp", "@recycle", "@recently-snapshot",
    "~snapshot", "network trash folder", "temporary items", "thevolumesettingsfolder", "found.000",
  ]

  /// Whether a file or folder of this name belongs to a system: hidden ones, thumbnails, bins.
  static func isSystem(_ name: String) -> Bool { isHidden(name) || isMarked(name) }

  /// Whether it is hidden, as people expect it.
  static func isHidden(_ name: String) -> Bool { name.hasPrefix(".") }

  /// Whether it is a folder that systems put beside people's files without hiding it.
  static func isMarked(_ name: String) -> Bool {
    system.contains(name.lowercased())
  }

  /// Whether a folder holds results of this program: its settings or facts beside what a run, an evaluation or an
  /// ablation makes.
  ///
  /// A class may well have a file `config.json` of its own.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - files: The names of its files.
  ///   - folders: The names of its folders.
  /// - Returns: Whether it does.
  static func holdsResults(_ folder: String, files: Set<String>, folders: Set<String>) -> Bool {
    let isFinished = files.contains("results.json")
    if files.contains("cells.csv"), folders.contains("cells") || isFinished {
      let start = try? contents(ofFile: "\(folder)/cells.csv", limit: 1 << 20).prefix(11)
      return start.map { $0.elementsEqual("cell,status".utf8) } ?? false
    }
    if files.contains("config.json"), isFinished || folders.contains("checkpoints") {
      return document("\(folder)/config.json")?["environment"]?["version"]?.string != nil
    }
    if files.contains("evaluation.json"), isFinished || folders.contains("eval") {
      return document("\(folder)/evaluation.json")?["facts"] != nil
    }
    return false
  }

  private static func document(_ path: String) -> JSONValue? {
    guard let bytes = try? contents(ofFile: path, limit: 1 << 20) else { return nil }
    return try? JSONReader.read(bytes[...], limits: .init(allowsNUL: true))
  }
}
