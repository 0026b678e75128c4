import Files
import Foundation
import Testing

@Suite("Processors of a process")
struct MachineProcessorsTests {
  @Test(
    "the least quota from the group up to the root counts, rounded up, in both versions of control groups")
  func quotas() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fewshot-groups-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in [
      "a/b/cpu.max": "max 100000", "a/cpu.max": "250000 100000", "cpu.max": "800000 100000",
      "c/cpu.max": "5000 100000",
      "cpu/x/cpu.cfs_quota_us": "150000", "cpu/x/cpu.cfs_period_us": "50000", "cpu/cpu.cfs_quota_us": "-1",
      "cpu/cpu.cfs_period_us": "100000", "cpu/y/cpu.cfs_quota_us": "100000",
    ] {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: file)
    }
    func quota(_ groups: String) -> Int? { MachineProcessors.groupQuota(groups, below: root.path) }
    #expect(quota("0::/a/b\n") == 3)
    #expect(quota("0::/elsewhere\n") == 8)
    #expect(quota("0::/c\n") == 1)
    #expect(quota("4:cpu,cpuacct:/x\n3:cpuset:/a\n") == 3)
    // Without its period a quota says nothing.
    #expect(quota("4:cpuacct,cpu:/y\n") == nil)
    #expect(quota("nonsense\n") == nil)
  }

  @Test("what a batch system grants counts where the machine can give it")
  func granted() {
    #expect(MachineProcessors.granted("3", of: 4) == 3)
    for text in [nil, "", "0", "-1", "5", "two", "2 "] as [String?] {
      #expect(MachineProcessors.granted(text, of: 4) == nil, "\(text ?? "nothing")")
    }
  }

  @Test("what a batch system grants comes first, then the least of quota and permission, and never none")
  func precedence() {
    func count(_ granted: Int?, _ quota: Int?, _ allowed: Int?) -> Int {
      MachineProcessors.chosen(granted: granted, quota: quota, allowed: allowed, of: 8)
    }
    #expect(count(3, 2, 1) == 3)
    #expect(count(nil, 2, 4) == 2)
    #expect(count(nil, 4, 2) == 2)
    #expect(count(nil, nil, 5) == 5)
    #expect(count(nil, 16, nil) == 8)
    #expect(count(nil, nil, nil) == 8)
  }

  @Test("a list of processors has as many as it names")
  func list() {
    #expect(MachineProcessors.count(ofList: "0-3,8,10-11") == 7)
    #expect(MachineProcessors.count(ofList: "5") == 1)
    for text in ["", "3-1", "1-", "a", "1,,2"] {
      #expect(MachineProcessors.count(ofList: text) == nil, "\(text)")
    }
    #expect((1...ProcessInfo.processInfo.processorCount).contains(MachineProcessors.count))
  }
}
