internal import Episodes
package import Files
internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import MetaLearning
package import Networks
internal import Settings
internal import Studies
internal import Training

/// What a cell of a grid needs at most, from a pilot on this machine: one training task and one evaluation task of every
/// kind of cell, with the network and the images it will have.
package struct CellNeed: Sendable, Hashable {
  /// Memory in MiB: a quarter more than the estimate that a run prints of itself, and 256 MiB.
  package let mebibytes: Int
  /// Time in minutes: twice what the pilot's tasks add up to, and 5 minutes.
  ///
  /// A machine that is slower than this one by more costs nothing but a pause: a job that is stopped goes on.
  package let minutes: Int

  /// From its parts.
  package init(mebibytes: Int, minutes: Int) {
    self.mebibytes = mebibytes
    self.minutes = minutes
  }

  /// Runs the pilot.
  ///
  /// - Parameters:
  ///   - cells: All cells; those that differ in their seed alone are one kind.
  ///   - threads: Workers of each.
  ///   - families: All families.
  ///   - progress: Told which kinds were tried.
  /// - Throws: ``ConfigurationError`` if a cell cannot be trained, `DatasetError` if images cannot be read.
  package init(
    _ cells: [Cell], threads: Int, families: [any ConvFamily.Type], progress: any ProgressReporter
  ) throws {
    try Gemm.prepare(workers: threads)
    var seen: Set<[Setting]> = []
    let kinds = cells.filter { seen.insert($0.settings.filter { $0.key != "seed" }).inserted }
    var (bytes, seconds) = (0, 0.0)
    var read: (key: [String: String], data: RunData, seconds: Double)?
    for (done, cell) in kinds.enumerated() {
      try cell.validate(families: families)
      var plan = try cell.plan()
      plan.threads = threads
      let origin = try RunStart(plan, families: families)
      let arms = try origin.settled(plan).arms(families: families)
      plan = origin.settled(plan).resolved(as: arms[0])
      let key = plan.settings { $0 != .nothing }.filter { Self.ofData.contains($0.key) }
      if read?.key != key {
        let start = ContinuousClock.now
        let data = try RunData(plan, progress: SilentProgress())
        read = (key, data, start.duration(to: .now) / .seconds(1))
      }
      guard let read else { continue }
      let base = try plan.learner == .supervised ? BaseImages(read.data, plan) : nil
      var length = read.seconds
      for arm in arms {
        let estimate = try MemoryEstimate(
          of: arm, plan, read.data, base, process: MachineMemory.resident)
        bytes = max(bytes, estimate.total)
        length += estimate.seconds(of: plan)
      }
      seconds = max(seconds, length)
      progress.update(stage: "pilot", done: done + 1, total: kinds.count, detail: cell.arm)
    }
    mebibytes = Int((1.25 * Double(bytes) / 1_048_576).rounded(.up)) + 256
    minutes = Int((2 * seconds / 60).rounded(.up)) + 5
  }

  /// The settings that images and episodes follow from.
  private static let ofData: Set = [
    "data", "split", "split-seed", "image-size", "channels", "invert", "crop", "resize",
    "rotations",
    "skip-unreadable", "follow-links", "ways", "shots", "queries", "train-ways", "train-shots",
    "train-queries", "episodes", "validation-episodes", "validation-queries", "episode-seed",
  ]
}

extension MemoryEstimate {
  /// How long one arm of a run takes by its two tasks: updates, the search for rates, validation and test.
  ///
  /// - Parameter plan: The run's plan.
  /// - Returns: Seconds, if the machine is as fast as now.
  fileprivate func seconds(of plan: Plan) -> Double {
    let workers = Double(plan.workers)
    let tasksAtOnce = plan.learner == .supervised ? 1 : (Double(plan.metaBatch) / workers).rounded(.up)
    // A curve adapts further than training, and asks the network after every step.
    let curve = 2 * Double(plan.evaluationSteps + 1) / Double(max(1, plan.steps))
    let looks =
      11 * Double(plan.validationEpisodes) + 1.5 * Double(plan.rateTrials * RateSearch.episodes)
      + curve * Double(plan.episodes + plan.attributionEpisodes)
      // A run's look at robustness has some thirty conditions.
      + 30 * Double(plan.robustnessEpisodes)
    return Double(plan.iterations) * tasksAtOnce * trainingSeconds + looks * evaluationSeconds / workers
  }
}
