import Foundation

/// The whole content of a regular file; pipes and devices are refused, because reading them can hang.
///
/// A file that grows meanwhile is read to its first size; one that shrinks comes short.
func contents(ofFile path: String, limit: Int = 1 << 30) throws(ImageError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard file >= 0 else { throw failure(errno) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw failure(errno) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(reason: "not a regular file") }
  guard status.st_size <= limit else { throw .unreadable(reason: "larger than \(limit) bytes") }
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
  guard code == 0 else { throw failure(code) }
  return bytes
}

/// What the system's number of a failure says of a file, or of the machine.
private func failure(_ code: Int32) -> ImageError {
  let reason = String(cString: strerror(code))
  return [EMFILE, ENFILE, ENOMEM].contains(code) ? .exhausted(reason: reason) : .unreadable(reason: reason)
}

/// Writes a file, making the folders above it.
func write(_ bytes: [UInt8], toFile path: String) throws(DatasetError) {
  let url = URL(fileURLWithPath: path)
  do {
    // Thousands of files share a folder: it is looked after only when writing fails.
    do {
      try Data(bytes).write(to: url)
    } catch {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  } catch {
    throw .notWritable(path: path, reason: error.localizedDescription)
  }
}
