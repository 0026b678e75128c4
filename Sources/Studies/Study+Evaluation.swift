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
  ///   - takingOver: Whether it is taken from an owner nothing is known of; see `FolderLock`.
  ///   - command: The command that repeats it.
  /// - Returns: The result, as in `results.json`.
  /// - Throws: `DatasetError`, ``SelfCheckError`` if no training can be reported, ``RunFolderError`` or
  ///   `CancellationError`.
  package func evaluate(
    as kind: RunResult.Kind, into output: String, takingOver: Bool = false, command: String
  ) async throws -> RunResult {
    try refuseImages(at: output)
    let folder = try RunFolder(taking: output, takingOver: takingOver)
    if let left = folder.predecessor { progress.note("\(output) was left by \(left); taking it over") }
    return try await prepared(as: kind, command: command).evaluate(in: folder)
  }

  /// The same in the first folder of a path, the path with -2, with -3, … that is free or holds this evaluation.
  ///
  /// Of several processes that ask for the same path at once, each gets a folder of its own.
  ///
  /// - Returns: The result, and the folder it is in.
  package func evaluate(
    as kind: RunResult.Kind, below stem: String, takingOver: Bool = false, command: String
  ) async throws -> (result: RunResult, folder: String) {
    try refuseImages(at: stem)
    let work = try prepared(as: kind, command: command)
    let folder = try work.folder(stem, takingOver: takingOver)
    return (try await work.evaluate(in: folder), folder.path)
  }

  /// The same in a folder that is already locked, with the parts in another folder if given.
  package func evaluate(
    as kind: RunResult.Kind, in folder: RunFolder, parts home: RunFolder? = nil, command: String
  ) async throws -> RunResult {
    try await prepared(as: kind, command: command).evaluate(in: folder, parts: home)
  }

  /// Refuses to write among the images that are read.
  private func refuseImages(at output: String) throws {
    try refuseOutput(
      output, in: (plan.data?.all ?? []) + settings.shiftFolders + settings.testFolders)
  }

  /// Reads all images, and finds out what the result depends on.
  private func prepared(as kind: RunResult.Kind, command: String) throws -> PreparedEvaluation {
    try Gemm.prepare(workers: plan.workers)
    let shifts = try ShiftData.open(settings, plan, progress)
    let sets = try TestSet.open(settings, plan, progress)
    if settings.suite == .speed && settings.shiftData != nil {
      progress.note("shift-data is not used by the suite speed")
    }
    let data = try RunData(plan, trainedIn: trainings[0].run.folder, progress: progress)
    for shift in shifts + sets.map(\.images) { try shift.refuseTrainingPictures(of: data, progress) }
    let study = try knowing(data, as: kind)
    return PreparedEvaluation(
      study: study, kind: kind, data: data, shifts: shifts, sets: sets,
      identity: StudyIdentity(self, data, shifts: shifts + sets.map(\.images), command: command))
  }

  /// Where finished tasks are kept.
  package func parts(of data: RunData, in folder: RunFolder) -> EvaluationParts {
    var facts = RunIdentity.environment(data).merging(plan.episodeSettings) { $1 }
    facts["norm-statistics"] = settings.normStatistics.rawValue
    facts["parts"] = EvaluationParts.format
    return EvaluationParts(folder, facts: facts, minutes: settings.checkpointMinutes, progress: progress)
  }

  /// The study without trainings on other images or classes.
  private func knowing(_ data: RunData, as kind: RunResult.Kind) throws -> Study {
    var errors: [Int: ConfigurationError] = [:]
    for (k, training) in trainings.enumerated() {
      errors[k] = training.run.data.refusal(
        of: data, trainedIn: training.run.folder, canBePointed: kind != .ablation)
    }
    guard let first = errors.min(by: { $0.key < $1.key })?.value else { return self }
    // An ablation goes on without a cell whose images differ; a run that was named was named by mistake.
    guard kind == .ablation, errors.count < trainings.count else { throw first }
    return without(errors)
  }
}
