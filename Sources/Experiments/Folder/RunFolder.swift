public import Foundation

/// Something a run could not write: which file and why.
public enum RunFolderError: Error, Hashable, CustomStringConvertible {
  /// The folder holds something else that a command made.
  case occupied(path: String, by: RunFolder.Content)
  /// Another process works in the folder; its number if it is known.
  case inUse(path: String, process: Int?)
  /// The folder holds no run that could be continued.
  case noRun(path: String)
  /// The folder holds another evaluation; in what it differs.
  case otherEvaluation(path: String, differences: [String])
  /// A folder could not be made, or nothing can be written there.
  case cannotCreate(path: String, reason: String)
  /// A file could not be written.
  case notWritable(path: String, reason: String)

  /// What, where, why and what to do.
  public var description: String {
    switch self {
    case .occupied(let path, let content):
      "output \(path) already holds \(content.rawValue).\n"
        + (content == .run ? "Continue it with fewshot run --resume, name" : "Name")
        + " another folder with --output, or move this one away."
    case .inUse(let path, let process):
      "\(path) is in use by another process\(process.map { ", \($0)" } ?? "").\n"
        + "Wait for it, stop it, or name another folder with --output."
    case .noRun(let path):
      "\(path) holds no run: it has no config.json.\nCheck the path, or start the run again with --output."
    case .otherEvaluation(let path, let differences):
      "output \(path) already holds another evaluation.\n"
        + "It differs: \(StudyIdentity.summary(differences)).\n"
        + "Name another folder with --output, or move this one away."
    case .cannotCreate(let path, let reason):
      "cannot make the folder \(path): \(reason).\nName another folder with --output."
    case .notWritable(let path, let reason):
      "cannot write \(path): \(reason).\nFree space or name another folder with --output."
    }
  }
}

/// The folder of one run: every file is written whole, under another name, and then moved to its place.
///
/// The folder of a run is locked as long as a copy of this value lives.
public struct RunFolder: Sendable {
  /// Its path.
  public let path: String
  private let lock: FolderLock?

  /// Makes the folder and its subfolders and locks it.
  ///
  /// - Throws: ``RunFolderError`` if it holds results already, another process uses it, or it cannot be made.
  public init(creating path: String) throws(RunFolderError) {
    try Self.refuseOther(than: nil, in: path)
    try Self.make(path)
    try self.init(locking: path)
    // Another process may have made its run here before the lock was ours.
    try Self.refuseOther(than: nil, in: path)
  }

  /// Takes and locks the folder of a run that was begun, and removes files that were never finished.
  ///
  /// - Throws: ``RunFolderError`` if there is none, another process uses it, or nothing can be written there.
  public init(resuming path: String) throws(RunFolderError) {
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
  public init(taking path: String) throws(RunFolderError) {
    self.path = path
    try Self.make(path)
    lock = try FolderLock(path)
    for part in ["", "cells", "episodes", "eval", "figures", EvaluationParts.place] {
      for name in names(in: part) where name.hasSuffix(DurableFile.draftSuffix) {
        try remove(part.isEmpty ? name : "\(part)/\(name)")
      }
    }
  }

  private init(locking path: String) throws(RunFolderError) {
    self.path = path
    lock = try FolderLock(path)
    for part in ["checkpoints", "episodes", "eval", "figures"] { try Self.make("\(path)/\(part)") }
  }

  /// Makes a folder without subfolders and lock, or takes the one that is there.
  ///
  /// - Throws: ``RunFolderError`` if it cannot be made.
  public init(making path: String) throws(RunFolderError) {
    self.path = path
    lock = nil
    try Self.make(path)
  }

  /// What a command made in a folder.
  public enum Content: String, Sendable {
    case run = "a run"
    case evaluation = "an evaluation"
    case ablation = "an ablation"
    case files = "other files with the names of results, which would be replaced"
  }

  /// What a folder holds; nil for nothing of ours.
  public static func content(of path: String) -> Content? {
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    // The order matters: an ablation also has the files of its evaluation.
    if holds("cells.csv") || holds("cells") { return .ablation }
    if holdsRun(path) { return .run }
    if holds(StudyIdentity.file) { return .evaluation }
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
  static func refuseOther(than content: Content?, in path: String) throws(RunFolderError) {
    guard let found = Self.content(of: path), found != content else { return }
    throw .occupied(path: path, by: found)
  }

  /// Whether a run was begun in the folder.
  public static func holdsRun(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/config.json")
  }

  private static func make(_ path: String) throws(RunFolderError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: systemReason(error))
    }
  }

  /// Makes one of its folders if it is not there.
  func makePart(_ part: String) throws(RunFolderError) { try Self.make("\(path)/\(part)") }

  /// Writes a file, replacing an older one at once or not at all, and makes the folders on the way to it.
  public func write(_ data: Data, to name: String) throws(RunFolderError) {
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
  public func write(_ text: String, to name: String) throws(RunFolderError) {
    try write(Data(text.utf8), to: name)
  }

  /// Adds lines to the end of a file, all of them or none.
  public func append(_ text: String, to name: String) throws(RunFolderError) {
    do throws(DurableFile.Failure) {
      try DurableFile.append(Data(text.utf8), to: "\(path)/\(name)")
    } catch {
      throw .notWritable(path: "\(path)/\(name)", reason: error.reason)
    }
  }

  /// Removes a file if it is there.
  public func remove(_ name: String) throws(RunFolderError) {
    do throws(DurableFile.Failure) {
      try DurableFile.remove("\(path)/\(name)")
    } catch {
      throw .notWritable(path: "\(path)/\(name)", reason: error.reason)
    }
  }

  /// The names of the files in one of its folders, sorted; none if it is not there.
  public func names(in part: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)")) ?? []).sorted()
  }

  /// The bytes of a file.
  public func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
