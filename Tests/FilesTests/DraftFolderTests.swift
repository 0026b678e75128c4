import Files
import Foundation
import Testing

@Suite("Folders that appear whole")
struct DraftFolderTests {
  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private func content(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @Test("a folder appears with all it holds, whether its path ends with a slash or it stood there empty")
  func whole() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, isThere) in [("a", false), ("b/", false), ("c", true), ("d/", true)] {
      let place = "\(folder.path)/\(name)"
      if isThere { try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true) }
      let draft = try DraftFolder(of: place)
      try Data().write(to: URL(fileURLWithPath: draft.path + "/file"))
      // Nothing takes it for data meanwhile.
      #expect(draft.path.split(separator: "/").last?.hasPrefix(".") == true)
      try draft.finish()
      #expect(try content(place) == ["file"])
    }
    #expect(try content(folder.path) == ["a", "b", "c", "d"])
  }

  @Test("what a killed process left is removed; what is somebody's own is not touched")
  func leftovers() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try DraftFolder(of: folder.path + "/a")
    try Data().write(to: URL(fileURLWithPath: first.path + "/old"))
    // Two at once are refused.
    #expect(throws: DraftFolder.Failure.self) { try DraftFolder(of: folder.path + "/a") }
    let left = "\(folder.path)/.fewshot-b.draft"
    try FileManager.default.copyItem(atPath: first.path, toPath: left)
    let second = try DraftFolder(of: folder.path + "/b")
    #expect(try content(second.path).allSatisfy(FolderLock.isOwn))
    withExtendedLifetime(first) {}

    for name in ["own", ".fewshot-c.draft"] {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: url.appendingPathComponent("picture.txt"))
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/.fewshot-d.draft", withDestinationPath: folder.path + "/own")
    for name in ["c", "d"] {
      #expect {
        _ = try DraftFolder(of: "\(folder.path)/\(name)")
      } throws: {
        ($0 as? DraftFolder.Failure)?.reason.contains("not made by this program") == true
      }
    }
    #expect(try content(folder.path + "/own") == ["picture.txt"])
    #expect(try content(folder.path + "/.fewshot-c.draft") == ["picture.txt"])
  }
}
