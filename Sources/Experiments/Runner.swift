internal import Episodes
internal import Evaluation
internal import Foundation
internal import Kernels
internal import MetaLearning
public import Networks

/// The main job: train the chosen arm and the baseline alike, evaluate both on the same episodes, report.
public struct Runner: Sendable {
  /// The version that stands in every result.
  public static let version = "0.1.0"

  private let plan: Plan
  private let families: [any ConvFamily.Type]

  /// A run of a plan.
  public init(plan: Plan, families: [any ConvFamily.Type]) {
    self.plan = plan
    self.families = families
  }

  /// Runs it all and writes the run's folder.
  ///
  /// - Throws: ``ConfigurationError``, `DatasetError`, ``RunFolderError`` or ``SelfCheckError``.
  public func run(progress: any ProgressReporter) async throws -> RunResult {
    let clock = ContinuousClock()
    let start = clock.now
    let arms = try arms()
    if let warning = BLASAdvice.warning { progress.note(warning) }
    let data = try RunData(plan, progress: progress)
    try SelfChecks.isDisjoint(data.validation, data.store)
    try SelfChecks.isDisjoint(data.test, data.store)
    let folder = try RunFolder(creating: plan.output ?? defaultFolder(arms[0]))
    try writeSetup(folder, data, arms[0])
    for arm in arms {
      progress.note(arm.auditText)
      // Before any training, and again after it for the report.
      _ = try share(of: arm, at: arm.start(seed: plan.seed, rate: plan.startingRate), data)
    }

    let trainer = Trainer(plan: plan, data: data, progress: progress, folder: folder)
    let evaluator = Evaluator(plan: plan, data: data, progress: progress)
    var results: [RunResult.ArmResult] = []
    var evaluations: [TestCurves] = []
    for (i, arm) in arms.enumerated() {
      let trained = try await trainer.train(arm, isMain: i == 0)
      let share = try share(of: trained.arm, at: trained.best, data)
      let evaluation = try await evaluator.evaluate(trained.arm, at: trained.best)
      results.append(.init(trained, evaluation, plan: plan, secondOrderShare: share, folder: folder.path))
      evaluations.append(evaluation)
    }
    let pixels = try data.test.episodes.map { PixelBaseline.accuracy(try data.store.episode($0)) }
    let result = RunResult(
      kind: .run, ways: plan.ways, shots: plan.shots, queries: plan.queries, arms: results,
      comparisons: evaluations.count == 2 ? RunResult.Comparison.all(evaluations[0], evaluations[1]) : [],
      secondOrderShare: results[0].secondOrderShare, pixelBaseline: .init(pixels),
      data: .init(
        path: data.path ?? "built-in glyphs", hash: data.store.dataHash, classes: data.store.classes.count,
        images: data.store.paths.count, skipped: data.store.skipped.count),
      command: plan.command, folder: folder.path, version: Self.version,
      machine: .init(blasCore: Gemm.coreName, threads: plan.workers),
      seconds: (clock.now - start) / .seconds(1))
    try writeResults(result, evaluations, folder)
    return result
  }

  private func arms() throws(ConfigurationError) -> [Arm] {
    let main = try Arm(
      plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    guard plan.baseline == .standard else { return [main] }
    let baseline = try Arm(plan, family: "standard", options: [:], adapt: nil, families: families)
    return main.name == baseline.name ? [main] : [main, baseline]
  }

  private func share(of arm: Arm, at point: MetaParameters, _ data: RunData) throws -> Double? {
    guard plan.steps > 0 else { return nil }
    let task = try data.task(data.training.episode(0))
    let share = SelfChecks.secondOrderShare(arm, point, task)
    try SelfChecks.isSecondOrder(share, plan)
    return share
  }

  private func defaultFolder(_ arm: Arm) -> String {
    let stem = "runs/\(arm.name)-\(plan.ways)w\(plan.shots)s-seed\(plan.seed)".replacing(":", with: "")
    // The first free name, so that running twice keeps both.
    return ([stem] + (2...10_000).map { "\(stem)-\($0)" })
      .first { !FileManager.default.fileExists(atPath: $0) } ?? stem
  }

  private func writeSetup(_ folder: RunFolder, _ data: RunData, _ arm: Arm) throws {
    try folder.write(
      plan.resolved(adapting: arm.selector.description).configurationText(environment: [
        .init("version", .text(Self.version)), .init("data_hash", .text(data.store.dataHash)),
        .init("host", .text(ProcessInfo.processInfo.hostName)), .init("threads", .integer(plan.workers)),
        .init("blas_core", .text(Gemm.coreName)), .init("blas", .text(Gemm.configuration)),
      ]), to: "config.json")
    try folder.write(data.validation.text, to: "episodes/validation.jsonl")
    try folder.write(data.test.text, to: "episodes/test.jsonl")
    try folder.write(MetricsRow.header, to: "metrics.csv")
    if !arm.network.layout.ranks.isEmpty { try folder.write(Arm.rankHeader, to: "ranks.csv") }
  }

  private func writeResults(_ result: RunResult, _ evaluations: [TestCurves], _ folder: RunFolder) throws {
    try folder.write(
      TestCurves.episodesHeader
        + evaluations.map { $0.episodeLines(ways: plan.ways, shots: plan.shots) }.joined(),
      to: "eval/episodes.csv")
    try folder.write(
      TestCurves.curvesHeader
        + evaluations.map { $0.curveLines(macsPerStep: $0.arm.macsPerStep(images: plan.ways * plan.shots)) }
        .joined(),
      to: "eval/curves.csv")
    try folder.write(try result.json(), to: "results.json")
  }
}
