import Foundation
import Testing

/// The page "Use as a library", as its reader uses it: a package of its own that depends on the product.
@Suite("Use as a library")
struct LibraryTests {
  private static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Building the product once, in one precision, is enough.
  private static var isWanted: Bool {
    #if DoublePrecision
      false
    #else
      true
    #endif
  }

  @Test("the example of the page builds against FewShotKit and runs", .enabled(if: isWanted))
  func example() throws {
    let page = try String(
      contentsOf: Self.repository.appendingPathComponent("Sources/fewshot/Documentation.docc/Library.md"),
      encoding: .utf8)
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0] + "\n"
    }
    try #require(blocks.count == 2)
    let name = Self.repository.lastPathComponent
    let manifest = blocks[0]
      .replacing("\"../fewshot\"", with: "\"\(Self.repository.path)\"")
      .replacing("package: \"fewshot\"", with: "package: \"\(name)\"")
    try Program.withFolder { folder in
      let sources = folder.appendingPathComponent("Sources/Trial")
      try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
      try Data(manifest.utf8).write(to: folder.appendingPathComponent("Package.swift"))
      try Data(blocks[1].utf8).write(to: sources.appendingPathComponent("main.swift"))
      // The versions that the kit itself was built with, where they are known.
      let resolved = Self.repository.appendingPathComponent("Package.resolved")
      try? FileManager.default.copyItem(at: resolved, to: folder.appendingPathComponent("Package.resolved"))
      let data = folder.appendingPathComponent("images").path
      #expect(try Program.run("data glyphs --output \(data)").status == 0)
      // Beside the kit's own build, so that a second run of the tests builds little.
      let scratch = Self.repository.appendingPathComponent(".build/library-example").path
      let status = try Program.shell(
        "swift run -q -c release --scratch-path '\(scratch)' Trial '\(data)' 20 > output.txt 2> errors.txt",
        in: folder)
      let errors = try String(contentsOf: folder.appendingPathComponent("errors.txt"), encoding: .utf8)
      try #require(status == 0, "\(errors.suffix(3000))")
      let output = try String(contentsOf: folder.appendingPathComponent("output.txt"), encoding: .utf8)
      let words = output.split(whereSeparator: \.isWhitespace)
      let accuracy = try #require(words.count == 2 && words[0] == "accuracy" ? Double(words[1]) : nil)
      #expect(accuracy > 0.2 && accuracy <= 1, "\(output)")
    }
  }
}
