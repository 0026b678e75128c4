internal import Files
internal import Foundation
internal import ProcessGroups
internal import Results
internal import Settings
internal import Training

/// An evaluation whose images are read and whose identity is known: what is left is to choose a folder and to measure.
struct PreparedEvaluation {
  /// Without trainings on other images.
  let study: Study
  let kind: RunResult.Kind
  let data: RunData
  let shifts: [ShiftData]
  let sets: [TestSet]
  let identity: StudyIdentity

  /// The first folder of a path, the path with -2, with -3, … that is free or holds this evaluation, locked.
  ///
  /// - Throws: ``RunFolderError`` if none can be made.
  func folder(_ stem: String, takingOver: Bool) throws(RunFolderError) -> RunFolder {
    for candidate in numberedPaths(stem) {
      guard try RunFolder.makeNew(candidate) || isOwn(candidate) else { continue }
      do throws(RunFolderError) {
        return try RunFolder(taking: candidate, takingOver: takingOver)
      } catch {
        // Another process works on the same, or was faster.
        switch error {
        case .inUse, .owned: continue
        default: throw error
        }
      }
    }
    throw .cannotCreate(path: stem, reason: "there are too many of this name")
  }

  /// Whether a folder holds this evaluation, finished or not, or only what a killed process left before it began.
  private func isOwn(_ folder: String) -> Bool {
    if Study.isUntouched(folder) { return true }
    guard StudyIdentity(in: folder)?.hash == identity.hash else { return false }
    let result = FileManager.default.contents(atPath: folder + "/results.json")
      .flatMap { try? RunResult(json: $0) }
    return result.map { $0.identity == identity.hash } ?? true
  }

  /// Measures what is not measured yet, and writes the folder.
  ///
  /// - Parameters:
  ///   - folder: Where, locked.
  ///   - home: Where finished tasks are kept; nil for the same folder.
  /// - Returns: The result, as in `results.json`.
  /// - Throws: As ``Study/evaluate(as:into:command:)``.
  func evaluate(in folder: RunFolder, parts home: RunFolder? = nil) async throws -> RunResult {
    let progress = study.progress
    let differences = identity.differences(in: folder.path)
    try await RunIdentity.agree(on: identity.facts)
    let stored = try await CurrentGroup.value.fromFirst("finished evaluation") {
      (try? folder.read("results.json")) ?? Data()
    }
    if let result = try? RunResult(json: stored) {
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
      data, shifts, sets, as: kind, folder: folder.path, command: identity.command, keeping: parts)
    findings.result.identity = identity.hash
    if !folder.holds(RunFolder.evaluationFile) {
      try folder.write(identity.text, to: RunFolder.evaluationFile)
    }
    try folder.write(findings)
    // The next call of an ablation may have more cells, and needs what was measured of these.
    if kind != .ablation { try EvaluationParts.clear(folder) }
    return findings.result
  }
}
