import Diagnostics
import Foundation
import Kernels
import Randomness
import Testing

@Suite("Slopes by differences")
struct LineDifferencesTests {
  /// A loss of 1.5 with slope 2, in the precision of the build.
  private func loss(_ t: Double) -> Double { Double(Scalar(1.5 + 2 * t)) }

  @Test("a straight line gives its slope, and every step is smooth")
  func straight() {
    let found = LineDifferences(loss: 1.5, slope: 2) { BranchedLoss(loss: loss($0), branches: 0, place: $0) }
    #expect(found.smooth == LineDifferences.steps)
    #expect(abs(found.mean - 2) < 0.05 && found.uncertainty < 0.05, "\(found)")
  }

  @Test("the uncertainty is honest: rounded at random, the slope lies within three of it, nearly always")
  func coverage() {
    var stream = RandomStream(seed: 3, purpose: "coverage of differences")
    let noise = 40 * Double(Scalar.ulpOfOne)
    // Steps go over as many powers of ten.
    let decades = MemoryLayout<Scalar>.size == 8 ? 6.0 : 1.0
    var (inside, sharp) = (0, 0)
    for _ in 0..<200 {
      // Only some of the steps meet no kink, and those are the short ones.
      let longest = 10 * noise * pow(10, decades * stream.uniform(0.2, 0.8))
      let found = LineDifferences(loss: 1.5, slope: 2) { t in
        BranchedLoss(
          loss: 1.5 + 2 * t + noise * stream.uniform(-1, 1), branches: abs(t) > longest ? t.bitPattern : 0,
          place: t)
      }
      guard found.smooth >= LineDifferences.least else { continue }
      sharp += 1
      if abs(found.mean - 2) <= 3 * found.uncertainty { inside += 1 }
    }
    #expect(sharp > 20 && inside >= sharp * 97 / 100, "\(inside) of \(sharp)")
  }

  @Test("where a place is rounded, the way that was really taken counts")
  func rounded() {
    // Places are rounded to a tenth of the shortest step, which alone would make errors of many percent.
    let grid = 2 * Double(Scalar.ulpOfOne)
    let found = LineDifferences(loss: 1.5, slope: 2) { t in
      let place = (t / grid).rounded() * grid
      return BranchedLoss(loss: 1.5 + 2 * place, branches: 0, place: place)
    }
    #expect(abs(found.mean - 2) < 1e-6, "\(found)")
  }

  @Test("jumps so dense that they make a slope of their own end as nothing that can be told")
  func dense() {
    // Within every 1e-9 of the way the slope is 2, and at its end the loss falls by 1e-9.
    let found = LineDifferences(loss: 1.5, slope: 2) { t in
      let branch = (t / 1e-9).rounded(.down)
      return BranchedLoss(
        loss: loss(t) - 1e-9 * branch, branches: UInt64(bitPattern: Int64(branch)), place: t)
    }
    // In 64 bits steps are short enough to miss most of them.
    guard MemoryLayout<Scalar>.size == 4 else { return }
    #expect(found.smooth < LineDifferences.least, "\(found)")
    // The differences agree with each other on the wrong slope.
    #expect(abs(found.mean - 1) < 0.3, "\(found)")
  }

  @Test("a jump on one side is met by some steps, and those do not count")
  func single() {
    let exact = LineDifferences(loss: 1.5, slope: 2) { BranchedLoss(loss: loss($0), branches: 0, place: $0) }
    var places: [Double] = []
    _ = LineDifferences(loss: 1.5, slope: 2) { t in
      places.append(t)
      return BranchedLoss(loss: loss(t), branches: 0, place: t)
    }
    let middle = (places.max() ?? 0) / 2
    let found = LineDifferences(loss: 1.5, slope: 2) { t in
      BranchedLoss(loss: loss(t) + (t > middle ? 0.5 : 0), branches: t > middle ? 1 : 0, place: t)
    }
    #expect(found.smooth < LineDifferences.steps && found.smooth >= LineDifferences.least)
    #expect(abs(found.mean - exact.mean) < 0.05, "\(found)")
  }
}
