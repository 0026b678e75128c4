package import Foundation

/// Which file or folder a path leads to: the same one keeps it when it is moved, and another at its path has another.
package struct FileIdentity: Hashable, Sendable {
  /// Its file system.
  package let device: UInt64
  private let number: UInt64

  /// What a path leads to; nil if there is nothing.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What the system said of it.
  package init(_ status: stat) {
    (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
