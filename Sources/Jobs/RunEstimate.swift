internal import Episodes
internal import Files
package import MetaLearning
internal import Networks
package import Settings
internal import Studies
package import Training

extension MemoryEstimate {
  /// What a run needs for one arm.
  ///
  /// - Parameters:
  ///   - arm: The arm.
  ///   - plan: The run's plan.
  ///   - data: Its images.
  ///   - base: What supervised training learns from; nil for any other.
  ///   - process: What the process holds without a task, in bytes.
  ///   - memory: What of the inner loop is kept; nil for what the arm says.
  /// - Throws: `DatasetError` if an image cannot be read.
  package init(
    of arm: Arm, _ plan: Plan, _ data: RunData, _ base: BaseImages?, process: Int, memory: GraphMemory? = nil
  ) throws {
    let start = arm.start(seed: plan.seed, rate: plan.startingRate)
    let evaluation = try data.task(data.largestTest)
    if let base {
      try self.init(
        supervised: arm, at: start, plan, base: base, evaluation: evaluation, process: process)
      return
    }
    var learner = arm.learner
    learner.memory = memory ?? learner.memory
    self.init(
      learner, at: start, plan, training: try data.task(data.largestTraining()), evaluation: evaluation,
      process: process)
  }
}
