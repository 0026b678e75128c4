import ArgumentParser
import Results
import Settings
import Training

/// Whether a run continues an earlier one.
struct ResumeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Continue the run in this folder, with its settings.", valueName: "folder"))
  var resume: String?
  @Flag(help: "Continue even if settings, images or program differ from those the run began with.")
  var resumeAnyway = false

  /// The plan of a new run, or that of the run to continue, with the given flags.
  ///
  /// - Parameters:
  ///   - options: The flags and the file.
  ///   - start: What a new run begins with.
  /// - Returns: A plan; when one is continued, its output is the folder.
  /// - Throws: If the folder holds no run, or the settings are not valid.
  func plan(_ options: PlanOptions, from start: Plan = Plan()) throws -> Plan {
    guard let folder = resume else {
      if resumeAnyway { throw Failure(.usage, "--resume-anyway goes with --resume FOLDER. Name the folder.") }
      return try options.plan(from: start)
    }
    try RunFolder.requireRun(folder)
    var plan = try options.plan(from: RecordedRun(folder).plan)
    guard plan.output == nil else {
      throw Failure(.usage, "--resume continues in the run's own folder. Leave --output out.")
    }
    plan.output = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return plan
  }
}
