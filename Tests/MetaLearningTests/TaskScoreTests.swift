import Foundation
import MetaLearning
import Testing

@Suite("Scores of tasks")
struct TaskScoreTests {
  @Test("what is no finite number is wholly wrong", arguments: [Double.nan, .infinity, -.infinity])
  func nonfinite(_ loss: Double) {
    let score = TaskScore(loss: loss, accuracy: 0.2)
    #expect(score.accuracy == 0 && !score.isFinite)
    #expect(
      TaskScore(loss: 1.5, accuracy: 0.2).accuracy == 0.2 && TaskScore(loss: 1.5, accuracy: 0.2).isFinite)
  }
}
