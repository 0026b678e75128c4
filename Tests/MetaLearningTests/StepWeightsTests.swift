import MetaLearning
import Testing

@Suite("Weights of the losses after the steps")
struct StepWeightsTests {
  /// Weights after `epoch` of `epochs`, as the MAML++ code computes them.
  ///
  /// - Source: `get_per_step_loss_importance_vector` in few_shot_learning_system.py of HowToTrainYourMAMLPytorch.
  private func published(_ steps: Int, _ epoch: Int, _ epochs: Int) -> [Double] {
    let count = Double(steps)
    let decay = 1 / count / Double(epochs)
    let least = 0.03 / count
    var weights = [Double](repeating: 1 / count, count: steps)
    for i in 0..<(steps - 1) { weights[i] = max(weights[i] - Double(epoch) * decay, least) }
    weights[steps - 1] = min(
      weights[steps - 1] + Double(epoch) * (count - 1) * decay, 1 - (count - 1) * least)
    return weights
  }

  private func all(_ steps: Int) -> [StepWeights] {
    [1, 2, 7, 100].flatMap { end in
      (0...end + 1).map { StepWeights(annealed: steps, after: $0, of: end) }
    } + [StepWeights(last: steps), StepWeights(equal: steps)]
  }

  @Test("there is one for each step, none is negative and their sum is 1", arguments: 1...6)
  func sums(steps: Int) {
    for weights in all(steps) {
      #expect(weights.values.count == steps)
      #expect(weights.values.allSatisfy { $0 >= 0 })
      #expect(abs(weights.values.reduce(0, +) - 1) < 1e-14)
    }
  }

  @Test("without steps there are none, and one step has them all")
  func few() {
    #expect(all(0).allSatisfy { $0.values.isEmpty })
    #expect(all(1).allSatisfy { $0.values == [1] })
  }

  @Test("while training goes on the earlier steps never gain and the last never loses", arguments: 2...6)
  func monotone(steps: Int) {
    let way = (0...101).map { StepWeights(annealed: steps, after: $0, of: 100).values }
    for (before, after) in zip(way, way.dropFirst()) {
      #expect(zip(before, after).dropLast().allSatisfy { $0 >= $1 })
      #expect(before[steps - 1] <= after[steps - 1])
    }
  }

  @Test("they start all the same and end at the last step", arguments: 2...6)
  func ends(steps: Int) {
    for (a, b) in zip(
      StepWeights(annealed: steps, after: 0, of: 10).values, StepWeights(equal: steps).values)
    { #expect(abs(a - b) < 1e-15) }
    for done in [10, 11, 1000] {
      #expect(StepWeights(annealed: steps, after: done, of: 10) == StepWeights(last: steps))
    }
    #expect(StepWeights(annealed: steps, after: 0, of: 0) == StepWeights(last: steps))
  }

  @Test("they are those of the MAML++ code, with updates for epochs", arguments: 2...6)
  func maml(steps: Int) {
    for end in [1, 2, 7, 100] {
      for done in 0..<end {
        let found = StepWeights(annealed: steps, after: done, of: end).values
        for (a, b) in zip(found, published(steps, done, end)) { #expect(abs(a - b) < 1e-14) }
      }
    }
  }
}
