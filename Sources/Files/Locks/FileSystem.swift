internal import Foundation

/// What kind of file system a file is on.
enum FileSystem {
  /// Those that one machine has for itself, by the names that Linux has for them.
  private static let own: Set = ["ext2", "ext3", "ext4", "xfs", "f2fs", "zfs", "tmpfs", "overlay"]

  /// Whether an open file is on a disk that no other machine writes, as far as its kind says.
  static func isOwnDisk(_ file: Int32) -> Bool {
    var status = stat()
    guard fstat(file, &status) == 0 else { return false }
    let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    return isOwn(device: name(of: UInt64(status.st_dev)), mounts: mounts)
  }

  /// Whether a device holds a file system of one machine.
  ///
  /// - Parameters:
  ///   - device: Its numbers, such as `8:1`.
  ///   - mounts: The content of `/proc/self/mountinfo`.
  /// - Returns: Whether its kind is one of those.
  static func isOwn(device: String, mounts: String) -> Bool {
    let line = mounts.split(separator: "\n").first { line in
      let fields = line.split(separator: " ")
      return fields.count > 2 && fields[2] == device
    }
    // A lone hyphen ends the fields that may be missing; the kind follows.
    let fields = line?.split(separator: " ") ?? []
    guard let end = fields.firstIndex(of: "-"), end + 1 < fields.count else { return false }
    return own.contains(String(fields[end + 1]))
  }

  /// The numbers of a device as Linux packs them into one.
  private static func name(of device: UInt64) -> String {
    let major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfff)
    let minor = (device & 0xff) | (device >> 12 & ~0xff)
    return "\(major):\(minor)"
  }
}
