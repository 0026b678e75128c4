internal import Foundation

/// How many files this process may have open at once (`ulimit -n`).
package enum OpenFiles {
  /// With fewer, what the system's libraries open for themselves fails, and some of them end the process then.
  package static let needed = 32
  /// What is asked for: one for each of many workers, and some to spare.
  private static let wanted = 1024

  /// Raises the limit of this process as far as it may, up to what is wanted.
  ///
  /// - Returns: The limit now.
  package static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    guard limit.rlim_cur < rlim_t(wanted) else { return Int(clamping: limit.rlim_cur) }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }
}
