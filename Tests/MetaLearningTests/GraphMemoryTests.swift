import MetaLearning
import Tensors
import Testing

@Suite("How much of the inner loop is kept")
struct GraphMemoryTests {
  @Test(
    "unrolled and checkpointed meta-gradients agree for every start of the head, weights and rates",
    arguments: HeadStart.allCases, DerivativeOrder.allCases)
  func agree(start: HeadStart, order: DerivativeOrder) throws {
    for tied in [false, true] {
      for adapt in ["atoms", "all", "random:50"] {
        let tiny = try TinyLearner(adapt: adapt, start: start, order: order, tied: tied)
        for weights in stepWeightsToTry(3) {
          let (unrolled, checkpointed) = tiny.gradients(weights: weights)
          let what = "\(adapt) tied \(tied) \(weights?.values ?? [])"
          #expect(unrolled.loss == checkpointed.loss, "\(what)")
          #expect(unrolled.accuracy == checkpointed.accuracy, "\(what)")
          // To the bit, since a run may go on the other way: both add up what a tensor gets from the last step to
          // the first.
          for (i, (a, b)) in zip(unrolled.tensors, checkpointed.tensors).enumerated() {
            #expect(a.scalars == b.scalars, "\(what) \(i)")
          }
        }
      }
    }
  }

  @Test("a kept loop takes the steps of one that leaves no trace", arguments: HeadStart.allCases)
  func sameSteps(start: HeadStart) throws {
    let tiny = try TinyLearner(start: start)
    let score = tiny.learner.score(from: tiny.point, on: tiny.task)
    let (unrolled, checkpointed) = tiny.gradients()
    #expect(unrolled.loss == score.loss && checkpointed.loss == score.loss)
  }
}
