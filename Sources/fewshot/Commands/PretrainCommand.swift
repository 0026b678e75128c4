import ArgumentParser
import ConvFamilies
import Formats
import Jobs
import Reports
import Results
import Settings

/// The command `pretrain`.
struct PretrainCommand: AsyncParsableCommand, StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a network to tell all training classes apart, for fewshot run --initial.",
    discussion: """
      Ordinary supervised training on mini-batches. It is a run with --learner supervised, and begins with \
      --family standard, --outer-rate 0.05, --iterations 2000 and --head centroid, by which validation and test \
      episodes are answered; all flags of a run can change that.

      Example: fewshot pretrain --family standard --backbone conv4 --iterations 500 --output runs/pretrained
      """)

  @OptionGroup var plan: PlanOptions
  @OptionGroup var resumption: ResumeOptions
  @OptionGroup var stop: StopOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: "Check the settings, print them as a configuration file, and stop.") var dryRun = false

  func run() async throws {
    let plan = try resumption.plan(plan, from: .pretraining)
    let console = output.console
    if dryRun {
      try console.finish(plan.configuration().text)
      return
    }
    let progress = console.progress
    let result = try await interruptible(progress, status: stop.exitOnStop) { [resumption, stop] in
      try await resumption.run(plan, takingOver: stop.takeOver, progress: progress)
    }
    try console.finish(writing: Report(folder: result.folder))
  }
}
