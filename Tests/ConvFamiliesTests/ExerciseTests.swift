import Foundation
import Testing

/// The exercise of the page Contributing is the file beside this one, and `FamilyCase.all` puts that file through the suite.
@Suite("The exercise of the page Contributing")
struct ExerciseTests {
  @Test("its code is what the tests compile and run")
  func sameCode() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let compiled = try String(
      contentsOf: here.appendingPathComponent("Exercise/Gated.swift"), encoding: .utf8)
    let page = try String(
      contentsOf: here.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/fewshot/Documentation.docc/Contributing.md"), encoding: .utf8)
    let exercise = try #require(page.range(of: "## Exercise: a family in one file"))
    let text = page[exercise.upperBound...]
    let start = try #require(text.range(of: "```swift\n"))
    let end = try #require(text[start.upperBound...].range(of: "```"))
    #expect(text[start.upperBound..<end.lowerBound] == compiled)
  }

  @Test("the suite of families runs on it")
  func inSuite() {
    #expect(FamilyCase.all.contains { $0.name == GatedFamily.name })
  }
}
