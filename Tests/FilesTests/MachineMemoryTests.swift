import Files
import Foundation
import Testing

@Suite("Memory of a process")
struct MachineMemoryTests {
  /// Lends a folder of control groups with limits by path.
  private func withGroups(_ limits: [String: String], _ body: (_ root: String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fewshot-groups-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, limit) in limits {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((limit + "\n").utf8).write(to: file)
    }
    try body(root.path)
  }

  @Test("the least limit from the group up to the root counts, in both versions of control groups")
  func limits() throws {
    try withGroups([
      "a/b/memory.max": "max", "a/memory.max": "3000", "memory.max": "5000",
      "memory/x/memory.limit_in_bytes": "7000", "memory/memory.limit_in_bytes": "9223372036854771712",
    ]) { root in
      #expect(MachineMemory.groupLimit("0::/a/b\n", below: root) == 3000)
      #expect(MachineMemory.groupLimit("0::/elsewhere/c\n", below: root) == 5000)
      #expect(MachineMemory.groupLimit("4:cpu,memory:/x\n3:cpuset:/a\n", below: root) == 7000)
      #expect(MachineMemory.groupLimit("4:memory:/x\n0::/a\n", below: root) == 3000)
      #expect(MachineMemory.groupLimit("3:cpuset:/a\nnonsense\n", below: root) == nil)
    }
  }

  @Test("it is no more than the machine has")
  func machine() {
    #expect((1...Int(clamping: ProcessInfo.processInfo.physicalMemory)).contains(MachineMemory.bytes))
  }
}
