import ArgumentParser
import ConvFamilies
import Experiments
import Foundation
import Reports

/// The command `evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Adaptation speed and robustness of finished runs, all on the same frozen episodes.",
    discussion: """
      Runs that differ in nothing but their seed count as one arm. Every arm is compared in pairs with standard \
      convolutions that adapt everything, or with the last run if there are none; p values are corrected over the \
      whole report.

      Example: fewshot evaluate runs/acdc-atoms-seed0 runs/standard-all-seed0 --suite speed --output runs/compared
      """)

  @Argument(help: ArgumentHelp("Folders of finished runs.", valueName: "run")) var runs: [String]
  @OptionGroup var study: StudyOptions
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Where to write; unset a folder below runs.", valueName: "folder"))
  var destination: String?
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    let progress = console.progress
    var settings = StudySettings()
    try settings.apply(study.settings)
    let folder = try unoccupied(destination ?? firstFree("runs/evaluation"))
    let (wanted, folders) = (settings, runs)
    _ = try await interruptible(progress) {
      let trained = try folders.flatMap {
        try TrainedRun.all(in: existing($0), families: FamilyRegistry.families)
      }
      return try await Study(of: trained, settings: wanted, progress: progress)
        .evaluate(as: .evaluation, into: folder, command: wanted.command(evaluating: folders))
    }
    try console.finish(writing: Report(folder: folder))
  }
}
