import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("The outer loss over all steps")
struct WeightedLossTests {
  /// Σ wₜ · query loss after t steps, without any graph.
  private func loss(_ tiny: TinyLearner, at tensors: [Tensor], _ weights: StepWeights) -> Double {
    let layout = tiny.network.layout
    let count = layout.entries.count
    let point = MetaParameters(
      initial: tiny.point.initial.replacing(layout.refs, with: Array(tensors.prefix(count))),
      rates: Array(tensors.dropFirst(count)))
    return weights.values.enumerated().reduce(0) { sum, item in
      let end = tiny.learner.fit(point, to: tiny.task.support, steps: item.offset + 1)
      return sum + item.element * tiny.learner.assess(end, on: tiny.task).loss
    }
  }

  @Test(
    "its gradient is that of differences, by parameters and rates together",
    .enabled(if: MemoryLayout<Scalar>.size == 8, "differences are too coarse in 32 bits"),
    arguments: HeadStart.allCases, [false, true])
  func differences(start: HeadStart, tied: Bool) throws {
    for adapt in ["atoms", "all"] {
      let tiny = try TinyLearner(adapt: adapt, start: start, tied: tied)
      for case let weights? in stepWeightsToTry(3) + [StepWeights(last: 3)] {
        let (unrolled, checkpointed) = tiny.gradients(weights: weights)
        for gradient in [unrolled, checkpointed] {
          // Along the gradient, so that the slope is its norm and does not cancel.
          let norm = globalNorm(gradient.tensors)
          let direction = gradient.tensors.map { Scalar(1 / norm) * $0 }
          func moved(_ t: Double) -> Double {
            loss(tiny, at: zip(tiny.point.tensors, direction).map { $0 + Scalar(t) * $1 }, weights)
          }
          // A step may cross a kink or be lost in rounding; the best of a few did neither.
          let errors = [1e-4, 1e-5, 1e-6].map { size in
            let step = size / norm
            return abs((moved(step) - moved(-step)) / (2 * step) - norm) / norm
          }
          #expect(errors.min() ?? 1 < 1e-6, "\(adapt) \(weights.values) \(errors)")
        }
      }
    }
  }

  @Test("with all weight on the last step it is the loss after the last step", arguments: HeadStart.allCases)
  func last(start: HeadStart) throws {
    let tiny = try TinyLearner(start: start)
    let plain = tiny.gradients()
    let weighted = tiny.gradients(weights: StepWeights(last: 3))
    #expect(plain.unrolled.tensors.map(\.scalars) == weighted.unrolled.tensors.map(\.scalars))
    #expect(plain.checkpointed.tensors.map(\.scalars) == weighted.checkpointed.tensors.map(\.scalars))
  }
}
