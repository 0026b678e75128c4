internal import Files
internal import MetaLearning
internal import ProcessGroups
internal import Results
internal import Settings
internal import Studies
internal import Training

/// What was there before a run goes on.
extension Runner {
  /// The result of a finished run.
  ///
  /// - Throws: ``ResumeRefusal`` if the settings are not those it was made with, since a finished run cannot be continued.
  func finished(
    _ folder: RunFolder, _ recorded: RecordedRun, _ plan: Plan, _ progress: any ProgressReporter
  ) async throws -> RunResult? {
    guard try await CurrentGroup.value.fromFirst("finished", { folder.holds("results.json") }) else {
      return nil
    }
    var differences = RunIdentity(plan).differences(from: recorded.identity.settings)
    if plan.dataSettings != recorded.resolved.dataSettings {
      // Another place may have the same images: then hashes decide, else they need not be read.
      let data = try RunData(plan, trainedIn: folder.path, progress: progress)
      differences = RunIdentity(plan, data).settingsAndData.differences(
        from: recorded.identity.settingsAndData)
    }
    guard differences.isEmpty else {
      throw ResumeRefusal(folder: folder.path, differences: differences, isFinished: true)
    }
    var result = try RunResult(folder: folder.path)
    // It may have been moved since, or be named from another place.
    result.folder = folder.path
    for subfolder in RunFolder.checkpointFolders { try StateStore.clear(folder, subfolder) }
    try EvaluationParts.clear(folder)
    progress.note("\(folder.path): this run is finished; this is its result")
    return result
  }

  /// Refuses to continue a run with other settings, images or program.
  func check(
    _ identity: RunIdentity, _ begun: RecordedRun, isForced: Bool, _ progress: any ProgressReporter
  ) throws {
    let recorded = begun.identity
    let differences = identity.differences(from: recorded)
    guard differences.isEmpty || isForced else {
      throw ResumeRefusal(folder: begun.folder, differences: differences)
    }
    for difference in differences { progress.note("continuing anyway: \(difference)") }
    if let warning = identity.warning(comparedWith: recorded) { progress.note(warning) }
  }
}
