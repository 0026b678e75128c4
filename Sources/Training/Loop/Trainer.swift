internal import Episodes
package import Files
internal import Formats
internal import Foundation
internal import MetaLearning
internal import Networks
internal import ProcessGroups
package import Results
package import Settings
internal import Tensors

/// Meta-trains one arm: the same loop for every learner, family and selector.
///
/// Training is a sequence of steps, each from one ``TrainingState`` to the next; a fresh start and a resumption differ
/// only in the state they begin with.
package struct Trainer: Sendable {
  package let plan: Plan
  package let data: RunData
  package let progress: any ProgressReporter
  package let folder: RunFolder
  package let store: StateStore
  package let checks: CheckMeter
  /// The images of supervised training; nil for other learners.
  package let base: BaseImages?

  /// From its parts.
  package init(
    plan: Plan, data: RunData, progress: any ProgressReporter, folder: RunFolder, store: StateStore,
    checks: CheckMeter, base: BaseImages? = nil
  ) {
    self.plan = plan
    self.data = data
    self.progress = progress
    self.folder = folder
    self.store = store
    self.checks = checks
    self.base = base
  }

  /// Continues from a state until training is done.
  ///
  /// The state is saved after every validation and whenever the plan's time between two saves is over; if the work
  /// is cancelled or a check fails, it is saved once more, so that nothing is lost and the failure can be examined.
  ///
  /// - Parameter start: Where to go on.
  /// - Returns: The last state; its point is the last one, its best the one to evaluate.
  /// - Throws: `CancellationError` after the tasks under way, with the state as it was before their step saved, and
  ///   `GroupError` likewise;
  ///   ``SelfCheckError`` if numbers are not finite, and ``RunFolderError`` if something cannot be written.
  package func train(_ start: TrainingState) async throws -> TrainingState {
    var state = start
    state.log.start()
    if state.rankText.isEmpty && !state.arm.network.layout.ranks.isEmpty {
      try noteRanks(&state)
    }
    if state.search?.isDue(after: state.iteration) == true {
      progress.note("\(state.arm.name): choosing inner rates on validation episodes")
    }
    TensorMemory.trim()
    TensorMemory.resetPeak()
    var saved = ContinuousClock.now
    if plan.tensorboard { try events(state.arm).begin(after: state.validated) }
    do {
      while let step = state.nextStep(plan) {
        try Task.checkCancellation()
        switch step {
        case .trial: try await tryRate(&state)
        case .update:
          if let base { try await supervisedUpdate(&state, base) } else { try await update(&state) }
        case .validation: try await validate(&state)
        }
        state.peakBytes = max(state.peakBytes, TensorMemory.peakBytes)
        let isDue = saved.duration(to: .now) >= .seconds(60 * plan.checkpointMinutes)
        if isDue || step == .validation {
          try store.save(state)
          saved = .now
        }
      }
    } catch let error where error is CancellationError || error is SelfCheckError || error is GroupError {
      try store.save(state)
      throw error
    }
    return state
  }

  /// Adam's step size: a cosine from its start to a hundredth of it.
  static func rate(_ start: Double, _ iteration: Int, of total: Int) -> Double {
    let phase = Double(iteration) / Double(max(1, total))
    return start * (0.01 + 0.99 * 0.5 * (1 + cos(.pi * phase)))
  }

  /// One trial of the search for inner rates; after the last of a round, the best rates of it.
  private func tryRate(_ state: inout TrainingState) async throws {
    guard var search = state.search else { return }
    let (arm, candidate) = (state.arm, search.candidate(from: state.point))
    let tasks = try data.validation.episodes.prefix(RateSearch.episodes).map(data.task)
    let losses = try await mapTasks(tasks.count, workers: plan.workers) { i in
      arm.learner.score(from: candidate, on: tasks[i]).loss
    }
    let found = search.add(losses.reduce(0, +) / Double(losses.count))
    state.search = search
    progress.update(
      stage: "rates \(arm.name)", done: search.trials.count, total: search.count, detail: "")
    guard let found else { return }
    state.point = search.moved(state.point, by: found)
    TensorMemory.trim()
    TensorMemory.resetPeak()
  }

  /// One update of the outer loop.
  private func update(_ state: inout TrainingState) async throws {
    let start = ContinuousClock.now
    let number = state.iteration + 1
    let group = CurrentGroup.value
    let before = group.traffic
    let outcomes = try await batch(state)
    state.log.add(group.traffic.since(before))
    let kept = outcomes.filter(\.isFinite).map(\.gradient)
    if let bad = outcomes.firstIndex(where: { !$0.isFinite }) {
      let fault = NonfiniteTask(
        loss: outcomes[bad].gradient.loss, norm: outcomes[bad].norm,
        location:
          "training episode \(state.iteration * plan.metaBatch + bad), update \(number) of \(state.arm.name)")
      guard plan.onNonfinite == .skip else {
        throw fault.error(
          replay:
            "\(RunFolder.resumption(of: folder.path)) --replay-episode \(state.iteration * plan.metaBatch + bad)"
        )
      }
      progress.note("skipped \(fault.location): \(fault.found)")
    }
    let exploded = outcomes.indices.filter {
      ExplodedTask.holds(
        outcomes[$0].gradient.loss, ways: plan.trainingShape.ways, steps: state.arm.learner.innerLoop.steps)
    }
    // One message is as informative as many; the rest are counted.
    if let first = exploded.first, state.log.sums.exploded == 0 {
      let episode = state.iteration * plan.metaBatch + first
      progress.note(
        "\(state.arm.name): the inner loop exploded in training episode \(episode), to a loss of "
          + "\(outcomes[first].gradient.loss). See it with: \(RunFolder.resumption(of: folder.path)) --replay-episode \(episode)"
      )
    }
    if !kept.isEmpty {
      let rate = Self.rate(plan.outerRate, state.iteration, of: plan.iterations)
      var optimizer = MetaOptimizer(
        outerRate: rate, logRateStep: plan.innerRate == .learned ? 10 * rate : 0, clip: plan.clip)
      optimizer.state = state.moments
      let regularizer = state.arm.learner.regularizerGradient(at: state.point)
      let (point, norm) = optimizer.update(state.point, with: kept, regularizer: regularizer)
      guard norm.isFinite else {
        throw SelfCheckError(
          check: "finite gradient", found: "a norm of \(norm) at update \(number) of \(state.arm.name)",
          expected: "a finite number", advice: "Lower the outer or the inner rate")
      }
      state.point = point
      state.moments = optimizer.state
      state.log.add(norm: norm, regularizer: regularizer?.value ?? 0)
    }
    state.log.add(kept, skipped: outcomes.count - kept.count, exploded: exploded.count)
    state.log.addTime(start.duration(to: .now))
    state.iteration = number
    try lowerRanks(&state)
    progress.update(
      stage: "train \(state.arm.name)", done: number, total: plan.iterations, detail: state.log.summary)
  }

  /// Lowers the ranks that the family prunes after the update that was made.
  func lowerRanks(_ state: inout TrainingState) throws {
    guard let reduction = state.arm.reduction(at: state.point, after: state.iteration) else { return }
    let loop = state.arm.learner.innerLoop
    state.arm = state.arm.lowered(by: reduction)
    state.point = reduction(state.point, of: loop)
    state.moments = reduction(state.moments, of: loop)
    state.supervised = state.supervised.map { $0.lowered(by: reduction) }
    try noteRanks(&state)
  }

  /// The outcome of one task of a batch.
  private struct Outcome: Transferable {
    let gradient: MetaGradient
    let norm: Double

    var isFinite: Bool { gradient.loss.isFinite && norm.isFinite }

    init(gradient: MetaGradient, norm: Double) {
      self.gradient = gradient
      self.norm = norm
    }

    func put(into writer: inout ByteWriter) {
      gradient.put(into: &writer)
      writer.put(norm)
    }

    init(from reader: inout ByteReader) throws(GroupError) {
      gradient = try MetaGradient(from: &reader)
      norm = try reader.double()
    }
  }

  private func batch(_ state: TrainingState) async throws -> [Outcome] {
    let (plan, data, checks) = (plan, data, checks)
    let (arm, point, iteration) = (state.arm, state.point, state.iteration)
    // A batch may take minutes, so a stop does not wait for the rest of it; it is done again from the state before it.
    return try await mapTasks(plan.metaBatch, workers: plan.workers, step: "update \(iteration + 1)") { i in
      let task = try data.task(data.training.episode(iteration * plan.metaBatch + i))
      let gradient = arm.trainingGradient(at: point, on: task, after: iteration, of: plan)
      let norm = checks.measure(workers: plan.workers) { globalNorm(gradient.tensors) }
      return Outcome(gradient: gradient, norm: norm)
    }
  }

  /// One pass over the validation episodes: two rows of metrics, checkpoints, perhaps a new best point.
  private func validate(_ state: inout TrainingState) async throws {
    let (number, layout) = (state.iteration, state.arm.network.layout)
    let rate =
      plan.learner == .supervised
      ? plan.supervisedRate(after: number - 1) : Self.rate(plan.outerRate, number - 1, of: plan.iterations)
    let tested = state.tested
    let group = CurrentGroup.value
    let before = group.traffic
    let scores = try await scores(state.arm, tested)
    let traffic = group.traffic.since(before)
    if plan.onNonfinite == .stop, let bad = scores.firstIndex(where: { !$0.isFinite }) {
      let fault = NonfiniteTask(
        loss: scores[bad].loss, norm: nil,
        location:
          "validation episode \(data.validation.episodes[bad].index) after update \(number) of \(state.arm.name)"
      )
      throw fault.error(
        replay: "\(RunFolder.resumption(of: folder.path)) --replay-episode validation:"
          + "\(data.validation.episodes[bad].index)")
    }
    var log = state.log
    log.closeTraining(number, rate: rate, layout)
    if let base, !base.heldOut.isEmpty {
      let scores = try await heldOutScores(state, base)
      log.closeHeldOut(number, rate: rate, layout, scores, group.traffic.since(before).since(traffic))
    }
    let accuracy = log.closeValidation(
      number, rate: rate, layout, scores,
      exploded: zip(scores, self.data.validation.episodes).count { score, episode in
        ExplodedTask.holds(
          score.loss, ways: episode.classes.count, steps: state.arm.learner.innerLoop.steps)
      }, traffic)
    let rows = String(log.text.dropFirst(state.log.text.count))
    try folder.append(rows, to: "metrics.csv")
    if plan.tensorboard { try events(state.arm).add(rows, at: tested, after: number) }
    let improved = accuracy > state.best?.accuracy ?? -1
    let data = Checkpoint.encode(tested, of: state.arm, after: number, accuracy: accuracy)
    try folder.write(data, to: store.lastCheckpoint)
    if improved { try folder.write(data, to: store.bestCheckpoint) }
    progress.detail(
      "\(state.arm.name): validation after update \(number): accuracy \(TextTable.fixed(100 * accuracy, 2)) %"
        + (improved ? ", the best so far" : ""))
    try await warn(of: scores, &state)
    state.log = log
    state.validated = number
    if improved { state.best = .init(point: tested, iteration: number, accuracy: accuracy) }
  }

  private func events(_ arm: Arm) -> TrainingEvents { TrainingEvents(folder: folder, arm: arm) }

  /// Says once that only the head adapts, as soon as validation shows it.
  private func warn(of scores: [TaskScore], _ state: inout TrainingState) async throws {
    let (arm, point) = (state.arm, state.point)
    let roles = arm.audit.map(\.role)
    let (head, body) = (arm.learner.positions(of: .head), arm.learner.positions(of: .body))
    guard !head.isEmpty, !body.isEmpty, !state.isIdleBodyReported else { return }
    let alone = arm.learner.adapting(only: head, at: point)
    let count = min(IdleBody.episodes, scores.count)
    let episodes = data.validation.episodes
    let found = try await mapTasks(count, workers: plan.workers) { i in
      alone.learner.score(from: alone.point, on: try data.task(episodes[i])).accuracy
    }
    let all = scores.prefix(count).map(\.accuracy)
    guard let idle = IdleBody(all: all, head: found, ways: plan.testShape.fewestWays) else { return }
    state.isIdleBodyReported = true
    let names = roles.filter { $0 != ParameterRole.head.rawValue }.joined(separator: " and ")
    progress.note("warning: " + idle.text(arm.name, names, after: state.iteration))
  }

  private func scores(_ arm: Arm, _ point: MetaParameters) async throws -> [TaskScore] {
    let (data, episodes) = (data, data.validation.episodes)
    return try await mapTasks(episodes.count, workers: plan.workers) { i in
      arm.learner.score(from: point, on: try data.task(episodes[i]))
    }
  }

  /// Adds the present ranks to `ranks.csv`.
  private func noteRanks(_ state: inout TrainingState) throws {
    let lines = state.arm.rankLines(after: state.iteration)
    try folder.append(lines, to: "ranks.csv")
    state.rankText += lines
  }
}
