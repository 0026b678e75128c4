import Randomness
import Tensors
import TestSupport
import Testing

@Suite("Normalisation by given statistics")
struct FixedNormalisationTests {
  /// Mean and biased variance of each channel, by hand.
  private func statistics(_ y: Tensor) -> (mean: Tensor, variance: Tensor) {
    let c = y.shape[3]
    let (n, values) = (y.count / c, y.scalars.map { Double($0) })
    let means = (0..<c).map { c0 in (0..<n).reduce(0) { $0 + values[$1 * c + c0] } / Double(n) }
    let variances = (0..<c).map { c0 in
      (0..<n).reduce(0) { $0 + (values[$1 * c + c0] - means[c0]) * (values[$1 * c + c0] - means[c0]) }
        / Double(n)
    }
    return (Tensor(means.map { Scalar($0) }, shape: [c]), Tensor(variances.map { Scalar($0) }, shape: [c]))
  }

  @Test(
    "the batch's own statistics give the fused block, with and without a shortcut", arguments: [1, 2, 3],
    [0, 0.1, 1])
  func own(pool: Int, slope: Double) {
    var stream = RandomStream(seed: 1, purpose: "fixed")
    let (y, shortcut) = (Tensor.normal([3, 7, 6, 21], &stream), Tensor.normal([3, 7, 6, 21], &stream))
    let (scale, shift) = (Tensor.normal([21], &stream), Tensor.normal([21], &stream))
    let options = NormaliseOptions(pool: pool, slope: Scalar(slope))
    let (mean, variance) = statistics(y)
    for around in [nil, shortcut.leaf] {
      let fixed = normalise(
        y, mean: mean, variance: variance, scale: scale, shift: shift, around: around, options)
      let fused = normalise(y, scale: scale, shift: shift, around: around, options)
      #expect(fixed.shape == fused.shape)
      #expect(relativeError(fixed.scalars, fused.scalars) < 10 * roundingTolerance)
      guard let around else { continue }
      let seed = Tensor.normal(fused.shape, &stream)
      let cotangents = [fixed, fused].map { gradients(of: [$0], wrt: [around], seeds: [seed])[0].scalars }
      #expect(cotangents[0] == cotangents[1])
    }
  }

  @Test("it is differentiable twice towards everything, the statistics too")
  func rules() {
    var stream = RandomStream(seed: 2, purpose: "fixed")
    let inputs = [
      Tensor.normal([2, 2, 2, 3], &stream), .normal([3], &stream), .uniform(0.5, 2, [3], &stream),
      .normal([3], &stream), .normal([3], &stream),
    ]
    let checker = GradientChecker()
    // Without pooling and activation there is no kink.
    let error = checker.error(
      of: {
        normalise(
          $0[0], mean: $0[1], variance: $0[2], scale: $0[3], shift: $0[4], NormaliseOptions(pool: 1, slope: 1)
        )
      }, at: inputs, order: 2, &stream)
    #expect(error < checker.tolerance)
  }
}
