internal import Files
package import Foundation

/// The folder of one run: every file is written whole under another name and then renamed.
///
/// The folder of a run is locked as long as a copy of this value lives.
package struct RunFolder: Sendable {
  /// Its path.
  package let path: String
  private let lock: FolderLock?

  /// Makes the folder and its subfolders and locks it.
  ///
  /// - Throws: ``RunFolderError`` if it holds results already, another process uses it, or it cannot be made.
  package init(creating path: String) throws(RunFolderError) {
    try Self.refuseOther(than: nil, in: path)
    try Self.make(path)
    try self.init(locking: path)
    // Another process may have made its run here before the lock was ours.
    try Self.refuseOther(than: nil, in: path)
  }

  /// Takes and locks the folder of a run that was begun, and removes files that were never finished.
  ///
  /// - Throws: ``RunFolderError`` if there is none, another process uses it, or nothing can be written there.
  package init(resuming path: String) throws(RunFolderError) {
    guard Self.holdsRun(path) else { throw .noRun(path: path) }
    try self.init(locking: path)
    // What a killed process had begun to write; the lock says that nobody is writing now.
    let left = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for name in left where name.hasSuffix(DurableFile.draftSuffix) { try remove(name) }
  }

  /// Makes a folder without subfolders, or takes the one that is there; locks it and removes files that were never
  /// finished.
  ///
  /// - Throws: ``RunFolderError`` if another process uses it, or nothing can be written there.
  package init(taking path: String) throws(RunFolderError) {
    self.path = path
    try Self.make(path)
    lock = try Self.locked(path)
    for part in ["", "cells", "episodes", "eval", "figures", Self.parts] {
      for name in names(in: part) where name.hasSuffix(DurableFile.draftSuffix) {
        try remove(part.isEmpty ? name : "\(part)/\(name)")
      }
    }
  }

  private init(locking path: String) throws(RunFolderError) {
    self.path = path
    lock = try Self.locked(path)
    for part in ["checkpoints", "episodes", "eval", "figures"] { try Self.make("\(path)/\(part)") }
  }

  /// Makes a folder without subfolders and lock, or takes the one that is there.
  ///
  /// - Throws: ``RunFolderError`` if it cannot be made.
  package init(making path: String) throws(RunFolderError) {
    self.path = path
    lock = nil
    try Self.make(path)
  }

  /// What a command made in a folder.
  package enum Content: String, Sendable {
    case run = "a run"
    case evaluation = "an evaluation"
    case ablation = "an ablation"
    case files = "other files with the names of results, which would be replaced"
  }

  /// What a folder holds; nil for nothing of ours.
  package static func content(of path: String) -> Content? {
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    // The order matters: an ablation also has the files of its evaluation.
    if holds("cells.csv") || holds("cells") { return .ablation }
    if holdsRun(path) { return .run }
    if holds(Self.evaluationFile) { return .evaluation }
    let files = ["results.json", "report.md", "report.html", "report.tex", "metrics.csv"]
    let folders = ["figures", "tables", "checkpoints"].compactMap {
      try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\($0)")
    }
    // A run that was killed at its very beginning leaves empty folders.
    return files.contains(where: holds) || folders.contains { !$0.isEmpty } ? .files : nil
  }

  /// Refuses a folder with results of another kind, which would be written over.
  ///
  /// - Parameters:
  ///   - content: What may be there; nil for nothing.
  ///   - path: The folder.
  /// - Throws: ``RunFolderError/occupied(path:by:)``.
  package static func refuseOther(than content: Content?, in path: String) throws(RunFolderError) {
    guard let found = Self.content(of: path), found != content else { return }
    throw .occupied(path: path, by: found)
  }

  /// Whether a run was begun in the folder.
  package static func holdsRun(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/config.json")
  }

  private static func locked(_ path: String) throws(RunFolderError) -> FolderLock {
    do throws(FolderLock.Failure) {
      return try FolderLock(path)
    } catch {
      throw RunFolderError(error)
    }
  }

  private static func make(_ path: String) throws(RunFolderError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: systemReason(error))
    }
  }

  /// Makes one of its folders if it is not there.
  package func makePart(_ part: String) throws(RunFolderError) { try Self.make("\(path)/\(part)") }

  /// Writes a file, replacing an older one at once or not at all, and makes the folders on the way to it.
  package func write(_ data: Data, to name: String) throws(RunFolderError) {
    let file = "\(path)/\(name)"
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .notWritable(path: folder, reason: systemReason(error))
    }
    do throws(DurableFile.Failure) {
      try DurableFile.replace(file, with: data)
    } catch {
      throw .notWritable(path: file, reason: error.reason)
    }
  }

  /// Writes text.
  package func write(_ text: String, to name: String) throws(RunFolderError) {
    try write(Data(text.utf8), to: name)
  }

  /// Adds lines to the end of a file, all of them or none.
  package func append(_ text: String, to name: String) throws(RunFolderError) {
    do throws(DurableFile.Failure) {
      try DurableFile.append(Data(text.utf8), to: "\(path)/\(name)")
    } catch {
      throw .notWritable(path: "\(path)/\(name)", reason: error.reason)
    }
  }

  /// Removes a file if it is there.
  package func remove(_ name: String) throws(RunFolderError) {
    do throws(DurableFile.Failure) {
      try DurableFile.remove("\(path)/\(name)")
    } catch {
      throw .notWritable(path: "\(path)/\(name)", reason: error.reason)
    }
  }

  /// The names of the files in one of its folders, sorted; none if it is not there.
  package func names(in part: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)")) ?? []).sorted()
  }

  /// The bytes of a file.
  package func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
