import Evaluation
import MetaLearning
import Randomness
import Statistics
import Testing

/// Adaptation curves of known speed: a step goes 1/τ of the way that is left, so mean accuracy after t steps is
/// 0.2 + gain·(1 − (1 − 1/τ)ᵗ), in episodes of 25 queries.
private struct Learners {
  var episodes = 150
  var seeds = 1
  /// τ of both arms, above 1.
  var τ = (2.0, 2.0)
  /// How far a training's τ lies from its arm's, at most, as a share.
  var spread = 0.0

  /// One table of pseudovalues `[seed][episode]` for each arm, on the same episodes.
  func draw(_ stream: inout RandomStream) -> (a: [[Double]], b: [[Double]])? {
    // Hard episodes gain less, for every arm.
    let gains = (0..<episodes).map { _ in stream.uniform(0.5, 0.75) }
    func arm(_ τ: Double) -> [[Double]]? {
      let tables = (0..<seeds).compactMap { _ -> [Double]? in
        let own = τ * (1 + spread * stream.uniform(-1, 1))
        let traces = gains.map { trace(gain: $0, own, &stream) }
        return SpeedMeasures(contestant: "made up", trainedSteps: 2, traces: traces).values(of: .steps)
      }
      return tables.count == seeds ? tables : nil
    }
    guard let a = arm(τ.0), let b = arm(τ.1) else { return nil }
    return (a, b)
  }

  private func trace(gain: Double, _ τ: Double, _ stream: inout RandomStream) -> AdaptationTrace {
    // Which queries are hard is a property of the query: it has one threshold for all steps.
    let thresholds = (0..<25).map { _ in stream.uniform() }
    let curve = Self.accuracies(gain, τ).enumerated().map { t, accuracy in
      CurvePoint(
        step: t, supportLoss: 1, supportAccuracy: 1, queryLoss: 1,
        queryAccuracy: Double(thresholds.count { $0 < accuracy }) / 25, milliseconds: 1)
    }
    return AdaptationTrace(curve: curve, kernelMovement: curve.map { _ in 0 }, macsPerStep: 1)
  }

  private static func accuracies(_ gain: Double, _ τ: Double) -> [Double] {
    var left = 1.0
    return (0...10).map { t in
      if t > 0 { left *= 1 - 1 / τ }
      return 0.2 + gain * (1 - left)
    }
  }

  /// Steps to 95 % of the mean curve without noise.
  static func truth(_ τ: Double) -> Double { interpolatedStepsTo95Percent(of: accuracies(0.625, τ)) ?? .nan }
}

@Suite("Differences in steps to 95 %, on made-up curves with known answers")
struct SpeedSimulationTests {
  /// Four standard errors of a share of 5 % in so many trials.
  private func slack(_ trials: Int) -> Double { 4 * (0.05 * 0.95 / Double(trials)).squareRoot() }

  @Test("straight lines between steps give what the whole steps round up")
  func interpolation() {
    #expect(interpolatedStepsTo95Percent(of: [0, 1, 1]) == 0.95)
    #expect(abs((interpolatedStepsTo95Percent(of: [0.2, 0.5, 0.6]) ?? 0) - (1 + 0.08 / 0.1)) < 1e-12)
    #expect(interpolatedStepsTo95Percent(of: [0.5, 0.4]) == nil)
  }

  @Test(
    "the interval of the difference holds in 95 %, and equal arms differ in 5 %",
    arguments: [(1, 0.0), (3, 0.1)])
  func coverage(seeds: Int, spread: Double) throws {
    var stream = RandomStream(seed: UInt64(seeds), purpose: "speed simulation")
    let trials = 300
    let world = Learners(seeds: seeds, τ: (1.5, 2.5), spread: spread)
    let truth = Learners.truth(1.5) - Learners.truth(2.5)
    var (covered, found, false_, drawn) = (0, 0, 0, 0)
    for _ in 0..<trials {
      let tables = try #require(world.draw(&stream))
      let comparison = SeededComparison(tables.a, tables.b)
      if comparison.interval95?.contains(truth) == true { covered += 1 }
      if comparison.p < 0.05 { found += 1 }
      let equal = try #require(Learners(seeds: seeds, spread: spread).draw(&stream))
      if SeededComparison(equal.a, equal.b).p < 0.05 { false_ += 1 }
      drawn += 1
    }
    let share = { (count: Int) in Double(count) / Double(drawn) }
    #expect(share(covered) > 0.95 - slack(trials) - 0.01, "\(share(covered))")
    #expect(share(false_) < 0.05 + slack(trials), "\(share(false_))")
    #expect(share(found) > 0.9, "\(share(found))")
  }
}
