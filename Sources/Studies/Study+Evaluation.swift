internal import Evaluation
internal import Files
internal import Foundation
internal import Images
internal import Kernels
internal import Networks
package import Results
internal import Settings
package import Training

extension Study {
  /// Evaluates and writes a folder like that of a run: `results.json`, `eval/`, `episodes/test.jsonl`.
  ///
  /// Finished tasks are kept in the folder while it goes on, so that the same call continues after an interruption,
  /// with the same result as without one. A training that fails a check is left out and listed in the result's
  /// ``RunResult/failed``.
  ///
  /// - Parameters:
  ///   - kind: The command that asks for it.
  ///   - output: The folder; it may hold the same evaluation, finished or not.
  ///   - command: The command that repeats it.
  /// - Returns: The result, as in `results.json`.
  /// - Throws: `DatasetError`, ``SelfCheckError`` if no training can be reported, ``RunFolderError`` or
  ///   `CancellationError`.
  package func evaluate(
    as kind: RunResult.Kind, into output: String, command: String
  ) async throws -> RunResult {
    try await evaluate(as: kind, in: RunFolder(taking: output), command: command)
  }

  /// The same in a folder that is already locked, with the parts in another folder if given.
  package func evaluate(
    as kind: RunResult.Kind, in folder: RunFolder, parts home: RunFolder? = nil, command: String
  ) async throws -> RunResult {
    try Gemm.prepare(workers: plan.workers)
    let shifts = try ShiftData.open(settings, plan)
    if settings.suite == .speed && settings.shiftData != nil {
      progress.note("shift-data is not used by the suite speed")
    }
    let data = try RunData(plan, progress: progress)
    let study = try knowing(data, as: kind)
    let identity = StudyIdentity(self, data, shifts: shifts, command: command)
    let differences = identity.differences(in: folder.path)
    if let result = try? RunResult(json: folder.read("results.json")) {
      // The result names its own evaluation: the file beside it may belong to a later, interrupted call.
      if result.identity == identity.hash {
        progress.note("\(folder.path): this evaluation is finished; this is its result")
        return result
      }
      // An ablation's report grows with its cells; any other evaluation is never replaced.
      guard kind == .ablation else {
        throw RunFolderError.otherEvaluation(
          path: folder.path,
          differences: differences.isEmpty ? ["its results.json is of another evaluation"] : differences)
      }
    }
    if !differences.isEmpty {
      progress.note(
        "\(folder.path) was begun with other settings (\(RunFolderError.summary(of: differences))): what that changes is measured "
          + "again")
    }
    try folder.write(identity.text, to: RunFolder.evaluationFile)
    try SelfChecks.isDisjoint(data.test, data.store)
    let parts = study.parts(of: data, in: home ?? folder)
    var findings = try await study.normalised(data).measure(
      data, shifts, as: kind, folder: folder.path, command: command, keeping: parts)
    findings.result.identity = identity.hash
    try folder.write(findings)
    // The next call of an ablation may have more cells, and needs what was measured of these.
    if kind != .ablation { try EvaluationParts.clear(folder) }
    return findings.result
  }

  /// Where finished tasks are kept.
  package func parts(of data: RunData, in folder: RunFolder) -> EvaluationParts {
    let episodes = plan.episodeSettings.filter { !Plan.toldByHash.contains($0.key) }
    var facts = RunIdentity.environment(data).merging(episodes) { $1 }
    facts["norm-statistics"] = settings.normStatistics.rawValue
    facts["parts"] = EvaluationParts.format
    return EvaluationParts(folder, facts: facts, minutes: settings.checkpointMinutes, progress: progress)
  }

  /// The study without trainings on other images or classes.
  private func knowing(_ data: RunData, as kind: RunResult.Kind) throws -> Study {
    var errors: [Int: ConfigurationError] = [:]
    for (k, training) in trainings.enumerated() {
      guard let reason = foreign(training.run, data) else { continue }
      errors[k] = ConfigurationError(
        field: "data", value: data.path ?? "built-in glyphs",
        reason: "\(reason) that \(training.run.folder) was trained on, so training classes may be tested",
        remedy: "Put the images back as they were, or train again")
    }
    guard let first = errors.min(by: { $0.key < $1.key })?.value else { return self }
    // An ablation goes on without a cell whose images differ; a run that was named was named by mistake.
    guard kind == .ablation, errors.count < trainings.count else { throw first }
    return without(errors)
  }

  private func foreign(_ run: TrainedRun, _ data: RunData) -> String? {
    if let hash = run.dataHash, hash != data.store.dataHash { return "its images are not those" }
    if let hash = run.splitHash, hash != data.splitHash {
      return "its classes are not divided as those"
    }
    return nil
  }
}
