import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("The outer update")
struct MetaOptimizerTests {
  private func point(rate: Scalar) -> MetaParameters {
    var layout = ParameterLayout()
    _ = layout.declare("theta", [2], .kernels, .values([1, 2]))
    return MetaParameters(initial: layout.initialized(seed: 0), rates: [Tensor([rate], shape: [1])])
  }

  private func gradient(_ theta: [Scalar], _ rate: Scalar) -> MetaGradient {
    MetaGradient(
      loss: 0, accuracy: 0, parameters: [Tensor(theta, shape: [2])], rates: [Tensor([rate], shape: [1])])
  }

  @Test("tasks are averaged, and the norm is that of the mean")
  func mean() {
    var optimizer = MetaOptimizer(outerRate: 0.1, logRateStep: 0, clip: 100)
    let (_, norm) = optimizer.update(point(rate: 0.5), with: [gradient([6, 0], 0), gradient([0, 8], 0)])
    // The mean is (3, 4).
    #expect(abs(norm - 5) < 1e-5)
  }

  @Test("a parameter outside the outer loop stays, has no part in the norm, and leaves the others alone")
  func fixed() {
    var layout = ParameterLayout()
    _ = layout.declare("atoms", [2], .atoms, .values([1, 2]))
    _ = layout.declare("delta", [2], .atomsDelta, isMetaTrained: false, .constant(0))
    let start = MetaParameters(initial: layout.initialized(seed: 0), rates: [])
    let slope = Tensor([3, 4], shape: [2])
    let gradient = MetaGradient(loss: 0, accuracy: 0, parameters: [slope, 10 * slope], rates: [])
    var optimizer = MetaOptimizer(outerRate: 0.1, logRateStep: 0, clip: 100)
    let (moved, norm) = optimizer.update(start, with: [gradient])
    #expect(abs(norm - 5) < 1e-5)
    #expect(moved.initial.values[1].scalars == [0, 0])
    #expect(moved.initial.values[0].scalars.allSatisfy { ![1, 2].contains($0) })
  }

  @Test("rates that are kept stay and have no part in the norm; learned ones move by a factor")
  func rates() {
    var kept = MetaOptimizer(outerRate: 0.1, logRateStep: 0, clip: 1)
    let (still, norm) = kept.update(point(rate: 0.5), with: [gradient([0, 0.1], 1e6)])
    #expect(still.rates[0].item == 0.5 && abs(norm - 0.1) < 1e-6)
    for start: Scalar in [0.01, 1] {
      var learned = MetaOptimizer(outerRate: 0.1, logRateStep: 0.2, clip: 100)
      let (moved, _) = learned.update(point(rate: start), with: [gradient([0, 0], 3)])
      // Adam's first step is its size against the sign: log r falls by 0.2.
      #expect(abs(moved.rates[0].item / start - 0.8187308) < 1e-4)
    }
  }

  @Test("a long gradient is cut to the clip, so its direction alone counts")
  func clip() {
    var moments: [[Scalar]] = []
    for scale: Scalar in [1, 1000] {
      var optimizer = MetaOptimizer(outerRate: 0.1, logRateStep: 0, clip: 0.5)
      _ = optimizer.update(point(rate: 0.5), with: [gradient([3 * scale, 4 * scale], 0)])
      moments.append(optimizer.state.first[0])
    }
    #expect(relativeError(moments[0], moments[1]) < 1e-5)
    // A tenth of (0.3, 0.4): Adam's first moment after one step.
    #expect(relativeError(moments[0], [0.03, 0.04]) < 1e-5)
  }
}
