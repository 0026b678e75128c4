internal import Episodes
package import Files
internal import Formats
internal import Foundation
internal import Images
internal import Kernels
internal import MetaLearning
package import Networks
internal import ProcessGroups
package import Results
package import Settings
internal import Studies
internal import Training

/// The main job: trains the chosen arm and the baseline in the same way and evaluates both on the same episodes.
///
/// A run that was interrupted continues from its last saved states and ends with the same bytes as one that was not,
/// except for times and memory.
package struct Runner: Sendable {
  private let plan: Plan
  private let families: [any ConvFamily.Type]
  private let takingOver: Bool

  /// A run of a plan.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - families: All families.
  ///   - takingOver: Whether its folder is taken from an owner nothing is known of; see `FolderLock`.
  package init(plan: Plan, families: [any ConvFamily.Type], takingOver: Bool = false) {
    self.plan = plan
    self.families = families
    self.takingOver = takingOver
  }

  /// Whether a run is new or continued.
  private enum Beginning {
    case new
    case resumed(isForced: Bool)
  }

  /// Runs everything and writes the run's folder.
  ///
  /// - Throws: ``ConfigurationError``, `DatasetError`, ``RunFolderError`` or ``SelfCheckError``, and
  ///   ``RunInterruption`` if it is cancelled.
  package func run(progress: any ProgressReporter) async throws -> RunResult {
    try await perform(.new, progress)
  }

  /// Continues the run in the plan's output folder; if it is finished, its result is returned.
  ///
  /// - Parameters:
  ///   - anyway: Whether it continues even if settings, images or program differ from those it began with.
  ///   - progress: Receives reports on the work.
  /// - Returns: The same result as from a run without interruption.
  /// - Throws: As ``run(progress:)``, and ``ResumeRefusal`` or ``DamagedStates``.
  package func resume(anyway: Bool = false, progress: any ProgressReporter) async throws -> RunResult {
    try await perform(.resumed(isForced: anyway), progress)
  }

  /// Starts the run in the plan's output folder, or continues the one that was begun there: the same call may be made
  /// again and again, by whatever started it.
  ///
  /// - Throws: As ``resume(anyway:progress:)``; ``ResumeRefusal`` too if a run was begun there with other settings.
  package func resumeOrStart(progress: any ProgressReporter) async throws -> RunResult {
    let isBegun = try await CurrentGroup.value.fromFirst("begun") {
      plan.output.map { RunFolder.holdsRun($0) } ?? false
    }
    return try await perform(isBegun ? .resumed(isForced: false) : .new, progress)
  }

  private func perform(_ beginning: Beginning, _ progress: any ProgressReporter) async throws -> RunResult {
    let start = ContinuousClock.now
    try Gemm.prepare(workers: plan.workers)
    let given = plan
    // Arms have the same names whatever they start from.
    let output = try plan.output ?? defaultFolder(plan.arms(families: families)[0])
    var begun: (folder: RunFolder, recorded: RecordedRun)?
    if let note = BatchJob.note { progress.note(note) }
    if case .resumed = beginning {
      let folder = try RunFolder(resuming: output, takingOver: takingOver)
      tell(folder, progress)
      begun = (folder, try RecordedRun(folder.path))
    }
    let origin = try RunStart(plan, goingOn: begun?.recorded, families: families)
    let arms = try origin.settled(plan).arms(families: families)
    let plan = origin.settled(plan).resolved(as: arms[0])
    if let warning = BLASAdvice.warning { progress.note(warning) }
    if let begun {
      if let result = try await finished(begun.folder, begun.recorded, plan, progress) { return result }
    } else {
      try refuseOutput(output, in: plan.data?.all ?? [])
    }
    // A start that does not fit is refused before any image is read.
    let starts = try begun == nil ? arms.map { try origin.start(of: $0, plan) } : []
    if begun == nil, let output = plan.output {
      try RunFolder.refuseOther(than: nil, in: output)
    }
    let data =
      try begun.map { try RunData(plan, trainedIn: $0.folder.path, progress: progress) }
      ?? RunData(plan, progress: progress)
    if begun == nil { try given.refuseMixedColours(data.store) }
    try Task.checkCancellation()
    let checks = CheckMeter()
    try checks.measure {
      try SelfChecks.isDisjoint(data.validation, data.store)
      try SelfChecks.isDisjoint(data.test, data.store)
    }
    let base = try plan.learner == .supervised ? BaseImages(data, plan) : nil
    if let base {
      progress.note(
        "\(base.training.count) images of \(base.classes) classes to learn from, \(base.heldOut.count) kept back"
      )
    }
    for arm in arms {
      try Task.checkCancellation()
      if let note = arm.budgetNote { progress.note(note) }
      progress.note(arm.auditText)
      try MemoryEstimate.refuseImpossible(arm.network, arm.name, plan)
      let process = MachineMemory.resident
      let estimate = try checks.measure {
        try MemoryEstimate(of: arm, plan, data, base, process: process)
      }
      progress.note(estimate.text(arm.name, plan))
      try estimate.check(arm.name, plan) {
        (try? MemoryEstimate(of: arm, plan, data, base, process: process, memory: .checkpointed)) ?? estimate
      }
    }

    let folder =
      try begun?.folder
      ?? plan.output.map { path throws(RunFolderError) in
        try RunFolder(creating: path, takingOver: takingOver)
      }
      ?? RunFolder(claiming: defaultFolder(arms[0]))
    if begun == nil { tell(folder, progress) }
    let identity = RunIdentity(plan, data, startedFrom: origin.hash)
    // Before anything is written.
    try await identity.agree()
    let stores = arms.indices.map {
      StateStore(folder: folder, subfolder: RunFolder.checkpointFolders[$0], identity: identity)
    }
    var saved: [TrainingState?] = arms.map { _ in nil }
    if case .resumed(let isForced) = beginning, let begun {
      try check(identity, begun.recorded, isForced: isForced, progress)
      for (i, arm) in arms.enumerated() {
        let found = try stores[i].newest(arm, plan, isForced: isForced)
        for file in found?.damaged ?? [] {
          progress.note("cannot use \(file); continuing from the state before it")
        }
        // From here on they belong to this run, also where another was taken over.
        if let found, found.identity != identity { try stores[i].save(found.state) }
        saved[i] = try await TrainingState.fromFirst(found?.state, for: arm, plan)
        guard let state = saved[i] else { continue }
        progress.note("\(arm.name): continuing after update \(state.iteration) of \(plan.iterations)")
      }
    }
    do {
      let setup = RunSetup(given: given, plan: plan, data: data, initialHash: origin.hash)
      try setup.write(to: folder)
      var states: [TrainingState] = []
      for (i, arm) in arms.enumerated() {
        if let state = saved[i] {
          states.append(state)
        } else {
          let start = try starts.isEmpty ? origin.start(of: arm, plan) : starts[i]
          states.append(try await begin(arm, start, plan, data, progress))
        }
      }
      // Before any training, and again after it for the result.
      for state in states where state.iteration == 0 {
        _ = try checks.measure { try self.share(of: state.arm, at: state.point, plan, data) }
      }
      let earlier = states.map(\.log.elapsedSeconds).reduce(0, +)
      let result = try await result(states, stores, plan, data, base, setup, folder, progress, checks) {
        earlier + start.duration(to: .now) / .seconds(1)
      }
      for store in stores { try store.clear() }
      try EvaluationParts.clear(folder)
      let share = TextTable.fixed(100 * checks.seconds / (start.duration(to: .now) / .seconds(1)), 2)
      progress.note("self-checks took \(TextTable.fixed(checks.seconds, 2)) s, \(share) % of the run")
      return result
    } catch is CancellationError {
      throw RunInterruption(folder: folder.path)
    } catch let error as RunFolderError
      where ![.moved(path: folder.path), .takenOver(path: folder.path)].contains(error)
    {
      progress.note("The saved states are kept. Continue with: \(RunFolder.resumption(of: folder.path))")
      throw error
    }
  }

  /// Says whose folder it was, where it was taken over.
  private func tell(_ folder: RunFolder, _ progress: any ProgressReporter) {
    guard let left = folder.predecessor else { return }
    progress.note("\(folder.path) was left by \(left); taking it over")
  }

  /// The state in which an arm's training begins.
  private func begin(
    _ arm: Arm, _ start: ArmStart, _ plan: Plan, _ data: RunData, _ progress: any ProgressReporter
  ) async throws -> TrainingState {
    var point = start.point
    let origin = try await start.takenOver(data, workers: plan.workers)
    if let origin { progress.note(origin.text(arm.name)) }
    try data.measureBaseMean(of: arm.network, at: &point.initial)
    var state = TrainingState(arm, plan, from: point)
    state.origin = origin
    return state
  }

  /// Trains the arms that are not trained yet, evaluates, and writes the findings; `results.json` is the last file.
  private func result(
    _ states: [TrainingState], _ stores: [StateStore], _ plan: Plan, _ data: RunData, _ base: BaseImages?,
    _ setup: RunSetup, _ folder: RunFolder, _ progress: any ProgressReporter, _ checks: CheckMeter,
    seconds: () -> Double
  ) async throws -> RunResult {
    var runs: [TrainedRun] = []
    var ends: [TrainingState] = []
    var (rows, ranks) = (MetricsRow.header, Arm.rankHeader)
    for (i, (state, store)) in zip(states, stores).enumerated() {
      // The rows in this arm's state follow those of the arms before it, which may have to be trained further first.
      try folder.write(rows + state.log.text, to: "metrics.csv")
      if !states[0].declared.network.layout.ranks.isEmpty {
        try folder.write(ranks + state.rankText, to: "ranks.csv")
      }
      let trainer = Trainer(
        plan: plan, data: data, progress: progress, folder: folder, store: store, checks: checks,
        base: base)
      let end = try await trainer.train(state)
      ends.append(end)
      rows += end.log.text
      ranks += end.rankText
      let share = try checks.measure { try self.share(of: end.bestArm, at: end.bestPoint, plan, data) }
      runs.append(
        TrainedRun(end, plan, folder: folder.path, isBaseline: i > 0, secondOrderShare: share))
    }
    var settings = StudySettings()
    // Curves are always measured; a run adds a short test of robustness.
    (settings.suite, settings.conditions, settings.threads) = (.robustness, .short, plan.threads)
    settings.attributionEpisodes = plan.attributionEpisodes
    (settings.robustnessEpisodes, settings.corruptAt) = (plan.robustnessEpisodes, plan.corruptAt)
    settings.checkpointMinutes = plan.checkpointMinutes
    let study = try Study(of: runs, settings: settings, progress: progress)
    var findings = try await study.measure(
      data, as: .run, folder: folder.path, command: plan.command, keeping: study.parts(of: data, in: folder))
    findings.result.seconds = seconds()
    findings.result.selfCheckSeconds = checks.seconds
    // A finished folder is whole, whatever was removed from it while the run went on.
    try setup.writeMissing(to: folder)
    try folder.write(rows, to: "metrics.csv")
    if ranks != Arm.rankHeader { try folder.write(ranks, to: "ranks.csv") }
    for (end, store) in zip(ends, stores) { try end.writeMissing(to: store) }
    try folder.write(findings)
    return findings.result
  }

  private func share(of arm: Arm, at point: MetaParameters, _ plan: Plan, _ data: RunData) throws -> Double? {
    guard plan.steps > 0, arm.learner.hasMetaGradient else { return nil }
    let task = try data.task(data.training.episode(0))
    let share = SelfChecks.secondOrderShare(arm, point, task)
    try SelfChecks.isSecondOrder(share, plan)
    return share
  }

  /// Where a run goes that names no folder; running twice keeps both.
  private func defaultFolder(_ arm: Arm) -> String {
    if plan.learner == .supervised { return "runs/pretrained-\(arm.name)-seed\(plan.seed)" }
    return "runs/\(arm.name)-\(plan.wayRange)w\(plan.shotRule)s-seed\(plan.seed)".replacing(":", with: "")
  }
}
