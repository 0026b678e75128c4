import ArgumentParser
import ConvFamilies
import Files
import Jobs
import Results
import Settings
import Training

/// Whether a run continues an earlier one.
struct ResumeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Continue the run in this folder, with its settings.", valueName: "folder"),
    completion: .directory)
  var resume: String?
  @Option(
    help: ArgumentHelp(
      """
      Start the run in this folder, continue it if it was begun there with the same settings, or give its result if \
      it is finished: a command that a batch system may repeat.
      """, valueName: "folder"), completion: .directory)
  var resumeOrStart: String?
  @Flag(help: "Continue even if settings, images or program differ from those the run began with.")
  var resumeAnyway = false

  /// The folder of a run that was begun; nil for a new one.
  var begun: String? { resume ?? resumeOrStart.flatMap { RunFolder.holdsRun($0) ? $0 : nil } }

  /// The plan of a new run, or that of the run to continue, with the given flags.
  ///
  /// - Parameters:
  ///   - options: The flags and the file.
  ///   - start: What a new run begins with.
  /// - Returns: A plan; when one is continued, its output is the folder.
  /// - Throws: If the folder holds no run, or the settings are not valid.
  func plan(_ options: PlanOptions, from start: Plan = Plan()) throws -> Plan {
    if resumeAnyway && resume == nil {
      throw Failure(.usage, "--resume-anyway goes with --resume FOLDER. Name the folder.")
    }
    if resume != nil && resumeOrStart != nil {
      throw Failure(.usage, "--resume and --resume-or-start are different things. Give one of them.")
    }
    guard let folder = resume ?? resumeOrStart else { return try options.plan(from: start) }
    if let resume { try RunFolder.requireRun(resume) }
    // What may be started names all its settings each time, so that they can be compared.
    var plan = try options.plan(from: resume.map { try RecordedRun($0).plan } ?? start)
    guard plan.output == nil else {
      throw Failure(
        .usage,
        "--\(resume == nil ? "resume-or-start" : "resume") names the run's own folder. Leave --output out.")
    }
    plan.output = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return plan
  }

  /// Runs a plan, or goes on with it.
  func run(_ plan: Plan, takingOver: Bool, progress: any ProgressReporter) async throws -> RunResult {
    let runner = Runner(plan: plan, families: FamilyRegistry.families, takingOver: takingOver)
    if resumeOrStart != nil { return try await runner.resumeOrStart(progress: progress) }
    return resume == nil
      ? try await runner.run(progress: progress)
      : try await runner.resume(anyway: resumeAnyway, progress: progress)
  }
}
