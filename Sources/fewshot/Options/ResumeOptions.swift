import ArgumentParser
import Results
import Settings

/// Whether a run goes on with an earlier one.
struct ResumeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Go on with the run in this folder; its settings hold.", valueName: "folder"))
  var resume: String?
  @Flag(help: "Go on although settings, images or program are not those the run was begun with.")
  var resumeAnyway = false

  /// The plan of a new run, or that of the run to go on with and of flags beside it.
  ///
  /// - Parameter options: The flags and the file.
  /// - Returns: A plan; when one goes on, its output is the folder.
  /// - Throws: If the folder holds no run, or the settings are not valid.
  func plan(_ options: PlanOptions) throws -> Plan {
    guard let folder = resume else {
      if resumeAnyway { throw Failure(.usage, "--resume-anyway goes with --resume FOLDER. Name the folder.") }
      return try options.plan()
    }
    guard RunFolder.holdsRun(folder) else { throw RunFolderError.noRun(path: folder) }
    let begun = try ConfigurationFile(contentsOf: folder + "/config.json").applied(to: Plan())
    var plan = try options.plan(from: begun)
    guard plan.output == nil else {
      throw Failure(.usage, "--resume goes on in its own folder. Leave --output out.")
    }
    plan.output = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return plan
  }
}
