import ArgumentParser
import ConvFamilies
import Diagnostics

/// The command `check`.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the meta-gradient of a run's settings against finite differences.",
    discussion: """
      With --export, one episode, all parameters, rates and the exact meta-gradient are written as \
      SafeTensors, so that another program can compute them again.

      Example: fewshot check --family acdc --adapt atoms --export check/acdc
      """)

  @OptionGroup var plan: PlanOptions
  @OptionGroup var output: OutputOptions
  @Option(
    help: ArgumentHelp("Where to write the episode and its gradient.", valueName: "folder"),
    completion: .directory)
  var export: String?

  func run() async throws {
    let plan = try plan.plan()
    let console = output.console
    let progress = console.progress
    let outcome = try await interruptible(progress) {
      try await GradientCheck(plan: plan, families: FamilyRegistry.families, export: export)
        .run(progress: progress)
    }
    try console.finish(outcome.document, outcome.summaryText)
  }
}
