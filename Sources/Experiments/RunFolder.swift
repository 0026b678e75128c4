public import Foundation

/// Something a run could not write: which file and why.
public enum RunFolderError: Error, Hashable, CustomStringConvertible {
  /// The folder is another run's.
  case occupied(path: String)
  /// A folder could not be made.
  case cannotCreate(path: String, reason: String)
  /// A file could not be written.
  case notWritable(path: String, reason: String)

  /// What, where, why and what to do.
  public var description: String {
    switch self {
    case .occupied(let path):
      "output \(path) already holds a run.\nName another folder with --output, or move this one away."
    case .cannotCreate(let path, let reason):
      "cannot make the folder \(path): \(reason).\nName another folder with --output."
    case .notWritable(let path, let reason):
      "cannot write \(path): \(reason).\nFree space or name another folder with --output."
    }
  }
}

/// The folder of one run: every file is written whole, under another name, and then moved to its place.
public struct RunFolder: Sendable {
  /// Its path.
  public let path: String

  /// Makes the folder and its subfolders.
  ///
  /// - Throws: ``RunFolderError`` if it holds a run already or cannot be made.
  public init(creating path: String) throws(RunFolderError) {
    guard !FileManager.default.fileExists(atPath: path + "/config.json") else { throw .occupied(path: path) }
    try self.init(making: path)
    for part in ["checkpoints", "episodes", "eval", "figures"] { try Self.make("\(path)/\(part)") }
  }

  /// Makes a folder without subfolders, or takes the one that is there.
  ///
  /// - Throws: ``RunFolderError`` if it cannot be made.
  public init(making path: String) throws(RunFolderError) {
    self.path = path
    try Self.make(path)
  }

  private static func make(_ path: String) throws(RunFolderError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: error.localizedDescription)
    }
  }

  /// Writes a file, replacing an older one at once or not at all.
  public func write(_ data: Data, to name: String) throws(RunFolderError) {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw .notWritable(path: url.path, reason: error.localizedDescription)
    }
  }

  /// Writes text.
  public func write(_ text: String, to name: String) throws(RunFolderError) {
    try write(Data(text.utf8), to: name)
  }

  /// Adds lines to the end of a file.
  public func append(_ text: String, to name: String) throws(RunFolderError) {
    let file = "\(path)/\(name)"
    guard let handle = FileHandle(forWritingAtPath: file) else { return try write(text, to: name) }
    do {
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw .notWritable(path: file, reason: error.localizedDescription)
    }
  }
}
