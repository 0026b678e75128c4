import Foundation
import MetaLearning
import Tensors
import Testing

@Suite("Answers to query images")
struct QueryAnswersTests {
  @Test("equal scores are an even guess of the first class", arguments: [2, 3, 5, 20])
  func even(ways: Int) {
    let answers = QueryAnswers(
      scores: Tensor(repeating: 3, shape: [ways, ways]), labels: Array(0..<ways))
    #expect(answers.told.allSatisfy { $0 == 0 } && answers.isRight(0) && !answers.isRight(1))
    for i in 0..<ways {
      #expect(abs(answers.confidence[i] - 1 / Double(ways)) <= 5e-7)
      #expect(abs(answers.loss[i] - log(Double(ways))) <= 5e-7)
      #expect(abs(answers.brier[i] - (1 - 1 / Double(ways))) <= 5e-7)
    }
  }

  @Test(
    "a sure answer costs nothing if it is right; if not, the distance of the scores and a Brier score of 2")
  func sure() {
    let answers = QueryAnswers(scores: Tensor([90, 0, 0, 90], shape: [2, 2]), labels: [0, 0])
    #expect(answers.told == [0, 1] && answers.confidence == [1, 1])
    #expect(answers.loss == [0, 90] && answers.brier == [0, 2])
  }

  @Test("numbers have six decimals, which their text gives back")
  func decimals() {
    let answers = QueryAnswers(
      scores: Tensor([0.3, -1.2, 0.7, 2, 1, 0.5], shape: [2, 3]), labels: [2, 1])
    for value in answers.confidence + answers.loss + answers.brier {
      #expect(abs(value * 1e6 - (value * 1e6).rounded()) < 1e-6)
      #expect(Double(String(format: "%.6f", value)) == value)
    }
  }
}
