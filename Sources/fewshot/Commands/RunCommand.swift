import ArgumentParser
import ConvFamilies
import Experiments
import Foundation
import Networks
import Reports

/// The command `run`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Meta-train, evaluate against a baseline on the same episodes, write a report.",
    discussion: """
      Without --data it uses the built-in glyphs. Every flag can stand in a file for --config by its name \
      (ways: 5); the file config.json of a run is one.

      Example: fewshot run --family acdc --option atoms=6 --adapt atoms --iterations 200 --output runs/first
      """)

  @OptionGroup var plan: PlanOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: "Check the settings, print them as a configuration file, and stop.") var dryRun = false

  func run() async throws {
    let plan = try plan.plan()
    let console = output.console
    if dryRun {
      console.finish(.object(plan.resolvedConfiguration), JSONValue.object(plan.resolvedConfiguration).text)
      return
    }
    let progress = console.progress
    let result = try await interruptible(progress) {
      // The one call of the runner.
      try await Runner(plan: plan, families: FamilyRegistry.families).run(progress: progress)
    }
    try Report(folder: result.folder).write()
    if output.json {
      FileHandle.standardOutput.write(try result.json() + Data("\n".utf8))
    } else {
      console.say(result.summaryText)
    }
  }
}
