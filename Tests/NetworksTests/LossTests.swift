import Networks
import TestSupport
import Tensors
import Testing

@Suite("Losses")
struct LossTests {
  @Test("cross-entropy of equal scores is log K, and its gradient is (softmax − one-hot)/N")
  func closedForm() {
    let equal = Tensor(repeating: 3, shape: [4, 5])
    #expect(abs(Double(crossEntropy(equal, [0, 1, 2, 3]).item) - 1.6094379124341003) < 1e-6)
    let scores = Tensor([1, 2, 0, -1, 0.5, 3], shape: [2, 3]).leaf
    let gradient = gradients(of: crossEntropy(scores, [1, 0]), wrt: [scores])[0]
    let softmax = scores.scalars.enumerated().map { i, value -> Scalar in
      let row = scores.scalars[(i / 3 * 3)..<(i / 3 * 3 + 3)]
      return value.exponential / row.reduce(0) { $0 + $1.exponential }
    }
    let expected = zip(softmax, [0, 1, 0, 1, 0, 0]).map { ($0 - Scalar($1)) / 2 }
    #expect(relativeError(gradient.scalars, expected) < 10 * roundingTolerance)
  }

  @Test("huge scores do not overflow")
  func large() {
    let loss = crossEntropy(Tensor([1e4, 0, 0, 1e4], shape: [2, 2]), [0, 0])
    #expect(loss.item.isFinite && abs(loss.item - 5000) < 1)
  }

  @Test("accuracy counts the first of the largest scores")
  func accuracyTies() {
    #expect(accuracy(Tensor([1, 1, 0, 2, 2, 3], shape: [2, 3]), [0, 2]) == 1)
    #expect(accuracy(Tensor([1, 1, 0, 2, 2, 3], shape: [2, 3]), [1, 0]) == 0)
  }
}

extension Scalar {
  fileprivate var exponential: Scalar { Tensor(self).exponential.item }
}
