import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("One rate for all steps")
struct TiedRatesTests {
  @Test(
    "it is a rate for each step that happens to be the same, and its gradient is the sum of theirs",
    arguments: HeadStart.allCases, GraphMemory.allCases)
  func sum(start: HeadStart, memory: GraphMemory) throws {
    for adapt in ["atoms", "random:50"] {
      var tied = try TinyLearner(adapt: adapt, start: start, tied: true)
      var free = try TinyLearner(adapt: adapt, start: start)
      tied.learner.memory = memory
      free.learner.memory = memory
      #expect(tied.point.rates.allSatisfy { $0.count == 1 } && free.point.rates.allSatisfy { $0.count == 3 })
      let rates = tied.point.rates.map { Tensor(repeating: $0.item, shape: [3]) }
      let point = MetaParameters(initial: tied.point.initial, rates: rates)
      // Beyond the trained steps the last rate goes on.
      for steps in 0...5 {
        let a = tied.learner.fit(tied.point, to: tied.task.support, steps: steps)
        let b = free.learner.fit(point, to: tied.task.support, steps: steps)
        #expect(a.values.map(\.scalars) == b.values.map(\.scalars), "\(adapt) \(steps)")
      }
      for weights in stepWeightsToTry(3) {
        let a = tied.learner.metaGradient(at: tied.point, on: tied.task, weights: weights)
        let b = free.learner.metaGradient(at: point, on: tied.task, weights: weights)
        #expect(a.loss == b.loss)
        #expect(a.parameters.map(\.scalars) == b.parameters.map(\.scalars), "\(adapt)")
        for (one, each) in zip(a.rates, b.rates) {
          #expect(one.shape == [1] && each.shape == [3])
          // Terms of different signs may cancel: rounding is that of the terms.
          let size = each.scalars.reduce(0) { $0 + abs($1) }
          #expect(abs(one.item - each.scalars.reduce(0, +)) <= roundingTolerance * size, "\(adapt)")
        }
      }
    }
  }

  @Test("an outer step moves it as a single number")
  func outerStep() throws {
    let tiny = try TinyLearner(tied: true)
    var optimizer = MetaOptimizer(outerRate: 0.01, logRateStep: 0.1, clip: 10)
    let gradient = tiny.learner.metaGradient(at: tiny.point, on: tiny.task)
    let (moved, _) = optimizer.update(tiny.point, with: [gradient])
    #expect(moved.rates.map(\.shape) == tiny.point.rates.map(\.shape))
    for (a, b) in zip(moved.rates, tiny.point.rates) { #expect(a.item != b.item && a.item > 0) }
  }
}
