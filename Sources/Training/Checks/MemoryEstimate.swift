internal import Episodes
internal import Files
internal import Foundation
internal import Kernels
package import MetaLearning
package import Networks
package import Settings
internal import Tensors

/// How much memory training will need, measured on one task.
///
/// memory = process now + workers · the most one task holds at once + states of the arm
///
/// The need of a task is measured and not computed: it depends on the network, the learner, the order of derivatives and on
/// what of the inner loop is kept.
package struct MemoryEstimate: Sendable {
  /// The most tensor memory one task holds at once, in bytes.
  package let task: Int
  /// What the whole process needs, in bytes.
  package let total: Int
  /// The same with one worker.
  package let single: Int
  /// How long one training task took, or one update of supervised training, on one processor.
  package let trainingSeconds: Double
  /// How long one evaluation task took, on one processor.
  package let evaluationSeconds: Double

  private static let gibibyte = 1_073_741_824.0

  /// Runs one training task and one evaluation task and measures their memory.
  ///
  /// - Parameters:
  ///   - learner: What is trained.
  ///   - point: Where it starts.
  ///   - plan: The workers and the size of a batch.
  ///   - training: A training task.
  ///   - evaluation: A task with as many queries as evaluation has.
  ///   - process: What the process holds without a task, in bytes: read once, before estimates that are compared.
  package init(
    _ learner: MetaLearner, at point: MetaParameters, _ plan: Plan, training: MetaTask, evaluation: MetaTask,
    process: Int
  ) {
    let weights = plan.stepWeights(after: 0)
    self.init(
      plan, tasks: plan.metaBatch, numbers: point.tensors.reduce(0) { $0 + $1.count }, process: process,
      training: {
        guard plan.iterations > 0 else { return }
        _ = learner.metaGradient(at: point, on: training, weights: weights)
      },
      evaluation: { _ = learner.score(from: point, on: evaluation) })
  }

  /// Runs one update of supervised training and one evaluation task and measures their memory.
  ///
  /// - Parameters:
  ///   - arm: What is trained.
  ///   - point: Where it starts.
  ///   - plan: The workers and the size of a batch.
  ///   - base: The images of training.
  ///   - evaluation: A task with as many queries as evaluation has.
  ///   - process: What the process holds without a task, in bytes.
  /// - Throws: `DatasetError` if an image cannot be read.
  package init(
    supervised arm: Arm, at point: MetaParameters, _ plan: Plan, base: BaseImages, evaluation: MetaTask,
    process: Int
  ) throws {
    let state = SupervisedState(arm, at: point.initial, plan, classes: base.classes)
    let size = plan.recipe.batchSize
    let batch = try base.batch(ofUpdate: 0, size: size)
    self.init(
      plan, tasks: 1, numbers: point.tensors.reduce(0) { $0 + $1.count }, process: process,
      training: {
        _ = SupervisedGradient(
          arm.network, at: point.initial, state.classifier, images: batch.images, labels: batch.labels,
          smoothing: 0)
      },
      evaluation: { _ = arm.learner.score(from: point, on: evaluation) })
  }

  private init(
    _ plan: Plan, tasks count: Int, numbers: Int, process: Int, training: () -> Void, evaluation: () -> Void
  ) {
    let clock = ContinuousClock()
    var (fit, test) = (0, 0)
    trainingSeconds = clock.measure { fit = Self.peak(training) } / .seconds(1)
    evaluationSeconds = clock.measure { test = Self.peak(evaluation) } / .seconds(1)
    task = max(fit, test)
    let size = numbers * MemoryLayout<Scalar>.stride
    // The point, the best one, two moments and the update's copies, and a gradient for each task of a batch.
    let state = (8 + count) * size
    // An update keeps no more workers busy than it has tasks; evaluation does.
    let tasks = max(min(plan.workers, count) * fit, plan.workers * test)
    total = process + tasks + state
    single = process + task + state
  }

  /// What is certainly needed, before anything is run: the largest output of a convolution for the query of one task.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - plan: The shapes of training and test episodes.
  /// - Returns: Bytes.
  package static func least(_ network: Network, _ plan: Plan) -> Int {
    let images = [plan.trainingShape, plan.testShape].map { $0.ways * $0.queries }.max() ?? 0
    let largest = network.backbone.uses.map {
      $0.geometry.outHeight * $0.geometry.outWidth * $0.convolution.site.outputs
    }.max()
    return (largest ?? 0) * images * MemoryLayout<Scalar>.stride
  }

  /// Refuses a run one of whose tensors alone would be too large.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - arm: The arm's name.
  ///   - plan: The run's plan.
  /// - Throws: `ConfigurationError` with what would help.
  package static func refuseImpossible(
    _ network: Network, _ arm: String, _ plan: Plan
  ) throws(ConfigurationError) {
    let (least, limit) = (least(network, plan), Self.limit(plan))
    guard Double(least) > limit else { return }
    throw ConfigurationError(
      field: "memory-limit", value: plan.memoryLimit.map { "\($0)" } ?? size(Int(limit)),
      reason: "\(arm) needs more than \(size(least)) for a single layer of a task",
      remedy: "Use \(less(plan))")
  }

  /// What makes a task smaller.
  private static func less(_ plan: Plan) -> String {
    "smaller images, fewer filters or \(plan.learner == .supervised ? "a smaller batch-size" : "fewer queries")"
  }

  /// The most bytes a run may take.
  private static func limit(_ plan: Plan) -> Double {
    plan.memoryLimit.map { $0 * gibibyte } ?? Double(MachineMemory.bytes)
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
    "\(arm): one \(plan.learner == .supervised ? "batch" : "task") needs \(Self.size(task)) of tensors; the run about \(Self.size(total)) of memory "
      + "(workers: \(plan.workers))"
  }

  /// Refuses a run that would need more memory than it may use.
  ///
  /// - Parameters:
  ///   - arm: The arm's name.
  ///   - plan: The run's plan, whose `memory-limit` counts; without one `MachineMemory` does.
  ///   - checkpointed: The estimate with checkpointing, measured only if it is asked for.
  /// - Throws: `ConfigurationError` with what would help.
  package func check(
    _ arm: String, _ plan: Plan, checkpointed: () -> MemoryEstimate
  ) throws(ConfigurationError) {
    let limit = Self.limit(plan)
    guard Double(total) > limit else { return }
    var advice: [String] = []
    // Only remedies that are enough.
    if plan.memory == .unrolled && plan.learner != .supervised {
      let other = checkpointed().total
      if Double(other) <= limit {
        advice.append("--memory checkpointed, which needs about \(Self.size(other))")
      }
    }
    if plan.workers > 1, Double(single) <= limit {
      advice.append("--threads 1, which needs about \(Self.size(single))")
    }
    advice.append(Self.less(plan))
    throw ConfigurationError(
      field: "memory-limit", value: plan.memoryLimit.map { "\($0)" } ?? Self.size(Int(limit)),
      reason:
        "\(arm) needs about \(Self.size(total)) (workers: \(plan.workers)), \(Self.size(task)) for a task",
      remedy: "Use " + advice.joined(separator: "; or "))
  }

  /// `1.5 GiB` or `12 MiB`.
  static func size(_ bytes: Int) -> String {
    let value = Double(bytes)
    return value >= gibibyte
      ? String(format: "%.1f GiB", value / gibibyte) : String(format: "%.1f MiB", 1024 * value / gibibyte)
  }
}
