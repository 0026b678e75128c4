import Experiments
import Foundation
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
      let place = folder + "/run"
      do {
        let first = try RunFolder(creating: place)
        #expect(throws: RunFolderError.inUse(path: place, process: Int(getpid()))) {
          try RunFolder(creating: place)
        }
        try first.write("{}", to: "config.json")
        #expect(throws: RunFolderError.inUse(path: place, process: Int(getpid()))) {
          try RunFolder(resuming: place)
        }
        #expect(throws: RunFolderError.occupied(path: place)) { try RunFolder(creating: place) }
      }
      #expect(try RunFolder(resuming: place).path == place)
      #expect(throws: RunFolderError.noRun(path: folder)) { try RunFolder(resuming: folder) }
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
    }
  }
}
