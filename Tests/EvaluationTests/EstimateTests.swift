import Evaluation
import Testing

struct EstimateTests {
  @Test func isMeanAndHalfWidth() {
    let estimate = Estimate([0.2, 0.4, 0.6])
    #expect(abs(estimate.mean - 0.4) < 1e-15)
    #expect(abs(estimate.ci95 - 1.96 * 0.2 / 3.0.squareRoot()) < 1e-15)
  }

  @Test func aSingleValueHasNoWidth() { #expect(Estimate([0.5]) == Estimate(mean: 0.5, ci95: 0)) }
}
