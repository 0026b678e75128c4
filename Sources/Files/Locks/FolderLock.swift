internal import Foundation

/// Marks a folder as in use by this process: held as long as this value lives, and released when the process ends.
///
/// Two locks lie on one another. The system's advisory lock (`flock`) on a hidden file goes with its process, so a killed
/// one leaves nothing behind; the file itself stays, since removing it would let two processes each lock a file of the
/// same name. But on network file systems that lock may be missing, or known to one machine only. So whoever works in a
/// folder also has an owner file beside it, which only one of many can make, on whatever machine they are. One that was
/// left behind is taken over where its process is gone for certain; else only if the caller says so, and if no sign of
/// life comes while it is watched.
package final class FolderLock: Sendable {
  /// Why a folder cannot be locked.
  package enum Failure: Error, Hashable, Sendable {
    /// Another process of this machine, or another value in this one, holds the lock; its number if it is known.
    case inUse(path: String, process: Int?)
    /// Somebody has the folder who is not of this machine, or cannot be asked; whether a sign of life was seen.
    case owned(path: String, by: FolderOwner, isAlive: Bool)
    /// Nothing can be written in the folder.
    case cannotLock(path: String, reason: String)
  }

  /// What the system does about `flock`; other than `system` for tests.
  package enum Advisory: Sendable {
    /// What it does.
    case system
    /// As on a file system without it.
    case missing
    /// As where only other machines hold locks: everybody gets it.
    case local
  }

  /// The name of the locked file.
  package static let name = ".lock"

  /// Whether a file in a folder is one of its lock.
  package static func isOwn(_ file: String) -> Bool { file == name || file == name + OwnerFile.suffix }

  /// The open file that carries the lock; a process that inherits it holds the lock too, until both are gone.
  package let descriptor: Int32
  /// Whose the folder was, where an owner file was taken over.
  package let predecessor: FolderOwner?
  private let owner: OwnerFile

  /// Locks a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder; it must exist.
  ///   - name: The file in it that is locked; made if it is not there.
  ///   - takingOver: Whether the folder is taken from an owner nothing is known of, if it gives no sign of life in the
  ///     time of two and a half.
  ///   - beat: Seconds between two signs of life.
  ///   - advisory: What the system does about `flock`.
  /// - Throws: ``Failure/inUse(path:process:)`` or ``Failure/owned(path:by:isAlive:)`` if somebody has locked it;
  ///   ``Failure/cannotLock(path:reason:)`` if nothing can be written there.
  package init(
    _ folder: String, name: String = name, takingOver: Bool = false, beat: Double? = nil,
    advisory: Advisory = .system
  ) throws(Failure) {
    let file = open("\(folder)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .cannotLock(path: folder, reason: systemReason(code: errno)) }
    let path = "\(folder)/\(name)\(OwnerFile.suffix)"
    do throws(Failure) {
      (owner, predecessor) = try Self.own(
        path, of: folder, file: file, takingOver: takingOver, beat: beat ?? FolderOwner.usualBeat, advisory)
    } catch {
      close(file)
      throw error
    }
    OwnerHeart.add(owner)
    // Last of all: a value that is whole is closed by `deinit` when its initializer throws, and closing twice would
    // close what another thread has opened in between.
    descriptor = file
  }

  deinit {
    leave()
    close(descriptor)
  }

  /// Whether the folder is still this value's, and nobody has taken it over.
  package var isHeld: Bool { owner.isHeld() }

  /// Whom the owner file of a lock names.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - name: The file in it that is locked.
  /// - Returns: Somebody who may be gone; nil for nobody.
  package static func owner(of folder: String, name: String = name) -> FolderOwner? {
    OwnerFile.find("\(folder)/\(name)\(OwnerFile.suffix)")?.owner
  }

  /// Removes the owner file, before the folder gets another name.
  func leave() {
    OwnerHeart.remove(owner)
    owner.remove()
  }

  /// Locks the open file, and makes the owner file.
  private static func own(
    _ path: String, of folder: String, file: Int32, takingOver: Bool, beat: Double, _ advisory: Advisory
  ) throws(Failure) -> (OwnerFile, predecessor: FolderOwner?) {
    let hasLock = try lock(file, owner: path, of: folder, advisory)
    var status = stat()
    fstat(file, &status)
    let own = OwnerFile(path, owner: FolderOwner(file: Int(status.st_ino), beat: beat))
    var predecessor: FolderOwner?
    for _ in 0..<20 {
      do throws(DurableFile.Failure) {
        if try own.publish() { return (own, predecessor) }
      } catch {
        throw .cannotLock(path: folder, reason: error.reason)
      }
      // Gone meanwhile: once more.
      guard let found = OwnerFile.find(path) else { continue }
      let standing =
        found.owner.isThisProcess
        ? (OwnerHeart.holds(found) ? .there : .gone)
        : found.owner.standing(
          ofLock: Int(status.st_ino), hasLock: hasLock, onOwnDisk: FileSystem.isOwnDisk(file))
      switch standing {
      case .there: throw .inUse(path: folder, process: found.owner.process)
      case .gone: break
      case .unknown:
        guard takingOver else { throw .owned(path: folder, by: found.owner, isAlive: false) }
        let now = OwnerFile.watch(found, at: path)
        guard let now else { continue }
        guard now == found else { throw .owned(path: folder, by: now.owner, isAlive: true) }
      }
      predecessor = found.owner
      OwnerFile.remove(found, at: path)
    }
    throw .inUse(path: folder, process: nil)
  }

  /// Asks the system for its lock.
  ///
  /// - Returns: Whether it gave it; if not, this file system has none.
  private static func lock(
    _ file: Int32, owner path: String, of folder: String, _ advisory: Advisory
  ) throws(Failure) -> Bool {
    switch advisory {
    case .missing: return false
    case .local: return true
    case .system: break
    }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      // Missing, or refused: then the owner file alone decides.
      guard code == EWOULDBLOCK else { return false }
      guard let owner = OwnerFile.find(path)?.owner else { throw .inUse(path: folder, process: nil) }
      // Whoever has the lock is there for certain, even where the lock is that of a network.
      throw owner.isHere
        ? .inUse(path: folder, process: owner.process) : .owned(path: folder, by: owner, isAlive: true)
    }
    return true
  }
}
