import Diagnostics
import Foundation
import Kernels
import Testing

@Suite("Slopes by differences")
struct LineDifferencesTests {
  /// A loss of 1.5 with slope 2, in the precision of the build.
  private func loss(_ t: Double) -> Double { Double(Scalar(1.5 + 2 * t)) }

  @Test("a straight line gives its slope, and every step is smooth")
  func straight() {
    let found = LineDifferences(loss: 1.5, slope: 2) { BranchedLoss(loss: loss($0), branches: 0) }
    #expect(found.smooth == LineDifferences.steps)
    #expect(abs(found.mean - 2) < 0.05 && found.uncertainty < 0.05, "\(found)")
  }

  @Test("jumps so dense that they make a slope of their own end as nothing that can be told")
  func dense() {
    // Within every 1e-9 of the way the slope is 2, and at its end the loss falls by 1e-9.
    let found = LineDifferences(loss: 1.5, slope: 2) { t in
      let branch = (t / 1e-9).rounded(.down)
      return BranchedLoss(loss: loss(t) - 1e-9 * branch, branches: UInt64(bitPattern: Int64(branch)))
    }
    // In 64 bits steps are short enough to miss most of them.
    guard MemoryLayout<Scalar>.size == 4 else { return }
    #expect(found.smooth < LineDifferences.least, "\(found)")
    // The differences agree with each other on the wrong slope.
    #expect(abs(found.mean - 1) < 0.3, "\(found)")
  }

  @Test("a jump on one side is met by some steps, and those do not count")
  func single() {
    let exact = LineDifferences(loss: 1.5, slope: 2) { BranchedLoss(loss: loss($0), branches: 0) }
    var places: [Double] = []
    _ = LineDifferences(loss: 1.5, slope: 2) { t in
      places.append(t)
      return BranchedLoss(loss: loss(t), branches: 0)
    }
    let middle = (places.max() ?? 0) / 2
    let found = LineDifferences(loss: 1.5, slope: 2) { t in
      BranchedLoss(loss: loss(t) + (t > middle ? 0.5 : 0), branches: t > middle ? 1 : 0)
    }
    #expect(found.smooth < LineDifferences.steps && found.smooth >= LineDifferences.least)
    #expect(abs(found.mean - exact.mean) < 0.05, "\(found)")
  }
}
