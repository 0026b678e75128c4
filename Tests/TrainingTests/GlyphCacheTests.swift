import Files
import Foundation
import Images
import TestRuns
import Testing
import Training

@Suite("A place for the built-in images")
struct GlyphCacheTests {
  /// Makes a folder in which the images seem to be, and gives its path.
  private func place(_ path: String) throws -> String {
    let folder = "\(path)/glyphs-\(GlyphSet.defaultSeed)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test(
    "XDG_CACHE_HOME comes first, then HOME, then the home in the list of users, each if it can be used"
  )
  func order() async throws {
    try await withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      var expected: [String] = []
      for path in ["x", "h/.cache", "u/.cache"] { expected.append(try place("\(folder)/\(path)/fewshot")) }
      // In a file there can be no folder.
      for (i, (first, second)) in [("x", "h"), ("file", "h"), ("file", "file")].enumerated() {
        let cache = GlyphCache(
          environment: ["XDG_CACHE_HOME": "\(folder)/\(first)", "HOME": "\(folder)/\(second)"],
          home: "\(folder)/u", temporary: [])
        #expect(try cache.folder(SilentProgress()) == expected[i])
      }
      // A place that takes the images is not passed over for one that has them.
      let empty = GlyphCache(
        environment: ["XDG_CACHE_HOME": "\(folder)/new", "HOME": "\(folder)/h"], home: nil, temporary: [])
      #expect(try empty.folder(SilentProgress()).hasPrefix("\(folder)/new/"))
      // By the rules of that variable a path that is not absolute does not count.
      let relative = GlyphCache(
        environment: ["XDG_CACHE_HOME": "x", "HOME": "\(folder)/h"], home: nil, temporary: [])
      #expect(try relative.folder(SilentProgress()) == expected[1])
    }
  }

  @Test("where no place can be written a temporary folder is used, with a note; one of somebody else is not")
  func temporary() async throws {
    try await withFolder { folder in
      // A file where a folder should be stops everybody, even who may write everywhere.
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      let environment = ["XDG_CACHE_HOME": "\(folder)/file/x", "HOME": "\(folder)/file"]
      let own = try place("\(folder)/second/fewshot-\(getuid())")
      try FileManager.default.createDirectory(atPath: "\(folder)/first", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/first/fewshot-\(getuid())",
        withDestinationPath: "\(folder)/second/fewshot-\(getuid())")
      let watcher = StepWatcher()
      let cache = GlyphCache(
        environment: environment, home: "\(folder)/file", temporary: ["\(folder)/first", "\(folder)/second"])
      #expect(try cache.folder(watcher) == own)
      #expect(watcher.notes.count == 1 && watcher.notes[0].contains("Set XDG_CACHE_HOME"), "\(watcher.notes)")
      let nowhere = GlyphCache(environment: environment, home: nil, temporary: ["\(folder)/file"])
      #expect {
        try nowhere.folder(SilentProgress())
      } throws: { error in
        guard case DatasetError.notWritable = error else { return false }
        return "\(error)".contains("XDG_CACHE_HOME") && "\(error)".contains("\(folder)/file/x")
      }
    }
  }
}
