internal import Foundation
internal import MetaLearning
internal import Randomness
internal import Statistics

extension SpeedResult {
  /// Sums up an arm's trainings: each measure is averaged over the seeds task by task, then over tasks.
  ///
  /// Half-widths cover the choice of tasks for these trainings; paired comparisons also cover the choice of trainings.
  ///
  /// - Parameters:
  ///   - trainings: One per seed, on the same tasks.
  ///   - movements: Kernel movements at which curves are compared; the same for all arms.
  ///   - rateGrid: Sensitivity to rates, if it was measured.
  ///   - shapes: Other shots and ways, if they were measured.
  ///   - seed: The seed of the bootstrap; the same for all arms, so that they share the draws.
  /// - Precondition: there is at least one training and one task, and all trainings are of one network.
  public init(
    _ trainings: [SpeedMeasures], movements: [Double], rateGrid: RateGrid? = nil, shapes: [Shape] = [],
    seed: UInt64 = 0
  ) {
    let pool = Trainings(trainings)
    let accuracies = pool.tasks { $0.curve.map(\.queryAccuracy) }
    let meanCurve = columnMeans(accuracies)
    curve = pool.curve(accuracies)
    trainedSteps = trainings[0].trainedSteps
    areaUnderCurve = Estimate(accuracies.map { $0.reduce(0, +) / Double($0.count) })
    stepsTo95Percent = Evaluation.stepsTo95Percent(of: meanCurve)
    var stream = RandomStream(seed: seed, purpose: "speed/bootstrap")
    let interval =
      stepsTo95Percent == nil
      ? nil : Bootstrap.interval(accuracies, using: &stream) { Evaluation.stepsTo95Percent(of: $0) }
    stepsTo95PercentInterval = interval.map { [$0.lowerBound, $0.upperBound] }
    millisecondsTo95Percent = stepsTo95Percent.map { [curve] in curve[$0].milliseconds }
    macsTo95Percent = stepsTo95Percent.map { [curve] in curve[$0].macs }
    targets = Reach.targets.map { [curve] in Reach(of: curve, to: $0) }
    degradation = Estimate(accuracies.map { [trainedSteps] in $0[trainedSteps] - $0[$0.count - 1] })
    self.movements = pool.movements
    matched = movements.map(pool.matched)
    self.rateGrid = rateGrid
    similarity = pool.similarity
    self.shapes = shapes
  }

  /// Kernel movements at which the curves of several arms can be compared: from the smallest that an arm's first step
  /// makes to the largest that an arm reaches, each of the median task, evenly on a logarithmic scale.
  ///
  /// Arms whose kernels never move, since only heads or norms adapt, are left out.
  ///
  /// - Parameters:
  ///   - arms: All arms, each with its trainings.
  ///   - count: How many movements.
  /// - Returns: Ascending movements; empty if no arm moves its kernels.
  /// - Precondition: `count` is at least 2.
  public static func commonMovements(of arms: [[SpeedMeasures]], count: Int = 9) -> [Double] {
    precondition(count > 1, "commonMovements: \(count)")
    let all = arms.joined().filter { $0.traces.contains { $0.farthest > 0 && $0.farthest.isFinite } }
    let firsts = all.compactMap { quantile($0.traces.map { $0.kernelMovement[1] }, 0.5) }
    let lasts = all.compactMap { quantile($0.traces.map(\.farthest), 0.5) }
    guard let low = firsts.filter({ $0 > 0 }).min(), let high = lasts.max(), low < high else { return [] }
    return (0..<count).map { i in
      // The ends exactly: a power could round past the farthest task.
      i == 0 ? low : i == count - 1 ? high : low * pow(high / low, Double(i) / Double(count - 1))
    }
  }
}
