internal import Foundation
internal import ProcessMemory

/// The memory that this process may use: the least of what the machine has, what control groups leave it, as in a
/// container or under a batch system, and its own limit (`ulimit -v`).
package enum MachineMemory {
  /// The least of the limits, in bytes.
  package static var bytes: Int {
    let own = AddressSpace.left.map { left in
      // The limit counts addresses, of which many are never used; what may come on top is what is left of them.
      resident + left
    }
    let all = [
      Int(clamping: ProcessInfo.processInfo.physicalMemory), own, groupLimit(.own),
    ]
    return all.compactMap { $0 }.min() ?? .max
  }

  /// Resident memory of this process as Linux reports it, in bytes; 0 where it does not.
  package static var resident: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }

  /// The least limit of the control groups a process is in, and of those above them.
  ///
  /// - Parameters:
  ///   - groups: The content of `/proc/self/cgroup`: lines `number:controllers:path`, without controllers in version 2.
  ///   - root: Where the groups' files are.
  /// - Returns: Bytes; nil without a limit.
  package static func groupLimit(_ groups: String, below root: String) -> Int? {
    groupLimit(ControlGroups(groups: groups, root: root))
  }

  private static func groupLimit(_ groups: ControlGroups) -> Int? {
    // "max" means no limit.
    groups.words(of: "memory", second: "memory.max", first: ["memory.limit_in_bytes"])
      .compactMap { $0.first.flatMap { Int($0) } }.min()
  }
}
