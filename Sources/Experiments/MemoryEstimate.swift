internal import Episodes
internal import Foundation
package import MetaLearning
package import Networks
internal import Tensors

/// How much memory training will need, from one task that is really run.
///
/// memory = process now + workers · the most one task holds at once + states of the arm
///
/// A task's part is measured, not computed: it depends on the network, the learner, the order of derivatives and on
/// what of the inner loop is kept.
package struct MemoryEstimate: Sendable {
  /// The most tensor memory one task holds at once, in bytes.
  package let task: Int
  /// What the whole process needs, in bytes.
  package let total: Int
  /// The same with one worker.
  package let single: Int

  private static let gibibyte = 1_073_741_824.0

  /// Runs one training task, and one of evaluation, and watches.
  ///
  /// - Parameters:
  ///   - learner: What is trained.
  ///   - point: Where it starts.
  ///   - plan: The workers and the size of a batch.
  ///   - training: A training task.
  ///   - evaluation: A task with as many queries as evaluation has.
  package init(
    _ learner: MetaLearner, at point: MetaParameters, _ plan: Plan, training: MetaTask, evaluation: MetaTask
  ) {
    let fit = Self.peak { _ = learner.metaGradient(at: point, on: training) }
    let test = Self.peak { _ = learner.score(from: point, on: evaluation) }
    task = max(fit, test)
    let size = point.tensors.reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.stride
    // The point, the best one, two moments and the update's copies, and a gradient for each task of a batch.
    let state = (8 + plan.metaBatch) * size
    // An update keeps no more workers busy than it has tasks; evaluation does.
    let tasks = max(min(plan.workers, plan.metaBatch) * fit, plan.workers * test)
    total = TrainingLog.residentBytes + tasks + state
    single = TrainingLog.residentBytes + task + state
  }

  private static func peak(_ work: () -> Void) -> Int {
    let before = TensorMemory.liveBytes
    TensorMemory.resetPeak()
    work()
    defer { TensorMemory.trim() }
    return TensorMemory.peakBytes - before
  }

  /// The estimate in words.
  package func text(_ arm: String, _ plan: Plan) -> String {
    "\(arm): one task needs \(Self.size(task)) of tensors; the run about \(Self.size(total)) of memory "
      + "with \(plan.workers) workers"
  }

  /// Refuses a run that would need more than it may have.
  ///
  /// - Parameters:
  ///   - arm: The arm's name.
  ///   - plan: The run's plan, whose `memory-limit` counts; without one `MachineMemory` does.
  ///   - rerecorded: The estimate with re-recording, measured only if it is asked for.
  /// - Throws: `ConfigurationError` with what would help.
  package func check(
    _ arm: String, _ plan: Plan, rerecorded: () -> MemoryEstimate
  ) throws(ConfigurationError) {
    let limit = plan.memoryLimit.map { $0 * Self.gibibyte } ?? Double(MachineMemory.bytes)
    guard Double(total) > limit else { return }
    var advice: [String] = []
    if plan.memory == .unrolled && plan.steps > 1 {
      advice.append("--memory rerecorded, which needs about \(Self.size(rerecorded().total))")
    }
    if plan.workers > 1 { advice.append("--threads 1, which needs about \(Self.size(single))") }
    advice.append("smaller images, fewer filters or fewer queries")
    throw ConfigurationError(
      field: "memory-limit", value: plan.memoryLimit.map { "\($0)" } ?? Self.size(Int(limit)),
      reason:
        "\(arm) needs about \(Self.size(total)) with \(plan.workers) workers, \(Self.size(task)) for a task",
      remedy: "Use " + advice.joined(separator: "; or "))
  }

  /// `1.5 GiB` or `12 MiB`.
  static func size(_ bytes: Int) -> String {
    let value = Double(bytes)
    return value >= gibibyte
      ? String(format: "%.1f GiB", value / gibibyte) : String(format: "%.1f MiB", 1024 * value / gibibyte)
  }
}
