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

  /// Where its content is written.
  package let path: String
  private let place: String
  private let lock: FolderLock

  /// Begins a folder, and removes what a killed process left of an earlier attempt.
  ///
  /// - Parameter place: Where it shall be; nothing may be there but an empty folder.
  /// - Throws: ``Failure`` if another process is making the same folder, or nothing can be written there.
  package init(of place: String) throws(Failure) {
    self.place = place
    path = place + DurableFile.draftSuffix
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
      case .cannotLock(_, let reason): throw Failure(path: place, reason: reason)
      }
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name != FolderLock.name {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// Puts it into its place.
  ///
  /// - Throws: ``Failure`` if something has appeared there meanwhile; the draft is then removed.
  package func finish() throws(Failure) {
    // An empty folder is replaced.
    guard rename(path, place) == 0 else {
      let reason = String(cString: strerror(errno))
      abandon()
      throw Failure(path: place, reason: reason)
    }
    unlink("\(place)/\(FolderLock.name)")
  }

  /// Removes it.
  package func abandon() { try? FileManager.default.removeItem(atPath: path) }
}
