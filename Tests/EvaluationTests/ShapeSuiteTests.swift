import Episodes
import Evaluation
import Foundation
import Images
import MetaLearning
import Testing

@Suite("Other shots and ways")
struct ShapeSuiteTests {
  /// Eight images in each of four test classes.
  private func withStore(_ body: (ImageStore) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shapes-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try GlyphSet.write(
      to: folder, classes: GlyphClasses(train: 1, validation: 1, test: 4), imagesPerClass: 8)
    let preparation = ImagePreparation(imageSize: Subjects.side, invert: true)
    try await body(ImageStore(DatasetIndex(root: folder), preparation: preparation))
  }

  @Test("sizes are the usual ones, each once")
  func sizes() {
    let sizes = ShapeSuite.sizes(around: EpisodeShape(ways: 5, shots: 1, queries: 15), ways: [3, 5])
    #expect(sizes.map(\.shots) == [1, 2, 3, 5, 10, 1] && sizes.map(\.ways) == [5, 5, 5, 5, 5, 3])
  }

  @Test("what the images allow is drawn with one number of queries, the rest is left out with a reason")
  func drawn() async throws {
    try await withStore { store in
      let sizes = ShapeSuite.sizes(around: EpisodeShape(ways: 3, shots: 1, queries: 15), ways: [2, 4, 5])
      let suite = try ShapeSuite(sizes, of: store, queries: 15, episodes: 3, seed: 1)
      // 8 images: 3 shots leave 5 queries; 5 would leave 3.
      #expect(suite.drawn.map(\.shape.shots) == [1, 2, 3, 1, 1])
      #expect(suite.drawn.map(\.shape.ways) == [3, 3, 3, 2, 4])
      #expect(suite.drawn.allSatisfy { $0.shape.queries == 5 && $0.tasks.count == 3 })
      #expect(suite.leftOut.map(\.size.shots) == [5, 10, 1] && suite.leftOut.map(\.size.ways) == [3, 3, 5])
      #expect(suite.leftOut[0].reason.contains("8 images") && suite.leftOut[2].reason.contains("4 classes"))
      let task = try suite.drawn[1].tasks.task(0)
      #expect(task.support.count == 6 && task.query.count == 15)
    }
  }

  @Test("prototypes are tested at any ways, a head at its own; the numbers are the learner's")
  func measured() async throws {
    try await withStore { store in
      let sizes = [(3, 1), (3, 2), (2, 1)].map { ShapeSuite.Size(ways: $0.0, shots: $0.1) }
      let suite = try ShapeSuite(sizes, of: store, queries: 4, episodes: 3, seed: 1)
      let head = try await suite.measure([try Subjects.candidate()], workers: 2)
      #expect(head.map(\.ways) == [3, 3] && head.map(\.shots) == [1, 2])
      let candidate = try Subjects.candidate(steps: 0, ways: nil)
      let prototypes = try await suite.measure([candidate, candidate], workers: 1)
      #expect(prototypes.map(\.ways) == [3, 3, 2])
      let accuracies = try (0..<3).map { i in
        candidate.learner.assess(candidate.point.initial, on: try suite.drawn[2].tasks.task(i)).accuracy
      }
      #expect(prototypes[2].accuracy == Estimate(accuracies) && prototypes[2].tasks == 3)
    }
  }
}
