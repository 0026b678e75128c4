import ConvFamilies
import Networks
import Testing

@Suite("Timing of prefix sums")
struct PrefixSumTimingTests {
  @Test("both evaluations are timed on the same image and agree")
  func agrees() throws {
    let site = ConvSite(path: "a", layer: 1, stage: 1, inputs: 8, outputs: 16)
    let timing = try PrefixSumTiming(at: site, side: 9, compression: 4, repeats: 2)
    #expect(timing.disagreement < 1e-5)
    #expect(timing.denseMilliseconds > 0 && timing.prefixMilliseconds > 0)
    // Of 8·72·16 products a quarter, on the border too, and six additions per output.
    #expect(timing.workRatio > 1 && timing.workRatio < 4)
  }
}
