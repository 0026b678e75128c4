import ArgumentParser
import ConvFamilies
import Diagnostics
import Settings
import Training

/// The command `inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show layers, parameters by role and multiply-adds of any backbone with any family.",
    discussion: """
      Multiply-adds are those of one image, forward and in one inner step: once with every kernel dense, once \
      with the family's factors. The head is counted in a row of its own. Amplification says how much further a \
      step on a role moves kernels than the same step on the kernels themselves, measured at the start.

      Example: fewshot inspect --backbone conv4 --image-size 84 --channels 3 --family acdc --option atoms=9
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup var model: ModelOptions
  @Option(help: .field("ways")) var ways: String?
  @Option(help: .field("image-size")) var imageSize: String?
  @Option(help: .field("channels")) var channels: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let own = ModelOptions.given(["ways": ways, "image-size": imageSize, "channels": channels])
    let plan = try source.plan(model.settings + own)
    try plan.validate(families: FamilyRegistry.families)
    let inspection = try Inspection(plan: plan, families: FamilyRegistry.families)
    if let note = try plan.budgeted(families: FamilyRegistry.families)?.note { output.console.note(note) }
    let title = "\(plan.backbone), \(plan.width ?? 0) filters, family \(plan.family)"
    try output.console.finish(
      inspection.document(backbone: plan.backbone, family: plan.family),
      ([title, inspection.layersText, inspection.rolesText] + (inspection.ranksText.map { [$0] } ?? []))
        .joined(separator: "\n\n"))
  }
}
