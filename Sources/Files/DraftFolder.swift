internal import Foundation

/// A folder that is made beside its place and appears there whole, or not at all.
///
/// It is locked while it is written, so the next process that makes the same folder can tell what a killed one has left,
/// and removes it.
package struct DraftFolder {
  /// Why it cannot be made or put into its place.
  package struct Failure: Error, Hashable, Sendable {
    /// The folder that was to be made.
    package let path: String
    /// The system's words, or ours.
    package let reason: String
  }

  /// Where its content is written: a hidden folder, so that nothing takes what a killed process left for data.
  package let path: String
  private let place: String
  /// Whether it is made in its place, an empty folder on a file system of its own, as a volume of a container is.
  private let isInside: Bool
  private let lock: FolderLock

  /// Begins a folder, and removes what a killed process left of an earlier attempt.
  ///
  /// - Parameter place: Where it shall be; nothing may be there but an empty folder.
  /// - Throws: ``Failure`` if another process is making the same folder, or nothing can be written there.
  package init(of place: String) throws(Failure) {
    let place = plainPath(place)
    self.place = place
    let parent = URL(fileURLWithPath: place).deletingLastPathComponent().path
    isInside =
      FileIdentity(place) != nil
      && (FileIdentity(place)?.device != FileIdentity(parent)?.device || access(parent, W_OK) != 0)
    let name = URL(fileURLWithPath: place).lastPathComponent
    path =
      isInside ? "\(place)/\(Self.insideName)" : "\(parent)/\(Self.prefix)\(name)\(DurableFile.draftSuffix)"
    try Self.refuseOthers(at: path, for: place)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(path: place, reason: systemReason(error))
    }
    do throws(FolderLock.Failure) {
      lock = try FolderLock(path)
    } catch {
      switch error {
      case .inUse(_, let process):
        throw Failure(
          path: place, reason: "another process\(process.map { ", \($0)," } ?? "") is making it")
      case .owned(_, let owner, _): throw Failure(path: place, reason: "\(owner) is making it")
      case .cannotLock(_, let reason): throw Failure(path: place, reason: reason)
      }
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where !FolderLock.isOwn(name) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// Makes a folder whole, or leaves nothing.
  ///
  /// - Parameters:
  ///   - place: Where it shall be; nothing may be there but an empty folder.
  ///   - write: Writes its content below the path that it is given.
  /// - Returns: What that returns.
  /// - Throws: ``Failure`` if it cannot be made or put into its place, also where something has appeared there meanwhile;
  ///   what `write` throws.
  package static func make<Result>(_ place: String, _ write: (_ path: String) throws -> Result) throws
    -> Result
  {
    let draft = try DraftFolder(of: place)
    let result: Result
    do {
      result = try write(draft.path)
    } catch {
      draft.abandon()
      throw error
    }
    try draft.finish()
    return result
  }

  /// The beginning of its name beside its place.
  private static let prefix = ".fewshot-"

  /// Its name in its place.
  package static let insideName = ".fewshot" + DurableFile.draftSuffix

  /// Refuses what stands where the draft would be made, unless an earlier process began it.
  private static func refuseOthers(at path: String, for place: String) throws(Failure) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    let content =
      status.st_mode & S_IFMT == S_IFDIR ? try? FileManager.default.contentsOfDirectory(atPath: path) : nil
    guard let content, content.isEmpty || content.contains(FolderLock.name) else {
      throw Failure(
        path: place, reason: "\(path) is in the way, and was not made by this program: move it away")
    }
  }

  /// Puts it into its place.
  ///
  /// - Throws: ``Failure`` if something has appeared there meanwhile; the draft is then removed.
  package func finish() throws(Failure) {
    if isInside {
      try moveOut()
      return
    }
    // Its owner file would go along.
    lock.leave()
    // An empty folder is replaced.
    guard rename(path, place) == 0 else {
      let reason = systemReason(code: errno)
      abandon()
      throw Failure(path: place, reason: reason)
    }
    unlink("\(place)/\(FolderLock.name)")
  }

  /// Moves all it holds into the folder it is in, which cannot be replaced itself.
  private func moveOut() throws(Failure) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where !FolderLock.isOwn(name) && rename("\(path)/\(name)", "\(place)/\(name)") != 0 {
      throw Failure(path: place, reason: systemReason(code: errno))
    }
    abandon()
  }

  /// Removes it.
  package func abandon() { try? FileManager.default.removeItem(atPath: path) }
}
