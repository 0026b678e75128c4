import Evaluation
import MetaLearning
import Testing

@Suite("Speed at a common accuracy")
struct CommonAccuracyTests {
  /// Measures of curves that are the same on every task but for a little noise.
  private func measures(_ curve: [Double], noise: Double = 0.001, tasks: Int = 50) -> SpeedMeasures {
    let traces = (0..<tasks).map { task in
      AdaptationTrace(
        curve: curve.enumerated().map { step, accuracy in
          CurvePoint(
            step: step, supportLoss: 1, supportAccuracy: 1, queryLoss: 1,
            queryAccuracy: accuracy + (task % 2 == 0 ? noise : -noise), milliseconds: Double(step))
        }, kernelMovement: curve.map { _ in 0 }, macsPerStep: 10)
    }
    return SpeedMeasures(candidate: "made up", trainedSteps: 2, traces: traces)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test("steps are read off the straight line between whole ones")
  func line() {
    // From 0.2 to 0.6 in the first step and to 0.8 in the second.
    let curve = [0.2, 0.6, 0.8]
    #expect(steps(to: 0.1, of: curve) == 0)
    #expect(abs((steps(to: 0.4, of: curve) ?? 0) - 0.5) < 1e-12)
    #expect(abs((steps(to: 0.7, of: curve) ?? 0) - 1.5) < 1e-12)
    #expect(steps(to: 0.9, of: curve) == nil)
  }

  @Test("an arm that is there early is faster, whatever it ends with")
  func early() throws {
    // The accuracy is 0.2 + 0.9·(0.6 − 0.2) = 0.56: b is there after 0.36/0.38 of its first step, a after
    // 1 + 0.26/0.32 steps, though a ends higher.
    let common = try #require(
      CommonAccuracy(measures([0.2, 0.3, 0.62, 0.62]), measures([0.2, 0.58, 0.6, 0.6])))
    #expect(abs(mean(common.values.a) - 1.8125) < 1e-3)
    #expect(abs(mean(common.values.b) - 0.36 / 0.38) < 1e-3)
  }

  @Test("the accuracy lies on the way to the lower end, from the lower start")
  func target() {
    #expect(abs(CommonAccuracy.target((0.2, 0.3), (0.9, 0.6)) - 0.56) < 1e-12)
    #expect(CommonAccuracy.target((0.2, 0.3), (0.9, 0.6)) == CommonAccuracy.target((0.3, 0.2), (0.6, 0.9)))
  }

  @Test("exchanging the sides exchanges the values")
  func symmetry() throws {
    let (a, b) = (measures([0.2, 0.5, 0.8]), measures([0.2, 0.7, 0.75]))
    let (one, other) = try (#require(CommonAccuracy(a, b)), #require(CommonAccuracy(b, a)))
    #expect(one.values.a == other.values.b && one.values.b == other.values.a)
  }

  @Test("an arm that starts above the accuracy takes no step to it")
  func informed() throws {
    let common = try #require(CommonAccuracy(measures([0.9, 0.92, 0.92]), measures([0.2, 0.5, 0.8])))
    #expect(common.values.a.allSatisfy { abs($0) < 1e-9 })
  }

  @Test("where an arm hardly gains, nothing is compared")
  func flat() {
    #expect(CommonAccuracy(measures([0.2, 0.2001, 0.2001], noise: 0.01), measures([0.2, 0.5, 0.8])) == nil)
  }

  @Test("reaching an accuracy costs time and arithmetic in proportion")
  func reach() {
    let result = SpeedResult([measures([0.2, 0.6, 0.8])], movements: [])
    let reach = Reach(of: result.curve, to: 0.7)
    #expect(abs((reach.steps ?? 0) - 1.5) < 1e-9 && abs((reach.milliseconds ?? 0) - 1.5) < 1e-9)
    #expect(abs((reach.macs ?? 0) - 15) < 1e-9)
    #expect(Reach(of: result.curve, to: 0.95).steps == nil)
    #expect(result.targets?.map(\.accuracy) == Reach.targets)
  }
}
