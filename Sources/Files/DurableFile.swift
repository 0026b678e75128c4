package import Foundation

/// Writes files such that a crash, a kill or a full disk leaves either the old content or the new one.
///
/// A file is written under another name, synced, and renamed; then its folder is synced, so that the name too
/// outlives a power cut. A process that is killed at any moment leaves the old content or the new one, and at worst
/// a file with the suffix ``draftSuffix``, which nothing reads.
package enum DurableFile {
  /// The suffix of the name of a file that is being written.
  package static let draftSuffix = ".draft"

  /// An error of the system, with its number and words.
  package struct Failure: Error, Hashable, Sendable {
    /// The system's error number.
    package let code: Int32

    /// An error by its number.
    package init(code: Int32) { self.code = code }

    /// The system's words for it.
    package var reason: String { systemReason(code: code) }
  }

  /// Replaces a file, or makes it, at once or not at all.
  ///
  /// Two processes may not write the same file at the same time; a ``FolderLock`` ensures that.
  ///
  /// - Parameters:
  ///   - path: The file; its folder must exist.
  ///   - data: Its new content.
  /// - Throws: What the system reports; the old file is then untouched and the draft gone.
  package static func replace(_ path: String, with data: Data) throws(Failure) {
    try replace(path, with: CollectionOfOne(data))
  }

  /// Replaces a file by several pieces of content, one after another, of which each is made when its turn comes.
  ///
  /// - Throws: What the system reports; the old file is then untouched and the draft gone.
  package static func replace(_ path: String, with pieces: some Sequence<Data>) throws(Failure) {
    let draft = path + draftSuffix
    do throws(Failure) {
      let file = try Descriptor(draft, O_WRONLY | O_CREAT | O_TRUNC)
      for piece in pieces { try file.write(piece) }
      try file.sync()
      // Closing can report a write that failed late, as on network file systems.
      try file.close()
      try check(rename(draft, path))
    } catch {
      unlink(draft)
      throw error
    }
    try syncFolder(of: path)
  }

  /// Adds bytes to the end of a file, all of them or none, and makes the file if there is none.
  ///
  /// - Parameters:
  ///   - data: The bytes to add.
  ///   - path: The file.
  /// - Throws: What the system reports; the file then ends where it ended before.
  package static func append(_ data: Data, to path: String) throws(Failure) {
    let file = try Descriptor(path, O_WRONLY | O_CREAT)
    let end = try file.end()
    do throws(Failure) {
      try file.write(data)
      try file.sync()
      try file.close()
    } catch {
      truncate(path, end)
      throw error
    }
    if end == 0 { try syncFolder(of: path) }
  }

  /// Removes a file and makes sure that it stays removed; a missing file is not an error.
  package static func remove(_ path: String) throws(Failure) {
    guard unlink(path) == 0 else {
      // Its folder may be missing as well.
      if errno == ENOENT { return }
      throw Failure(code: errno)
    }
    try syncFolder(of: path)
  }

  private static func syncFolder(of path: String) throws(Failure) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let file = try Descriptor(folder, O_RDONLY | O_DIRECTORY)
    // Some file systems cannot sync a folder; there is nothing more to do about it then.
    guard fsync(file.number) == 0 || errno == EINVAL else { throw Failure(code: errno) }
    try file.close()
  }

  fileprivate static func check(_ status: Int32) throws(Failure) {
    guard status == 0 else { throw Failure(code: errno) }
  }
}

/// An open file, closed when it goes.
private final class Descriptor {
  let number: Int32
  private var isOpen = true

  init(_ path: String, _ flags: Int32) throws(DurableFile.Failure) {
    number = open(path, flags | O_CLOEXEC, 0o666)
    guard number >= 0 else {
      isOpen = false
      throw DurableFile.Failure(code: errno)
    }
  }

  deinit { if isOpen { _ = Foundation.close(number) } }

  func write(_ data: Data) throws(DurableFile.Failure) { try writeAll(data, to: number) }

  func sync() throws(DurableFile.Failure) { try DurableFile.check(fsync(number)) }

  /// Moves to the end and returns its offset.
  func end() throws(DurableFile.Failure) -> Int {
    let end = lseek(number, 0, SEEK_END)
    guard end >= 0 else { throw DurableFile.Failure(code: errno) }
    return end
  }

  func close() throws(DurableFile.Failure) {
    isOpen = false
    try DurableFile.check(Foundation.close(number))
  }
}
