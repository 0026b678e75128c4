internal import Episodes
internal import Foundation
public import MetaLearning
internal import Networks
internal import Tensors

/// What training one arm gave.
public struct TrainedArm: Sendable {
  /// The arm, at the ranks of the best point.
  public let arm: Arm
  /// The point with the best validation accuracy.
  public let best: MetaParameters
  /// Updates made when the best point was found.
  public let bestIteration: Int
  /// Its validation accuracy.
  public let bestValidation: Double
  /// What the rate sweep tried.
  public let sweep: [RateSweep.Trial]
  /// Wall time of the updates, validation not counted.
  public let seconds: Double
  /// Most tensor memory at once.
  public let peakBytes: Int
}

/// Meta-trains one arm: the same loop for every learner, family and selector.
public struct Trainer: Sendable {
  let plan: Plan
  let data: RunData
  let progress: any ProgressReporter
  let folder: RunFolder

  /// About how often the arm is validated over a run.
  static let validations = 10

  /// Trains an arm and picks its best point on validation episodes only.
  ///
  /// - Throws: ``SelfCheckError`` if a loss is not finite.
  public func train(_ arm: Arm, isMain: Bool) async throws -> TrainedArm {
    var arm = arm
    var point = arm.start(seed: plan.seed, rate: plan.startingRate)
    var sweep: [RateSweep.Trial] = []
    if plan.innerRate == .learned && plan.steps > 0 {
      progress.note("\(arm.name): choosing initial inner rates on validation episodes")
      let few = try data.validation.episodes.prefix(RateSweep.episodes).map(data.task)
      (point, sweep) = try await RateSweep.run(arm, from: point, on: few, workers: plan.workers)
    }
    var optimizer = MetaOptimizer(
      outerRate: plan.outerRate, logRateStep: plan.innerRate == .learned ? 10 * plan.outerRate : 0,
      clip: plan.clip)
    var log = TrainingLog(arm: arm.name)
    var best: (arm: Arm, point: MetaParameters, iteration: Int, accuracy: Double)?
    TensorMemory.trim()
    TensorMemory.resetPeak()
    if !arm.network.layout.ranks.isEmpty { try folder.append(arm.rankLines(after: 0), to: "ranks.csv") }
    let interval = max(1, plan.iterations / Self.validations)
    for iteration in 0..<plan.iterations {
      let rate = Self.rate(plan.outerRate, iteration, of: plan.iterations)
      optimizer.outerRate = rate
      if optimizer.logRateStep > 0 { optimizer.logRateStep = 10 * rate }
      let gradients = try await log.timed { try await batch(iteration, arm, point) }
      let norm: Double
      let regularizer = log.timedUpdate { arm.learner.regularizerGradient(at: point) }
      (point, norm) = log.timedUpdate { optimizer.update(point, with: gradients, regularizer: regularizer) }
      guard norm.isFinite else {
        throw SelfCheckError(
          check: "finite gradient", found: "a norm of \(norm) at update \(iteration + 1) of \(arm.name)",
          expected: "a finite number", advice: "Lower the outer or the inner rate")
      }
      log.add(gradients, norm: norm, regularizer: regularizer?.value ?? 0)
      if let reduction = arm.reduction(at: point, after: iteration + 1) {
        (arm, point, optimizer) = (arm.lowered(by: reduction), reduction(point), reduction(optimizer))
        try folder.append(arm.rankLines(after: iteration + 1), to: "ranks.csv")
      }
      progress.update(
        stage: "train \(arm.name)", done: iteration + 1, total: plan.iterations, detail: log.summary)
      if (iteration + 1) % interval == 0 || iteration + 1 == plan.iterations {
        log.closeTraining(iteration + 1, rate: rate, arm.network.layout)
        let scores = try await scores(arm, point)
        let accuracy = log.closeValidation(iteration + 1, rate: rate, arm.network.layout, scores)
        let improved = accuracy > best?.accuracy ?? -1
        if improved { best = (arm, point, iteration + 1, accuracy) }
        try folder.append(log.rows.suffix(2).map(\.line).joined(), to: "metrics.csv")
        try save(point, of: arm, iteration + 1, accuracy, improved: improved, isMain: isMain)
      }
    }
    return TrainedArm(
      arm: best?.arm ?? arm, best: best?.point ?? point, bestIteration: best?.iteration ?? 0,
      bestValidation: best?.accuracy ?? 0, sweep: sweep, seconds: log.trainingSeconds,
      peakBytes: TensorMemory.peakBytes)
  }

  /// Adam's step size: a cosine from its start to a hundredth of it.
  static func rate(_ start: Double, _ iteration: Int, of total: Int) -> Double {
    let phase = Double(iteration) / Double(max(1, total))
    return start * (0.01 + 0.99 * 0.5 * (1 + cos(.pi * phase)))
  }

  private func batch(_ iteration: Int, _ arm: Arm, _ point: MetaParameters) async throws -> [MetaGradient] {
    let (plan, data) = (plan, data)
    let gradients = try await mapTasks(plan.metaBatch, workers: plan.workers) { i in
      let task = try data.task(data.training.episode(iteration * plan.metaBatch + i))
      return arm.learner.metaGradient(at: point, on: task)
    }
    for (i, gradient) in gradients.enumerated() where !gradient.loss.isFinite {
      throw SelfCheckError(
        check: "finite loss", found: "\(gradient.loss) in training episode \(iteration * plan.metaBatch + i)",
        expected: "a finite query loss", advice: "Lower the outer or the inner rate")
    }
    return gradients
  }

  private func save(
    _ point: MetaParameters, of arm: Arm, _ iteration: Int, _ accuracy: Double, improved: Bool, isMain: Bool
  ) throws {
    let data = Checkpoint.encode(
      point, of: arm, metadata: ["iteration": "\(iteration)", "validation_accuracy": "\(accuracy)"])
    let place = isMain ? "checkpoints" : "checkpoints/baseline"
    try folder.write(data, to: place + "/last.safetensors")
    if improved { try folder.write(data, to: place + "/best.safetensors") }
  }

  private func scores(_ arm: Arm, _ point: MetaParameters) async throws -> [(loss: Double, accuracy: Double)]
  {
    let (data, episodes) = (data, data.validation.episodes)
    return try await mapTasks(episodes.count, workers: plan.workers) { i in
      let task = try data.task(episodes[i])
      return arm.learner.assess(arm.learner.fit(point, to: task.support), on: task)
    }
  }
}
