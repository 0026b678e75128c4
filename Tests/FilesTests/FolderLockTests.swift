import Dispatch
import Files
import Foundation
import Synchronization
import Testing

@Suite("Locks of folders")
struct FolderLockTests {
  private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private func word(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private var boot: String { get throws { try word("/proc/sys/kernel/random/boot_id") } }

  private func file(_ folder: String) -> String { "\(folder)/.lock.owner" }

  /// Writes an owner file as another process would, with signs of life a twentieth of a second apart.
  private func write(
    _ folder: String, host: String = "elsewhere", process: Int, boot: String?, token: String = "made up"
  ) throws {
    var content: [String: Any] = [
      "host": host, "process": process, "beat_seconds": 0.05, "token": token, "schema": 1,
    ]
    content["boot"] = boot
    try JSONSerialization.data(withJSONObject: content).write(to: URL(fileURLWithPath: file(folder)))
  }

  /// A process that has ended, or one that runs while something is done.
  private func process(running: Bool, _ body: (Int) throws -> Void) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = [running ? "600" : "0"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    if !running { process.waitUntilExit() }
    defer { if running { process.terminate() } }
    try body(Int(process.processIdentifier))
  }

  /// Tells who stands in the way.
  private func refusal(_ body: () throws -> FolderLock) -> FolderLock.Failure? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? FolderLock.Failure
    }
  }

  @Test("an owner on another machine is named, and nothing is taken from him unless that is said")
  func otherMachine() throws {
    try withFolder { folder in
      try write(folder, process: 1, boot: "00000000-0000-4000-8000-000000000000")
      // Whether the system has locks of its own or not.
      for advisory in [FolderLock.Advisory.system, .missing, .local] {
        guard
          case .owned(folder, let owner, isAlive: false) = refusal({
            try FolderLock(folder, advisory: advisory)
          })
        else {
          Issue.record("it must be refused")
          return
        }
        #expect("\(owner)" == "process 1 on elsewhere")
      }
      #expect(FileManager.default.fileExists(atPath: file(folder)))
      // His clock does not matter: neither an old file nor one of the future is a sign of anything.
      for date in [Date.distantPast.addingTimeInterval(1e11), Date().addingTimeInterval(1e8)] {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file(folder))
        guard case .owned(_, _, isAlive: false) = refusal({ try FolderLock(folder) }) else {
          Issue.record("it must be refused")
          return
        }
      }
      let lock = try FolderLock(folder, takingOver: true)
      #expect(lock.predecessor.map { "\($0)" } == "process 1 on elsewhere" && lock.isHeld)
    }
  }

  @Test("an owner who gives signs of life loses nothing, even if it is said")
  func alive() throws {
    try withFolder { folder in
      try write(folder, process: 1, boot: "00000000-0000-4000-8000-000000000000")
      let isOver = Mutex(false)
      let path = file(folder)
      let beating = Thread {
        while !isOver.withLock({ $0 }) {
          utimensat(AT_FDCWD, path, nil, 0)
          usleep(10_000)
        }
      }
      beating.start()
      defer { isOver.withLock { $0 = true } }
      guard case .owned(_, let owner, isAlive: true) = refusal({ try FolderLock(folder, takingOver: true) })
      else {
        Issue.record("it must be refused")
        return
      }
      #expect(owner.host == "elsewhere")
    }
  }

  @Test(
    "a dead process of this machine is replaced and named, a live one is not, with the system's locks and without"
  )
  func ownMachine() throws {
    for advisory in [FolderLock.Advisory.system, .missing, .local] {
      try withFolder { folder in
        try process(running: false) { dead in
          try write(folder, host: "here", process: dead, boot: boot)
          let lock = try FolderLock(folder, advisory: advisory)
          #expect(lock.predecessor?.process == dead)
        }
        #expect(!FileManager.default.fileExists(atPath: file(folder)), "it goes with its lock")
        try process(running: true) { live in
          try write(folder, host: "here", process: live, boot: boot)
          for takingOver in [false, true] {
            let found = refusal { try FolderLock(folder, takingOver: takingOver, advisory: advisory) }
            #expect(found == .inUse(path: folder, process: live))
          }
        }
      }
    }
  }

  @Test("the number of a process that has ended may come again, for another process")
  func reusedNumber() throws {
    try withFolder { folder in
      try process(running: true) { live in
        try write(folder, process: live, boot: boot)
        var content = try #require(
          try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file(folder))))
            as? [String: Any])
        content["process_started"] = 1
        try JSONSerialization.data(withJSONObject: content).write(to: URL(fileURLWithPath: file(folder)))
        #expect(try FolderLock(folder).predecessor?.process == live)
      }
    }
  }

  @Test("an earlier start of this machine is over, on a disk of its own")
  func restarted() throws {
    try withFolder { folder in
      let name = ProcessInfo.processInfo.hostName
      try write(folder, host: name, process: 1, boot: "00000000-0000-4000-8000-000000000000")
      // Without a lock of the system, nothing says that no other process is faster.
      guard case .owned = refusal({ try FolderLock(folder, advisory: .missing) }) else {
        Issue.record("it must be refused")
        return
      }
      #expect(try FolderLock(folder).predecessor?.host == name)
    }
  }

  @Test("a file that is no owner file is in the way until it is said that it is not")
  func unreadable() throws {
    try withFolder { folder in
      try Data("{\"beat_seconds\": 0.01, \"host".utf8).write(to: URL(fileURLWithPath: file(folder)))
      guard case .owned(_, let owner, isAlive: false) = refusal({ try FolderLock(folder) }) else {
        Issue.record("it must be refused")
        return
      }
      #expect("\(owner)" == "somebody on an unknown machine")
    }
  }

  @Test(
    "without the system's locks one of many gets the folder, each time",
    arguments: [FolderLock.Advisory.missing, .local])
  func contention(_ advisory: FolderLock.Advisory) throws {
    try withFolder { folder in
      let inside = Mutex(0)
      let most = Mutex(0)
      let got = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        for _ in 0..<50 {
          guard let lock = try? FolderLock(folder, advisory: advisory) else { continue }
          let now = inside.withLock { inside in
            inside += 1
            return inside
          }
          most.withLock { $0 = max($0, now) }
          got.withLock { $0 += 1 }
          inside.withLock { $0 -= 1 }
          withExtendedLifetime(lock) {}
        }
      }
      #expect(most.withLock { $0 } == 1 && got.withLock { $0 } > 0)
      // Nothing is left of those that tried.
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == [".lock"])
    }
  }

  @Test("whoever was replaced notices; an owner file that somebody removed is made again")
  func replaced() throws {
    try withFolder { folder in
      let lock = try FolderLock(folder)
      #expect(lock.isHeld)
      try FileManager.default.removeItem(atPath: file(folder))
      #expect(lock.isHeld && FileManager.default.fileExists(atPath: file(folder)))
      // As another machine does that was told to take the folder over.
      try FileManager.default.removeItem(atPath: file(folder))
      try write(folder, process: 1, boot: "00000000-0000-4000-8000-000000000000")
      #expect(!lock.isHeld)
    }
    // The end of the first does not remove what is not its own.
    try withFolder { folder in
      do {
        let lock = try FolderLock(folder)
        try FileManager.default.removeItem(atPath: file(folder))
        try write(folder, process: 1, boot: "00000000-0000-4000-8000-000000000000")
        withExtendedLifetime(lock) {}
      }
      #expect(FileManager.default.fileExists(atPath: file(folder)))
    }
  }

  @Test("an owner gives signs of life")
  func heart() throws {
    try withFolder { folder in
      let lock = try FolderLock(folder, beat: 0.02)
      func changed() throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: file(folder))[.modificationDate] as? Date
      }
      let first = try changed()
      let end = ContinuousClock.now + .seconds(20)
      while try changed() == first && .now < end { usleep(10_000) }
      #expect(try changed() != first)
      withExtendedLifetime(lock) {}
    }
  }

  @Test("a copy of a folder that is in use is nobody's")
  func copied() throws {
    try withFolder { folder in
      let (first, second) = (folder + "/a", folder + "/b")
      try FileManager.default.createDirectory(atPath: first, withIntermediateDirectories: true)
      let lock = try FolderLock(first)
      try FileManager.default.copyItem(atPath: first, toPath: second)
      let found = refusal { try FolderLock(second) }
      #expect(found == nil)
      #expect(lock.isHeld)
    }
  }
}
