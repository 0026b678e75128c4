internal import Foundation
internal import MetaLearning
internal import Randomness
internal import Statistics

extension SpeedResult {
  /// Sums up an arm's trainings: each measure is averaged over the seeds task by task, then over tasks.
  ///
  /// Half-widths cover other tasks for these trainings; what trainings add is in the paired comparisons.
  ///
  /// - Parameters:
  ///   - trainings: One per seed, on the same tasks.
  ///   - movements: Kernel movements at which curves are compared; the same for all arms.
  ///   - rateGrid: Sensitivity to rates, if it was measured.
  ///   - shapes: Other shots and ways, if they were measured.
  ///   - seed: Of the bootstrap; the same for all arms, so that they share the draws.
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
  /// Arms whose kernels never move, since only heads or norms adapt, have no part in it.
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

  /// The largest kernel movement that most tasks reach in all arms that move their kernels at all: where a paired
  /// comparison at equal movement leaves out the fewest.
  ///
  /// - Parameters:
  ///   - arms: The arms to be compared, each with its trainings.
  ///   - share: Of the tasks, in each training.
  /// - Returns: nil if an arm does not move its kernels in that many tasks.
  public static func sharedMovement(of arms: [[SpeedMeasures]], share: Double = 0.9) -> Double? {
    let farthest = arms.joined().map { quantile($0.traces.map(\.farthest), 1 - share) ?? 0 }
    return farthest.min().flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// Accuracies of two arms at one kernel movement, on the tasks where all trainings of both get that far.
  ///
  /// - Parameters:
  ///   - a: The first arm's trainings.
  ///   - b: The second arm's, on the same tasks.
  ///   - movement: ‖ΔW‖/‖W‖ of all dense kernels together.
  /// - Returns: `[S][tasks left]` of each, as `SeededComparison` wants them, and the share of the tasks that is left.
  public static func matched(_ a: [SpeedMeasures], _ b: [SpeedMeasures], atKernelMovement movement: Double)
    -> (a: [[Double]], b: [[Double]], share: Double)
  {
    let mine = a.map { $0.accuracies(atKernelMovement: movement) }
    let theirs = b.map { $0.accuracies(atKernelMovement: movement) }
    let count = mine.first?.count ?? 0
    let left = (0..<count).filter { i in (mine + theirs).allSatisfy { $0[i] != nil } }
    func kept(_ rows: [[Double?]]) -> [[Double]] { rows.map { row in left.compactMap { row[$0] } } }
    return (kept(mine), kept(theirs), count > 0 ? Double(left.count) / Double(count) : 0)
  }
}
