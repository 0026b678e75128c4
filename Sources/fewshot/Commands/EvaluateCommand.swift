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
struct EvaluateCommand: AsyncParsableCommand, StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Adaptation speed and robustness of finished runs, all on the same frozen episodes.",
    discussion: """
      Runs that differ only in their seed count as one arm. Every arm is compared in pairs with standard \
      convolutions that adapt everything; if there are none, with the first standard arm, else with the last arm; p \
      values are corrected over the whole report.

      To continue an interrupted or killed evaluation, give the same command, with the same --output if there was \
      one. A finished one gives its result again.

      Example: fewshot evaluate runs/acdc-atoms-seed0 runs/standard-all-seed0 --suite speed --output runs/compared
      """)

  @Argument(help: ArgumentHelp("Folders of finished runs.", valueName: "run"), completion: .directory)
  var runs: [String]
  @OptionGroup var place: PlaceOptions
  @OptionGroup var study: StudyOptions
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Where to write; if unset, a new folder below runs.", valueName: "folder"),
    completion: .directory)
  var destination: String?
  @OptionGroup var stop: StopOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    let progress = console.progress
    var settings = StudySettings()
    try settings.apply(study.settings)
    let (wanted, folders, place, output) = (settings, runs, place.place, destination)
    let command = settings.command(evaluating: runs, imagesAt: place)
    if let output { try refuseOccupied(output) }
    let (result, folder): (RunResult, String)
    do {
      (result, folder) = try await interruptible(progress, status: stop.exitOnStop) { [stop] in
        let trained = try folders.flatMap {
          try TrainedRun.all(in: existing($0), imagesAt: place, families: FamilyRegistry.families)
        }
        let study = try Study(of: trained, settings: wanted, progress: progress)
        guard let output else {
          return try await study.evaluate(
            as: .evaluation, below: "runs/evaluation", takingOver: stop.takeOver, command: command)
        }
        let result = try await study.evaluate(
          as: .evaluation, into: output, takingOver: stop.takeOver, command: command)
        return (result, output)
      }
    } catch is CancellationError {
      // Without --output the same command finds the folder by what is in it.
      throw RunInterruption(command: command + (output.map { " --output \(shellQuoted($0))" } ?? ""))
    }
    try console.finish(writing: Report(folder: folder))
    if let failed = result.failed {
      throw Failure(
        .selfCheck,
        "not in the report: \(failed.map(\.arm).joined(separator: ", ")). The report gives the reasons, and so do the lines above."
      )
    }
  }

  /// Refuses a folder with anything but an evaluation in it.
  private func refuseOccupied(_ folder: String) throws {
    guard !Study.mayUse(folder) else { return }
    if let content = RunFolder.content(of: folder) {
      throw RunFolderError.occupied(path: folder, by: content)
    }
    throw Failure(.cannotCreate, "\(folder): it already exists. Name another --output, or move it away.")
  }
}
