import ArgumentParser
import ConvFamilies
import Diagnostics
import Formats
import Foundation
import Jobs
import Networks
import Reports
import Results
import Settings

/// The command `run`.
struct RunCommand: AsyncParsableCommand, StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Meta-train, evaluate against a baseline on the same episodes, write a report.",
    discussion: """
      Without --data it uses the built-in glyphs. Every flag can be set in a file for --config by its name \
      (ways: 5); the file config.json of a run is one.

      A run saves its state every few minutes; --resume FOLDER continues one that was stopped or killed, with the \
      same result as without the stop. Under a batch system --resume-or-start FOLDER is a command that may be repeated.

      Example: fewshot run --family acdc --option atoms=6 --adapt atoms --iterations 200 --output runs/first
      """)

  @OptionGroup var plan: PlanOptions
  @OptionGroup var resumption: ResumeOptions
  @OptionGroup var stop: StopOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: "Check the settings, print them as a configuration file, and stop.") var dryRun = false
  @Option(
    help: ArgumentHelp(
      """
      Run one episode again, print it step by step, and stop: a number for a training episode or validation:number, \
      both at the last saved point; test:number or baseline:test:number at the tested one.
      """, valueName: "episode"))
  var replayEpisode: String?

  func run() async throws {
    let plan = try resumption.plan(plan)
    let console = output.console
    if dryRun {
      // The same with --json and without: a file for --config.
      try console.finish(plan.configuration().text)
      return
    }
    let progress = console.progress
    if let replayEpisode {
      let replay = try EpisodeReplay(
        EpisodeName(replayEpisode), of: plan, families: FamilyRegistry.families, folder: resumption.begun,
        anyway: resumption.resumeAnyway, progress: progress)
      try console.finish(replay.document, replay.text)
      return
    }
    // The one call of the runner.
    let result = try await interruptible(progress, status: stop.exitOnStop) { [resumption, stop] in
      try await resumption.run(plan, takingOver: stop.takeOver, progress: progress)
    }
    try console.finish(writing: Report(folder: result.folder))
  }
}
