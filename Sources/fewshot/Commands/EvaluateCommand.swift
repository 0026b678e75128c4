import ArgumentParser
import ConvFamilies
import Formats
import Foundation
import Jobs
import Reports
import Results
import Settings
import Studies

/// The command `evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Adaptation speed and robustness of finished runs, all on the same frozen episodes.",
    discussion: """
      Runs that differ only in their seed count as one arm. Every arm is compared in pairs with standard \
      convolutions that adapt everything; if there are none, with the first standard arm, else with the last arm; p \
      values are corrected over the whole report.

      To continue an interrupted or killed evaluation, give the same command, with the same --output if there was one.

      Example: fewshot evaluate runs/acdc-atoms-seed0 runs/standard-all-seed0 --suite speed --output runs/compared
      """)

  @Argument(help: ArgumentHelp("Folders of finished runs.", valueName: "run")) var runs: [String]
  @OptionGroup var study: StudyOptions
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Where to write; if unset, a new folder below runs.", valueName: "folder"))
  var destination: String?
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    let progress = console.progress
    var settings = StudySettings()
    try settings.apply(study.settings)
    let (wanted, folders, command) = (settings, runs, settings.command(evaluating: runs))
    let folder = destination ?? Study.folder("runs/evaluation", for: command)
    guard Study.mayUse(folder) else {
      if let content = RunFolder.content(of: folder) {
        throw RunFolderError.occupied(path: folder, by: content)
      }
      throw Failure(
        .cannotCreate, "\(folder): it already exists. Name another --output, or move it away.")
    }
    let result: RunResult
    do {
      result = try await interruptible(progress) {
        let trained = try folders.flatMap {
          try TrainedRun.all(in: existing($0), families: FamilyRegistry.families)
        }
        return try await Study(of: trained, settings: wanted, progress: progress)
          .evaluate(as: .evaluation, into: folder, command: command)
      }
    } catch is CancellationError {
      throw RunInterruption(command: "\(command) --output \(shellQuoted(folder))")
    }
    try console.finish(writing: Report(folder: folder))
    if let failed = result.failed {
      throw Failure(
        .selfCheck,
        "not in the report: \(failed.map(\.arm).joined(separator: ", ")). The report gives the reasons, and so do the lines above."
      )
    }
  }
}
