import ArgumentParser
import Experiments

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
  @Option(help: ArgumentHelp("Where to write the episode and its gradient.", valueName: "folder"))
  var export: String?

  func run() async throws {
    let plan = try plan.plan()
    let console = output.console
    // The one call of the gradient check.
    let check = try await GradientCheck(plan: plan, export: export).run(progress: console.progress)
    console.finish(check.document, check.summaryText)
  }
}

// A stand-in until Experiments has this type.
private struct GradientCheck {
  let plan: Plan
  let export: String?
  var document: JSONValue { .null }
  var summaryText: String { "" }
  func run(progress: any ProgressReporter) async throws -> GradientCheck {
    throw SelfCheckError(
      check: "gradient check", found: "none", expected: "one", advice: "It is not part of this build")
  }
}
