internal import Foundation

/// Marks a folder as in use by this process: held as long as this value lives, and released when the process ends.
///
/// The lock is the system's advisory lock (`flock`) on a hidden file, so a killed process leaves none behind. The file
/// itself stays: removing it would let two processes each lock a file of the same name.
package final class FolderLock: Sendable {
  /// Why a folder cannot be locked.
  package enum Failure: Error, Hashable, Sendable {
    /// Another process, or another value in this one, holds the lock; its number if it is known.
    case inUse(path: String, process: Int?)
    /// Nothing can be written in the folder.
    case cannotLock(path: String, reason: String)
  }

  /// The name of the locked file.
  package static let name = ".lock"

  /// The open file that carries the lock; a process that inherits it holds the lock too, until both are gone.
  package let descriptor: Int32

  /// Locks a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder; it must exist.
  ///   - name: The file in it that is locked; made if it is not there.
  /// - Throws: ``Failure/inUse(path:process:)`` if another process, or another value in this one, has locked
  ///   it; ``Failure/cannotLock(path:reason:)`` if nothing can be written there.
  package init(_ folder: String, name: String = name) throws(Failure) {
    let file = open("\(folder)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .cannotLock(path: folder, reason: systemReason(code: errno)) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.holder(file)
      close(file)
      guard code == EWOULDBLOCK else {
        throw .cannotLock(path: folder, reason: systemReason(code: code))
      }
      throw .inUse(path: folder, process: holder)
    }
    // Only for people who wonder which process it is, so a failure on a full disk does not matter.
    let text = "\(getpid())\n"
    if ftruncate(file, 0) == 0 { _ = pwrite(file, text, text.utf8.count, 0) }
    // Last of all: a value that is whole is closed by `deinit` when its initializer throws, and closing twice would
    // close what another thread has opened in between.
    descriptor = file
  }

  deinit { close(descriptor) }

  /// The process that wrote its number into the file.
  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int(
      String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
