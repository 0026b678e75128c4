internal import Foundation

/// Why a file could not be read.
package struct FileReadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system's words, or ours.
  package let reason: String
  /// Whether the machine was out of memory or file descriptors, so that the file itself may be fine.
  package let isExhausted: Bool

  init(reason: String) { (self.reason, isExhausted) = (reason, false) }

  /// What the system's number of a failure says.
  init(_ code: Int32) {
    reason = systemReason(code: code)
    isExhausted = [EMFILE, ENFILE, ENOMEM].contains(code)
  }

  /// What is wrong, in one line.
  package var description: String { "cannot be read: \(reason)" }
}

/// The whole content of a regular file; pipes and devices are refused, because reading them can hang.
///
/// A file that grows meanwhile is read up to its first size; one that shrinks gives fewer bytes.
///
/// - Parameters:
///   - path: The file.
///   - limit: The most bytes that are read.
/// - Returns: Its bytes.
/// - Throws: ``FileReadError``.
package func contents(ofFile path: String, limit: Int = 1 << 30) throws(FileReadError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard file >= 0 else { throw FileReadError(errno) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw FileReadError(errno) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw FileReadError(reason: "not a regular file") }
  guard status.st_size <= limit else { throw FileReadError(reason: "larger than \(limit) bytes") }
  // Swift writes the count of an array made this way even into the one empty array that all threads share.
  guard status.st_size > 0 else { return [] }
  var code: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
    while count < buffer.count {
      let got = read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      if got > 0 {
        count += got
      } else if got == 0 || errno != EINTR {
        code = got == 0 ? 0 : errno
        break
      }
    }
  }
  guard code == 0 else { throw FileReadError(code) }
  return bytes
}

/// The first bytes of a regular file, to see what it is.
///
/// - Parameters:
///   - path: The file.
///   - count: How many bytes are wanted.
/// - Returns: As many as wanted, or all if the file has fewer; nil if it cannot be read.
package func start(ofFile path: String, count: Int) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var bytes = [UInt8](repeating: 0, count: count)
  let got = pread(file, &bytes, count, 0)
  return got < 0 ? nil : Array(bytes.prefix(got))
}

/// Writes a file, making the folders above it.
///
/// - Parameters:
///   - bytes: Its content.
///   - path: Its path.
/// - Throws: What Foundation throws if it cannot.
package func write(_ bytes: [UInt8], toFile path: String) throws {
  let url = URL(fileURLWithPath: path)
  // Thousands of files share a folder: it is made only when writing fails.
  do {
    try Data(bytes).write(to: url)
  } catch {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }
}
