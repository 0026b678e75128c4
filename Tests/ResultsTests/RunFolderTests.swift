import Dispatch
import Files
import Foundation
import Jobs
import Results
import Studies
import Synchronization
import TestRuns
import Testing

@Suite("The folder of a run")
struct RunFolderTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("a folder is locked as long as somebody works in it")
  func lock() throws {
    try withFolder { folder in
      let path = folder + "/run"
      do {
        let first = try RunFolder(creating: path)
        #expect(throws: RunFolderError.inUse(path: path, process: Int(getpid()))) {
          try RunFolder(creating: path)
        }
        try first.write("{}", to: "config.json")
        #expect(throws: RunFolderError.inUse(path: path, process: Int(getpid()))) {
          try RunFolder(resuming: path)
        }
        #expect(throws: RunFolderError.occupied(path: path, by: .run)) { try RunFolder(creating: path) }
      }
      #expect(try RunFolder(resuming: path).path == path)
      #expect(throws: RunFolderError.noRun(path: folder)) { try RunFolder(resuming: folder) }
    }
  }

  @Test("a lock that cannot be had closes no file of another thread")
  func refusedLock() throws {
    try withFolder { folder in
      let held = try FolderLock(folder)
      let lost = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 2) { role in
        for _ in 0..<20_000 {
          if role == 0 {
            _ = try? FolderLock(folder)
          } else {
            let file = open("/dev/null", O_RDONLY)
            if fcntl(file, F_GETFD) < 0 || close(file) < 0 { lost.withLock { $0 += 1 } }
          }
        }
      }
      #expect(lost.withLock { $0 } == 0)
      withExtendedLifetime(held) {}
    }
  }

  @Test("a folder with results of one kind is not taken for another")
  func otherContent() throws {
    try withFolder { folder in
      for (file, content) in [
        ("config.json", RunFolder.Content.run), ("evaluation.json", .evaluation),
        ("conversion.json", .conversion), ("import.json", .imported), ("results.json", .files),
        ("report.md", .files), ("cells.csv", .ablation),
      ] {
        let path = "\(folder)/folder-of-\(file)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
        // A converted or imported network has a configuration too.
        if content.isUntrained {
          try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/config.json"))
        }
        #expect(RunFolder.content(of: path) == content)
        #expect(throws: RunFolderError.occupied(path: path, by: content)) { try RunFolder(creating: path) }
        #expect(Study.mayUse(path) == (content == .evaluation))
        func ablation() throws -> Ablation {
          try Ablation(
            [], in: path, executable: "/bin/false", jobs: 1, threads: 1, progress: SilentProgress())
        }
        if content == .ablation {
          _ = try ablation()
        } else {
          #expect(throws: RunFolderError.occupied(path: path, by: content)) { try ablation() }
        }
      }
      #expect(RunFolder.content(of: folder) == nil)
    }
  }

  @Test("of many that ask for one folder at once, each gets one of its own")
  func claims() throws {
    try withFolder { folder in
      let held = Mutex<[RunFolder]>([])
      DispatchQueue.concurrentPerform(iterations: 12) { _ in
        do {
          let own = try RunFolder(claiming: folder + "/runs/new")
          held.withLock { $0.append(own) }
        } catch {
          Issue.record("\(error)")
        }
      }
      let paths = held.withLock { $0.map(\.path) }
      #expect(Set(paths).count == 12 && paths.contains(folder + "/runs/new"))
      #expect(paths.contains(folder + "/runs/new-12"))
    }
  }

  @Test("what is written goes into the folder that was taken, and into no other at its path")
  func moved() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let run = try RunFolder(creating: path)
      try run.write("{}", to: "config.json")
      try FileManager.default.moveItem(atPath: path, toPath: folder + "/moved")
      for isReplaced in [false, true] {
        if isReplaced {
          try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        #expect(throws: RunFolderError.moved(path: path)) { try run.write("more", to: "eval/a.csv") }
        #expect(throws: RunFolderError.moved(path: path)) { try run.append("more", to: "metrics.csv") }
        #expect(throws: RunFolderError.moved(path: path)) { try run.remove("config.json") }
        #expect(throws: RunFolderError.moved(path: path)) { try run.makePart("cells") }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }
  }

  @Test("a file is replaced whole, and what cannot be written leaves the old one")
  func replace() throws {
    try withFolder { folder in
      let file = folder + "/file"
      try DurableFile.replace(file, with: Data("old".utf8))
      try DurableFile.append(Data(" and more".utf8), to: file)
      #expect(FileManager.default.contents(atPath: file) == Data("old and more".utf8))
      // A folder stands where the draft would go.
      try FileManager.default.createDirectory(
        atPath: file + DurableFile.draftSuffix, withIntermediateDirectories: false)
      #expect(throws: DurableFile.Failure(code: EISDIR)) {
        try DurableFile.replace(file, with: Data("new".utf8))
      }
      #expect(FileManager.default.contents(atPath: file) == Data("old and more".utf8))
      try DurableFile.remove(file)
      try DurableFile.remove(file)
      #expect(!FileManager.default.fileExists(atPath: file))
      try DurableFile.remove(folder + "/no/such/file")
    }
  }
}
