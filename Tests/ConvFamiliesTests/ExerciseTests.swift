import Foundation
import Testing

/// The README's exercise is the file beside this one, and `FamilyCase.all` puts that file through the suite.
@Suite("The exercise of the README")
struct ExerciseTests {
  @Test("its code is what the tests compile and run")
  func sameCode() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let compiled = try String(
      contentsOf: here.appendingPathComponent("Exercise/Gated.swift"), encoding: .utf8)
    let readme = try String(
      contentsOf: here.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("README.md"), encoding: .utf8)
    let exercise = try #require(readme.range(of: "## Exercise: a family in one file"))
    let text = readme[exercise.upperBound...]
    let start = try #require(text.range(of: "```swift\n"))
    let end = try #require(text[start.upperBound...].range(of: "```"))
    #expect(text[start.upperBound..<end.lowerBound] == compiled)
  }

  @Test("the suite of families runs on it")
  func inSuite() {
    #expect(FamilyCase.all.contains { $0.name == GatedFamily.name })
  }
}
