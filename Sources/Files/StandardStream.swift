package import Foundation

/// Standard output or standard error, which may be a pipe without a reader or a file on a full disk.
///
/// A message that cannot be written must not stop the work it reports on; Foundation's own `write` ends the process.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Makes sure that a stream without a reader, or a file past `ulimit -f`, gives an error rather than a signal, and that
  /// no file that is opened later gets the number of a stream that the caller has closed.
  package static func prepare() {
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is missing. What is written there fails, as on a closed stream.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes bytes, all of them or an error.
  ///
  /// - Parameter data: The bytes.
  /// - Throws: What the system says if the stream does not take them.
  package func write(_ data: Data) throws(DurableFile.Failure) { try writeAll(data, to: rawValue) }
}

/// Writes bytes to an open file, all of them or an error.
///
/// - Parameters:
///   - data: The bytes.
///   - file: Its number.
/// - Throws: What the system says if it does not take them.
func writeAll(_ data: Data, to file: Int32) throws(DurableFile.Failure) {
  var rest = data[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    if count < 0 && errno == EAGAIN {
      // A pipe that does not wait for its reader: then this does.
      var stream = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
      _ = poll(&stream, 1, -1)
      continue
    }
    guard count > 0 else { throw DurableFile.Failure(code: count < 0 ? errno : ENOSPC) }
    rest = rest.dropFirst(count)
  }
}
