package import Files
package import Foundation
internal import ProcessGroups

/// The folder of one run: every file is written whole under another name and then renamed.
///
/// The folder stays locked as long as a copy of this value lives. If it is moved or removed meanwhile, whatever writes
/// in it throws ``RunFolderError/moved(path:)``: another folder at its path would hold a part of the results only.
///
/// Of several processes that do one run together only the first has the folder. For the others it is empty, and what
/// they write goes nowhere; what they have to know of it the first one tells them.
package struct RunFolder: Sendable {
  /// Its path.
  package let path: String
  private let lock: FolderLock?
  /// Who had left it behind, where it was taken over.
  package var predecessor: FolderOwner? { lock?.predecessor }
  /// Which folder stood at the path in the beginning.
  private let identity: FileIdentity?
  /// Whether it is another process's, which reads and writes it.
  package let isElsewhere = Self.isElsewhere

  private static var isElsewhere: Bool { !CurrentGroup.value.isFirst }

  /// Makes the folder and its subfolders and locks it.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - takingOver: Whether it is taken from an owner nothing is known of; see ``FolderLock``.
  /// - Throws: ``RunFolderError`` if it holds results already, another process uses it, or it cannot be made.
  package init(creating path: String, takingOver: Bool = false) throws(RunFolderError) {
    try Self.refuseOther(than: nil, in: path)
    try Self.make(path)
    try self.init(locking: path, takingOver: takingOver)
    // Another process may have begun a run here before this one got the lock.
    try Self.refuseOther(than: nil, in: path)
  }

  /// Makes the first folder of a path, the path with -2, with -3, … that is not there, with its subfolders, and locks it.
  ///
  /// Of several processes that ask for the same path at once, each gets a folder of its own.
  ///
  /// - Throws: ``RunFolderError`` if none can be made.
  package init(claiming path: String) throws(RunFolderError) {
    for candidate in numberedPaths(path) where try Self.makeNew(candidate) {
      try self.init(locking: candidate)
      return
    }
    throw .cannotCreate(path: path, reason: "there are too many of this name")
  }

  /// Takes and locks the folder of a run that was begun, and removes files that were never finished.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - takingOver: Whether it is taken from an owner nothing is known of.
  /// - Throws: ``RunFolderError`` if there is none, another process uses it, or nothing can be written there.
  package init(resuming path: String, takingOver: Bool = false) throws(RunFolderError) {
    try Self.requireRun(path)
    try self.init(locking: path, takingOver: takingOver)
    // What a killed process had begun to write; the lock ensures that no other process is writing.
    if isElsewhere { return }
    let left = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for name in left where name.hasSuffix(DurableFile.draftSuffix) { try remove(name) }
  }

  /// Makes a folder without subfolders, or takes an existing one; locks it and removes files that were never
  /// finished.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - takingOver: Whether it is taken from an owner nothing is known of.
  /// - Throws: ``RunFolderError`` if another process uses it, or nothing can be written there.
  package init(taking path: String, takingOver: Bool = false) throws(RunFolderError) {
    self.path = path
    try Self.make(path)
    lock = try Self.locked(path, takingOver)
    identity = FileIdentity(path)
    // Not in `cells`, where cells may be at work that have their own locks.
    for part in ["", "episodes", "eval", "figures", Self.parts] {
      for name in names(in: part) where name.hasSuffix(DurableFile.draftSuffix) {
        try remove(part.isEmpty ? name : "\(part)/\(name)")
      }
    }
  }

  private init(locking path: String, takingOver: Bool = false) throws(RunFolderError) {
    self.path = path
    lock = try Self.locked(path, takingOver)
    identity = FileIdentity(path)
    if isElsewhere { return }
    for part in ["checkpoints", "episodes", "eval", "figures"] { try makePart(part) }
  }

  /// Makes a folder without subfolders and without a lock, or takes an existing one.
  ///
  /// - Throws: ``RunFolderError`` if it cannot be made.
  package init(making path: String) throws(RunFolderError) {
    try Self.make(path)
    try self.init(existing: path)
  }

  /// Takes a folder that is there, without a lock.
  ///
  /// - Throws: ``RunFolderError/moved(path:)`` if it is not there.
  package init(existing path: String) throws(RunFolderError) {
    self.path = path
    lock = nil
    identity = FileIdentity(path)
    guard identity != nil || isElsewhere else { throw .moved(path: path) }
  }

  /// What a folder already holds.
  package enum Content: String, Sendable {
    case run = "a run"
    case conversion = "a converted network"
    case imported = "an imported network"
    case evaluation = "an evaluation"
    case ablation = "an ablation"
    case files = "other files with the same names as results, which would be replaced"

    /// Whether it is a network that was made without training here, and so without results.
    package var isUntrained: Bool { self == .conversion || self == .imported }
  }

  /// What a folder holds; nil for nothing that this program made.
  package static func content(of path: String) -> Content? {
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    // The order matters: an ablation also has the files of its evaluation.
    if holds("cells.csv") || holds("cells") { return .ablation }
    if holdsRun(path) { return holds(conversionFile) ? .conversion : holds(importFile) ? .imported : .run }
    if holds(Self.evaluationFile) { return .evaluation }
    let files = ["results.json", "report.md", "report.html", "report.tex", "metrics.csv"]
    let folders = ["figures", "tables", "checkpoints"].compactMap {
      try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\($0)")
    }
    // A run that was killed at its very beginning leaves empty folders.
    return files.contains(where: holds) || folders.contains { !$0.isEmpty } ? .files : nil
  }

  /// Refuses a folder with results of another kind, which would be overwritten.
  ///
  /// - Parameters:
  ///   - content: What may be there; nil for nothing.
  ///   - path: The folder.
  /// - Throws: ``RunFolderError/occupied(path:by:)``.
  package static func refuseOther(than content: Content?, in path: String) throws(RunFolderError) {
    guard !isElsewhere, let found = Self.content(of: path), found != content else { return }
    throw .occupied(path: path, by: found)
  }

  /// Whether a run was begun in the folder.
  package static func holdsRun(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/config.json")
  }

  /// Refuses a folder that does not hold a run that was begun.
  ///
  /// - Throws: ``RunFolderError/noRun(path:)`` or ``RunFolderError/notTrained(path:)``.
  package static func requireRun(_ path: String) throws(RunFolderError) {
    guard holdsRun(path) else { throw .noRun(path: path) }
    if let content = content(of: path), content.isUntrained { throw .notTrained(path: path, content) }
  }

  private static func locked(_ path: String, _ takingOver: Bool) throws(RunFolderError) -> FolderLock? {
    if isElsewhere { return nil }
    do throws(FolderLock.Failure) {
      return try FolderLock(path, takingOver: takingOver)
    } catch {
      throw RunFolderError(error)
    }
  }

  private static func make(_ path: String) throws(RunFolderError) {
    if isElsewhere { return }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: systemReason(error))
    }
  }

  /// Makes a folder that is not there; whether it did.
  package static func makeNew(_ path: String) throws(RunFolderError) -> Bool {
    if isElsewhere { return true }
    do throws(DurableFile.Failure) {
      return try makeNewFolder(path)
    } catch {
      throw .cannotCreate(path: path, reason: error.reason)
    }
  }

  /// Throws if the path leads to another folder than in the beginning, or to none, or if another process has taken the
  /// folder over.
  package func requireSame() throws(RunFolderError) {
    if isElsewhere { return }
    guard identity != nil, FileIdentity(path) == identity else { throw .moved(path: path) }
    guard lock?.isHeld ?? true else { throw .takenOver(path: path) }
  }

  /// Does something with a file of the folder, and makes sure that it was this folder's.
  private func change(
    _ name: String, _ body: (_ file: String) throws(DurableFile.Failure) -> Void
  ) throws(RunFolderError) {
    if isElsewhere { return }
    try requireSame()
    do throws(DurableFile.Failure) {
      try body("\(path)/\(name)")
    } catch {
      try requireSame()
      throw .notWritable(path: "\(path)/\(name)", reason: error.reason)
    }
    try requireSame()
  }

  /// Makes one of its folders if it is not there.
  package func makePart(_ part: String) throws(RunFolderError) {
    try requireSame()
    try Self.make("\(path)/\(part)")
  }

  /// Writes a file, replacing an older one at once or not at all, and makes the folders on the way to it.
  package func write(_ data: Data, to name: String) throws(RunFolderError) {
    try write(CollectionOfOne(data), to: name)
  }

  /// Writes a file of several pieces, of which each is made when its turn comes: a large one need not stand in memory.
  package func write(_ pieces: some Sequence<Data>, to name: String) throws(RunFolderError) {
    if isElsewhere { return }
    try requireSame()
    let folder = URL(fileURLWithPath: "\(path)/\(name)").deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .notWritable(path: folder, reason: systemReason(error))
    }
    try change(name) { file throws(DurableFile.Failure) in try DurableFile.replace(file, with: pieces) }
  }

  /// Writes text.
  package func write(_ text: String, to name: String) throws(RunFolderError) {
    try write(Data(text.utf8), to: name)
  }

  /// Adds lines to the end of a file, all of them or none.
  package func append(_ text: String, to name: String) throws(RunFolderError) {
    try append(Data(text.utf8), to: name)
  }

  /// Adds bytes to the end of a file, all of them or none.
  package func append(_ data: Data, to name: String) throws(RunFolderError) {
    try change(name) { file throws(DurableFile.Failure) in try DurableFile.append(data, to: file) }
  }

  /// Removes a file if it is there.
  package func remove(_ name: String) throws(RunFolderError) {
    try change(name) { file throws(DurableFile.Failure) in try DurableFile.remove(file) }
  }

  /// The names of the files in one of its folders, sorted; none if it is not there.
  package func names(in part: String) -> [String] {
    isElsewhere
      ? [] : ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)")) ?? []).sorted()
  }

  /// Whether it has a file.
  package func holds(_ name: String) -> Bool {
    !isElsewhere && FileManager.default.fileExists(atPath: "\(path)/\(name)")
  }

  /// The bytes of a file.
  package func read(_ name: String) throws -> Data {
    if isElsewhere { throw CocoaError(.fileReadNoSuchFile) }
    return try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
