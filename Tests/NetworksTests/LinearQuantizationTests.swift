import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Linear quantization")
struct LinearQuantizationTests {
  @Test(
    "no number moves further than half a step, and there are no more levels than bits allow",
    arguments: [2, 4, 8])
  func halfStep(bits: Int) {
    var stream = RandomStream(seed: 1, purpose: "quantization")
    let x = Tensor.normal([3, 500], &stream)
    let y = LinearQuantization(bits: bits)(x)
    let (low, high) = (x.scalars.min() ?? 0, x.scalars.max() ?? 0)
    let step = (high - low) / Scalar((1 << bits) - 1)
    let furthest = zip(x.scalars, y.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(furthest <= step * 0.50001 && furthest > 0.4 * step)
    #expect(Set(y.scalars).count <= 1 << bits && y.shape == x.shape)
    #expect(y.scalars.min() == low && abs((y.scalars.max() ?? 0) - high) < 1e-6)
    // Once quantized, it stays.
    #expect(relativeError(LinearQuantization(bits: bits)(y).scalars, y.scalars) < roundingTolerance)
  }

  @Test("a tensor of one value stays as it is")
  func constant() {
    #expect(LinearQuantization()(Tensor([3, 3, 3], shape: [3])).scalars == [3, 3, 3])
  }

  @Test("only the named roles are quantized and count as such")
  func roles() {
    var layout = ParameterLayout()
    _ = layout.declare("a", [100], .summary, .normal(deviation: 1))
    _ = layout.declare("b", [100], .head, .normal(deviation: 1))
    let point = layout.initialized(seed: 1)
    let quantization = LinearQuantization(bits: 2)
    let lower = quantization(point, roles: [.summary])
    #expect(Set(lower.values[0].scalars).count == 4)
    #expect(lower.values[1].scalars == point.values[1].scalars)
    // (2·100 + 64)/32 = 8.25, and 100 as they are.
    #expect(quantization.effectiveParameters(of: layout, roles: [.summary]) == 108.25)
    #expect(LinearQuantization().effectiveParameters(of: layout, roles: [.summary]) == 127)
  }
}
