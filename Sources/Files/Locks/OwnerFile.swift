internal import Foundation
internal import Synchronization

/// The file that says who works in a folder: there as long as somebody does, and made by one of many that try.
///
/// It is made under another name and linked to its own, which also the servers of network file systems do at once or
/// not at all. Its time of change is the owner's sign of life: whoever watches only asks whether it changes, so no two
/// clocks have to agree.
final class OwnerFile: Sendable {
  /// The suffix of its name behind that of the locked file.
  static let suffix = ".owner"

  let path: String
  let owner: FolderOwner

  /// An owner file that is not there yet.
  init(_ path: String, owner: FolderOwner) {
    self.path = path
    self.owner = owner
  }

  /// A file that was found.
  struct Found: Equatable {
    let owner: FolderOwner
    let identity: FileIdentity
    /// When it last changed, by the clock of whoever keeps it.
    let changed: [Int]
  }

  /// What is at a path; nil for nothing.
  static func find(_ path: String) -> Found? {
    // Opening asks the server of a network file system, where a look at the name alone may be seconds old.
    let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = max(0, read(file, &bytes, bytes.count))
    return Found(
      owner: FolderOwner(text: String(decoding: bytes.prefix(count), as: UTF8.self)),
      identity: FileIdentity(status), changed: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec])
  }

  /// Makes it, unless one is there.
  ///
  /// - Returns: Whether this call made it.
  /// - Throws: What the system reports.
  func publish() throws(DurableFile.Failure) -> Bool {
    let draft = "\(path).\(owner.token)\(DurableFile.draftSuffix)"
    defer { unlink(draft) }
    try Self.write(owner.text, to: draft)
    var code = link(draft, path) == 0 ? 0 : errno
    var status = stat()
    // A server may have made the link and lost its answer.
    if code != 0, stat(draft, &status) == 0, status.st_nlink == 2 { code = 0 }
    switch code {
    case 0: break
    case EEXIST: return false
    case EPERM, EOPNOTSUPP, ENOSYS, EMLINK:
      // No links here: then the file itself is made at once or not at all, with nothing in it for a moment.
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file < 0 && errno == EEXIST { return false }
      guard file >= 0 else { throw DurableFile.Failure(code: errno) }
      defer { close(file) }
      try writeAll(Data(owner.text.utf8), to: file)
    // Whoever had the folder before has removed what was not finished.
    case ENOENT: return false
    default: throw DurableFile.Failure(code: code)
    }
    return true
  }

  private static func write(_ text: String, to path: String) throws(DurableFile.Failure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw DurableFile.Failure(code: errno) }
    defer { close(file) }
    try writeAll(Data(text.utf8), to: file)
  }

  /// Whether what stands at its path is this file: by its token, since a number of a file may come again.
  private var isThere: Bool { Self.find(path)?.owner.token == owner.token }

  /// Whether it still stands at its path; one that was removed is made again.
  func isHeld() -> Bool {
    if let found = Self.find(path) { return found.owner.token == owner.token }
    // It cannot be read at the moment, as where too many files are open.
    if FileIdentity(path) != nil { return true }
    return (try? publish()) != false || isThere
  }

  /// Whether a file that was found is this one, and no copy of it.
  func isSame(as found: Found) -> Bool {
    found.owner.token == owner.token && FileIdentity(path) == found.identity
  }

  /// Gives a sign of life.
  func beat() { if isThere { utimensat(AT_FDCWD, path, nil, 0) } }

  /// Removes it, unless another one stands at its path.
  func remove() { if isThere { unlink(path) } }

  /// Removes the file of an owner that is gone, unless somebody was faster.
  ///
  /// - Parameters:
  ///   - found: What was judged.
  ///   - path: Where it was.
  static func remove(_ found: Found, at path: String) {
    let aside = "\(path).\(UUID().uuidString)\(DurableFile.draftSuffix)"
    // Moved first and looked at then: of two that try, one gets it.
    guard rename(path, aside) == 0 else { return }
    if find(aside)?.owner.token != found.owner.token { link(aside, path) }
    unlink(aside)
  }

  /// Watches a file for two and a half times as long as its owner may keep still.
  ///
  /// - Parameters:
  ///   - found: The file as it was.
  ///   - path: Where it is.
  /// - Returns: What is there as soon as that changes, or the same in the end; nil where it was removed.
  static func watch(_ found: Found, at path: String) -> Found? {
    let end = ContinuousClock.now + .seconds(2.5 * found.owner.beat)
    while ContinuousClock.now < end {
      Thread.sleep(forTimeInterval: found.owner.beat / 5)
      let now = find(path)
      if now != found { return now }
    }
    return found
  }
}

/// Gives the signs of life of all owner files of this process, from a thread of its own.
enum OwnerHeart {
  private struct State {
    var files: [String: OwnerFile] = [:]
    var due: [String: ContinuousClock.Instant] = [:]
    var isBeating = false
  }

  private static let state = Mutex(State())

  /// Begins with a file.
  static func add(_ file: OwnerFile) {
    let isNew = state.withLock { state in
      state.files[file.owner.token] = file
      state.due[file.owner.token] = .now + .seconds(file.owner.beat)
      defer { state.isBeating = true }
      return !state.isBeating
    }
    // The threads that compute may all be busy.
    if isNew { Thread.detachNewThread(beat) }
  }

  /// Ends with a file.
  static func remove(_ file: OwnerFile) {
    state.withLock { state in
      state.files[file.owner.token] = nil
      state.due[file.owner.token] = nil
    }
  }

  /// Whether a found file is one of this process.
  static func holds(_ found: OwnerFile.Found) -> Bool {
    state.withLock { $0.files[found.owner.token] }?.isSame(as: found) ?? false
  }

  private static func beat() {
    while true {
      let now = ContinuousClock.now
      let (ready, pause) = state.withLock { state -> ([OwnerFile], Double?) in
        state.isBeating = !state.files.isEmpty
        let ready = state.files.values.filter { (state.due[$0.owner.token] ?? now) <= now }
        for file in ready { state.due[file.owner.token] = now + .seconds(file.owner.beat) }
        return (ready, state.isBeating ? state.files.values.map(\.owner.beat).min() : nil)
      }
      // A server that does not answer holds up this thread and no other.
      for file in ready { file.beat() }
      guard let pause else { return }
      Thread.sleep(forTimeInterval: min(1, pause / 2))
    }
  }
}
