import ArgumentParser
import ConvFamilies
import Diagnostics

/// The command `quantize`.
struct QuantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Store a finished run's network in few bits: effective size, accuracy before and after.",
    discussion: """
      Every task starts from the quantized network, adapts in full precision and is quantized again before it \
      answers, on the run's own test episodes.

      Example: fewshot quantize runs/fsnet-summary-5w1s-seed0 --bits 8
      """)

  @Argument(help: ArgumentHelp("The folder of a finished run.", valueName: "run"), completion: .directory)
  var source: String
  @Option(help: ArgumentHelp("Bits of a level, 1...16.", valueName: "number")) var bits = 8
  @Option(
    help: ArgumentHelp(
      "What is quantized, joined by +; if unset, filter summaries, or all but the normalisation.",
      valueName: "roles"))
  var roles: String?
  @Option(help: .field("threads")) var threads: Int?
  @OptionGroup var place: PlaceOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    let (folder, place, bits, threads) = (try existing(source), place.place, bits, threads)
    let roles = roles?.split(separator: "+").map(String.init)
    let report = try await interruptible(console.progress) {
      try await QuantizationReport(
        of: folder, imagesAt: place, bits: bits, roles: roles, threads: threads,
        families: FamilyRegistry.families, progress: console.progress)
    }
    try console.finish(report.document, report.text)
  }
}
