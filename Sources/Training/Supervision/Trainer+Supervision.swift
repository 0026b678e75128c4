internal import Files
internal import Kernels
internal import MetaLearning
internal import Networks
internal import ProcessGroups
internal import Settings
internal import Tensors

extension Trainer {
  /// One update of supervised training: one batch, on all workers, by sums whose order does not depend on them.
  func supervisedUpdate(_ state: inout TrainingState, _ base: BaseImages) async throws {
    let start = ContinuousClock.now
    let number = state.iteration + 1
    let recipe = plan.recipe
    var own =
      state.supervised
      ?? SupervisedState(state.arm, at: state.point.initial, plan, classes: base.classes)
    let (network, point, classifier) = (state.arm.network, state.point.initial, own.classifier)
    let (update, size, smoothing) = (
      state.iteration, recipe.batchSize, recipe.labelSmoothing
    )
    let parts = recipe.parts
    let group = CurrentGroup.value
    let before = group.traffic
    let found = SupervisedGradient.mean(
      try await mapTasks(parts.count, workers: plan.workers, step: "update \(number)") { k in
        let batch = try base.batch(ofUpdate: update, size: size, part: parts[k])
        return SupervisedGradient(
          network, at: point, classifier, images: batch.images, labels: batch.labels, smoothing: smoothing)
      }, weights: parts.map { Double($0.count) / Double(size) })
    state.log.add(group.traffic.since(before))
    let norm = checks.measure { globalNorm(found.tensors) }
    guard found.loss.isFinite, norm.isFinite else {
      throw SelfCheckError(
        check: "finite numbers",
        found: "a loss of \(found.loss) and a gradient norm of \(norm) at update "
          + "\(number) of \(state.arm.name)",
        expected: "finite numbers", advice: "Lower outer-rate, or use warm-up")
    }
    let gradients = norm > plan.clip ? found.tensors.map { Scalar(plan.clip / norm) * $0 } : found.tensors
    let moved = own.optimizer.step(
      state.point.initial.values + own.classifier.tensors, gradients: gradients,
      rate: plan.supervisedRate(after: state.iteration))
    let count = state.point.initial.values.count
    let layout = state.point.initial.layout
    // What is measured, and what every task starts anew, stays.
    let values = layout.entries.indices.map {
      layout.entries[$0].isMetaTrained ? moved[$0] : state.point.initial.values[$0]
    }
    state.point.initial = network.movingStatistics(
      towards: found.statistics, by: 0.1, in: Parameters(layout: layout, values: values))
    own.classifier.tensors = Array(moved.dropFirst(count))
    if let average = own.average {
      let kept = recipe.averaging
      own.average = Parameters(
        layout: layout,
        values: zip(average.values, state.point.initial.values).map {
          Scalar(kept) * $0 + Scalar(1 - kept) * $1
        })
    }
    state.supervised = own
    state.log.add(norm: norm, regularizer: found.regularizer)
    state.log.add(loss: found.loss, accuracy: found.accuracy)
    state.log.addTime(start.duration(to: .now))
    state.iteration = number
    try lowerRanks(&state)
    progress.update(
      stage: "train \(state.arm.name)", done: number, total: plan.iterations, detail: state.log.summary)
  }

  /// Loss and accuracy of the classifier on every image that is kept back, by the point that is tested.
  func heldOutScores(_ state: TrainingState, _ base: BaseImages) async throws -> [TaskScore] {
    guard let own = state.supervised else { return [] }
    let (network, point, classifier) = (state.arm.network, state.tested.initial.detached, own.classifier)
    let size = 50
    let count = (base.heldOut.count + size - 1) / size
    return try await mapTasks(count, workers: plan.workers) { i in
      let part = base.heldOut[i * size..<min((i + 1) * size, base.heldOut.count)]
      let scores = classifier.scores(of: network.features(try base.plain(part), point))
      return part.enumerated().map { row, item in
        let own = scores.slice(rows: row..<row + 1)
        return TaskScore(
          loss: Double(crossEntropy(own, [item.label]).item), accuracy: accuracy(own, [item.label]))
      }
    }.flatMap { $0 }
  }
}
