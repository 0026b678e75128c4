internal import Foundation

/// The processors that this process may use.
///
/// What a batch system granted comes first (`SLURM_CPUS_PER_TASK`), then the time that control groups grant, as in a
/// container, and last those that the process may run on (`taskset`, cpusets).
package enum MachineProcessors {
  /// How many there are, at least 1.
  package static var count: Int {
    let machine = max(1, ProcessInfo.processInfo.processorCount)
    return chosen(
      granted: granted(ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"], of: machine),
      quota: groupQuota(.own), allowed: allowed, of: machine)
  }

  /// Which of several sources counts.
  ///
  /// - Parameters:
  ///   - granted: What a batch system granted; nil where it said nothing. Nothing else counts beside it.
  ///   - quota: The processors that control groups grant the time of; nil without a limit.
  ///   - allowed: The processors that the process may run on; nil where that is unknown.
  ///   - machine: How many the machine has.
  /// - Returns: At least 1. Of quota and permission the smaller one: more workers than processors only wait.
  package static func chosen(granted: Int?, quota: Int?, allowed: Int?, of machine: Int) -> Int {
    max(1, granted ?? [quota, allowed].compactMap(\.self).reduce(machine, min))
  }

  /// The number that a batch system granted a task; nil where the text is not one that the machine can give.
  package static func granted(_ text: String?, of machine: Int) -> Int? {
    text.flatMap { Int($0) }.flatMap { (1...machine).contains($0) ? $0 : nil }
  }

  /// The number of processors that control groups grant, rounded up.
  ///
  /// - Parameters:
  ///   - groups: The content of `/proc/self/cgroup`.
  ///   - root: Where the groups' files are.
  /// - Returns: At least 1; nil without a limit.
  package static func groupQuota(_ groups: String, below root: String) -> Int? {
    groupQuota(ControlGroups(groups: groups, root: root))
  }

  private static func groupQuota(_ groups: ControlGroups) -> Int? {
    // Microseconds of processor time in a period of so many; "max" or -1 means no limit.
    groups.words(of: "cpu", second: "cpu.max", first: ["cpu.cfs_quota_us", "cpu.cfs_period_us"])
      .compactMap { words -> Int? in
        guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), quota > 0, period > 0
        else { return nil }
        return quota / period + (quota % period > 0 ? 1 : 0)
      }.min()
  }

  /// How many processors the scheduler may put this process on; nil where the system does not say.
  private static var allowed: Int? {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let key = "Cpus_allowed_list:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    return count(ofList: line.dropFirst(key.count).trimmingCharacters(in: .whitespaces))
  }

  /// The length of a list of processors as Linux writes it, for example `0-3,8`; nil where the text is not one.
  package static func count(ofList list: String) -> Int? {
    var count = 0
    for range in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first.flatMap({ $0 }), let last = ends.last.flatMap({ $0 }),
        first <= last
      else { return nil }
      count += last - first + 1
    }
    return count
  }
}
