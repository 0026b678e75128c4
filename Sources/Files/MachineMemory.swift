internal import Foundation

/// The memory that this process may use: the least of what the machine has, what control groups leave it, as in a
/// container or under a batch system, and its own limit (`ulimit -v`).
package enum MachineMemory {
  /// The least of the limits, in bytes.
  package static var bytes: Int {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    let all = [
      Int(clamping: ProcessInfo.processInfo.physicalMemory), ownLimit,
      groupLimit(groups, below: "/sys/fs/cgroup"),
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
    let limits = groups.split(separator: "\n").flatMap { line -> [Int] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let (base, file): (String, String)
      switch parts[1] {
      case "": (base, file) = (root, "memory.max")
      case let names where names.split(separator: ",").contains("memory"):
        (base, file) = ("\(root)/memory", "memory.limit_in_bytes")
      default: return []
      }
      var names = parts[2].split(separator: "/")
      var found: [Int] = []
      while true {
        let path = ([base] + names.map(String.init) + [file]).joined(separator: "/")
        // Within a container the path may be that of the host, of which only the root exists; "max" means no limit.
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        if let limit = text.flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
          found.append(limit)
        }
        guard names.popLast() != nil else { return found }
      }
    }
    return limits.min()
  }

  /// The limit on addresses; nil without one.
  private static var ownLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return nil
    }
    return Int(clamping: limit.rlim_cur)
  }
}
