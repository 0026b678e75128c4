import ArgumentParser
import ConvFamilies
import Diagnostics
import Settings

/// The command `convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Fit another convolution family to a finished run's network, with the error of every layer.",
    discussion: """
      Norms and head are copied; each kernel is fitted in the least-squares sense. With --output the fitted \
      network is written as a folder with a configuration and a checkpoint.

      Example: fewshot convert runs/standard-all-5w1s-seed0 --family svd --option rank=16
      """)

  @Argument(help: ArgumentHelp("The folder of a finished run.", valueName: "run"), completion: .directory)
  var source: String
  @Option(help: ArgumentHelp("The family to fit.", valueName: "name"), completion: .field("family"))
  var family: String
  @Option(help: .field("option"), completion: .field("option")) var option: [String] = []
  @Option(help: ArgumentHelp("What adapts in the fitted network.", valueName: "roles")) var adapt: String?
  @Option(
    help: ArgumentHelp("The checkpoint, below the run's folder.", valueName: "file"), completion: .file())
  var checkpoint = "checkpoints/best.safetensors"
  @Option(
    name: .customLong("output"), help: ArgumentHelp("Where to write the fitted network.", valueName: "folder")
  )
  var destination: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    var settings = Plan()
    try settings.apply(option.map { Setting("option", $0) })
    let found = try RunConversion(
      of: source, checkpoint: checkpoint, to: family, options: settings.options, adapt: adapt,
      families: FamilyRegistry.families)
    if let destination { try found.write(to: destination) }
    try output.console.finish(found.document, found.text)
  }
}
