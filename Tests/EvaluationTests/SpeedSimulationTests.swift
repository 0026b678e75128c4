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
  /// What every episode gains at least and at most.
  var gain = 0.5...0.75
  /// The share of the gain that is lost again with every step after the third.
  var decay = 0.0
  /// How far a training's τ lies from its arm's, at most, as a share.
  var spread = 0.0

  /// One table of pseudovalues `[seed][episode]` for each arm, on the same episodes.
  func draw(_ stream: inout RandomStream) -> (a: [[Double]], b: [[Double]])? {
    // Hard episodes gain less, for every arm.
    let gains = (0..<episodes).map { _ in stream.uniform(gain.lowerBound, gain.upperBound) }
    func arm(_ τ: Double) -> [[Double]]? {
      let tables = (0..<seeds).compactMap { _ -> [Double]? in
        let own = τ * (1 + spread * stream.uniform(-1, 1))
        let traces = gains.map { trace(gain: $0, own, &stream) }
        return SpeedMeasures(candidate: "made up", trainedSteps: 2, traces: traces).values(of: .steps)
      }
      return tables.count == seeds ? tables : nil
    }
    guard let a = arm(τ.0), let b = arm(τ.1) else { return nil }
    return (a, b)
  }

  private func trace(gain: Double, _ τ: Double, _ stream: inout RandomStream) -> AdaptationTrace {
    // Which queries are hard is a property of the query: it has one threshold for all steps.
    let thresholds = (0..<25).map { _ in stream.uniform() }
    let curve = accuracies(gain, τ).enumerated().map { t, accuracy in
      CurvePoint(
        step: t, supportLoss: 1, supportAccuracy: 1, queryLoss: 1,
        queryAccuracy: Double(thresholds.count { $0 < accuracy }) / 25, milliseconds: 1)
    }
    return AdaptationTrace(curve: curve, kernelMovement: curve.map { _ in 0 }, macsPerStep: 1)
  }

  private func accuracies(_ gain: Double, _ τ: Double) -> [Double] {
    var left = 1.0
    return (0...10).map { t in
      if t > 0 { left *= 1 - 1 / τ }
      return 0.2 + gain * (1 - left - decay * Double(max(0, t - 3)))
    }
  }

  /// That of the mean curve without noise.
  func truth(_ τ: Double) -> Double {
    let mean = (gain.lowerBound + gain.upperBound) / 2
    return meanStepsOfGain(of: accuracies(mean, τ)) ?? .nan
  }
}

@Suite("Differences in the mean steps of a gain, on made-up curves with known answers")
struct SpeedSimulationTests {
  /// Four standard errors of a share of 5 % in so many trials.
  private func slack(_ trials: Int) -> Double { 4 * (0.05 * 0.95 / Double(trials)).squareRoot() }

  @Test("the mean steps of a gain are where the definition says")
  func definition() {
    #expect(meanStepsOfGain(of: [0, 1, 1, 1]) == 1 && meanStepsOfGain(of: [0, 0, 0, 1]) == 3)
    #expect(meanStepsOfGain(of: [0.5, 0.75, 1]) == 1.5)
    #expect(meanStepsOfGain(of: [0.5, 0.9, 0.5]) == nil && meanStepsOfGain(of: []) == nil)
    // 1/τ of what is left with every step: τ in the end.
    var left = 1.0
    let approach = (0...200).map { _ in
      defer { left *= 0.75 }
      return 1 - left
    }
    #expect(abs((meanStepsOfGain(of: approach) ?? 0) - 4) < 1e-9)
  }

  /// Steep and slow approaches, curves that fall again, and gains of a few points, over one training and three.
  ///
  /// A gain that is too small to say anything is left out, as in an evaluation.
  private static let worlds = [
    Learners(seeds: 1), Learners(seeds: 3, spread: 0.1), Learners(seeds: 1, τ: (1.05, 1.6)),
    Learners(seeds: 1, decay: 0.03), Learners(seeds: 3, decay: 0.03, spread: 0.1),
    Learners(seeds: 1, gain: 0.02...0.06), Learners(seeds: 3, gain: 0.02...0.06, spread: 0.1),
    Learners(seeds: 1, gain: 0.02...0.06, decay: 0.03),
  ]

  @Test("equal arms differ in at most 5 %, whatever their curves", arguments: worlds.indices)
  func size(of index: Int) {
    var stream = RandomStream(seed: UInt64(index), purpose: "speed simulation")
    var world = Self.worlds[index]
    world.τ.1 = world.τ.0
    let drawn = (0..<300).compactMap { _ in world.draw(&stream).map(SeededComparison.init) }
    let share = Double(drawn.count { $0.p < 0.05 }) / Double(max(1, drawn.count))
    #expect(drawn.count > 50 && share < 0.05 + slack(drawn.count), "\(share) of \(drawn.count)")
  }

  @Test("the interval holds in 95 %, and a planted difference is found", arguments: [0, 1, 2, 3, 4])
  func coverage(of index: Int) {
    var stream = RandomStream(seed: UInt64(index), purpose: "speed simulation/planted")
    var world = Self.worlds[index]
    if world.τ.0 == world.τ.1 { world.τ = (1.5, 2.5) }
    let truth = world.truth(world.τ.0) - world.truth(world.τ.1)
    let drawn = (0..<300).compactMap { _ in world.draw(&stream).map(SeededComparison.init) }
    let covered = Double(drawn.count { $0.interval95?.contains(truth) == true }) / Double(drawn.count)
    // One point for the bias of a ratio.
    #expect(drawn.count == 300 && covered > 0.95 - slack(300) - 0.01, "\(covered)")
    #expect(Double(drawn.count { $0.p < 0.05 }) / 300 > 0.9)
  }
}

extension SeededComparison {
  fileprivate init(_ tables: (a: [[Double]], b: [[Double]])) { self.init(tables.a, tables.b) }
}
