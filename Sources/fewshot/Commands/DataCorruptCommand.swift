import ArgumentParser
import Diagnostics
import Formats
import Images
import Settings
import Training

/// The command `data corrupt`.
struct DataCorruptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corrupt",
    abstract: "Write corrupted images as a network sees them, and a sheet of them to look at.",
    discussion: """
      Writes <output>/<corruption>/<severity>/<number>.png, the uncorrupted images in clean, the list of them in \
      images.csv, sheet.png with the first four under every corruption, and in corruptions.csv how far each moves \
      the network's input: the root mean square change of its values, which are from 0 to 1. Files show what goes into \
      the network: resized, and inverted if --invert says so. Without --data the images are the built-in glyphs.

      Example: fewshot data corrupt --corruptions pixelate,gaussian-noise --severities 1,3,5 --output corrupted
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(help: .field("corrupt-at"), completion: .field("corrupt-at")) var corruptAt: String?
  @Option(help: .field("seed")) var seed: String?
  @Option(help: .field("threads")) var threads: String?
  @Option(help: "Which classes: train, val or test.") var part = Split.test
  @Option(help: ArgumentHelp("Names joined by commas; if unset, all corruptions.", valueName: "names"))
  var corruptions: String?
  @Option(help: ArgumentHelp("Severities from 1 to 5, joined by commas.", valueName: "numbers"))
  var severities = "1,2,3,4,5"
  @Option(
    help: ArgumentHelp("How many images, of different classes if there are enough.", valueName: "number"))
  var images = 4
  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory) var output:
    String
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard (1...10_000).contains(images) else {
      throw ValidationError("images is \(images), but there can be 1...10000.")
    }
  }

  func run() throws {
    let console = result.console
    let own = DataOptions.given(["corrupt-at": corruptAt, "seed": seed, "threads": threads])
    let plan = try source.plan(data.settings + own)
    let path = try unoccupied(output)
    try refuseOutput(path, in: plan.data?.all ?? [])
    var choice = CorruptionSamples.Choice()
    (choice.part, choice.images) = (part, images)
    (choice.corruptions, choice.severities) = (corruptions, severities)
    let samples = try CorruptionSamples(of: plan.index(progress: console.progress), choice, plan)
    if samples.count < images {
      console.note("\(part.rawValue) has only \(samples.count) images that can be read")
    }
    let found = try whole(path) { try samples.write(to: $0) }
    try console.finish(document(path, plan, samples, found), text(path, samples, found))
  }

  private func document(
    _ path: String, _ plan: Plan, _ samples: CorruptionSamples, _ found: [CorruptionSamples.Measured]
  ) -> JSONValue {
    .members([
      "folder": .text(path), "corrupt_at": .text(samples.placeName),
      "image_size": .integer(plan.preparation.imageSize), "channels": .integer(plan.preparation.channels),
      "images": .integer(samples.count),
      "corruptions": .list(
        found.map {
          .members([
            "corruption": .text($0.corruption), "severity": .integer($0.severity),
            "rms_change": .number($0.rmsChange),
          ])
        }),
    ])
  }

  /// A row for each corruption and a column for each severity.
  private func text(
    _ path: String, _ samples: CorruptionSamples, _ found: [CorruptionSamples.Measured]
  ) -> String {
    var rows: [[String]] = []
    for item in found {
      if rows.last?.first != item.corruption { rows.append([item.corruption]) }
      rows[rows.count - 1].append(TextTable.fixed(item.rmsChange, 3))
    }
    let severities = found.prefix { $0.corruption == found.first?.corruption }.map {
      "severity \($0.severity)"
    }
    return [
      TextTable(["rms change"] + severities, rows).text, "",
      "\(path): \(samples.count) images under \(rows.count) corruptions; look at \(path)/sheet.png",
    ].joined(separator: "\n")
  }
}
