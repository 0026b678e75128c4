import ArgumentParser
import Diagnostics
import Formats
import Foundation
import Images
import Settings
import Training

/// The command `data sheet`.
struct DataSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet",
    abstract:
      "Write a PNG sheet of pictures as a network sees them: of classes, or of a test episode with its answers.",
    discussion: """
      Without --run it shows the first pictures of some classes of a data set, prepared as the flags say. With --run and \
      --episode it shows the support and query pictures of a test episode of a finished run, and below each query \
      picture whether the answer was right, or which class was answered instead, with its probability.

      Example: fewshot data sheet --data images --classes 12 --output classes.png
      Example: fewshot data sheet --run runs/mine --episode 3 --output episode.png
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(help: .field("threads")) var threads: String?
  @Option(help: "Which classes: train, val or test; all if unset.") var part: Split?
  @Option(help: ArgumentHelp("The most classes.", valueName: "number")) var classes = 20
  @Option(help: ArgumentHelp("The most pictures of a class.", valueName: "number")) var images = 8
  @Option(
    name: .customLong("run"), help: ArgumentHelp("The folder of a finished run.", valueName: "folder"),
    completion: .directory)
  var folder: String?
  @Option(help: ArgumentHelp("The number of a test episode of the run.", valueName: "number")) var episode:
    Int?
  @Option(help: ArgumentHelp("Whose answers; the run's own if unset.", valueName: "arm")) var arm: String?
  @Option(
    help: ArgumentHelp("The PNG file to write.", valueName: "file"), completion: .file(extensions: ["png"]))
  var output: String
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard (folder == nil) == (episode == nil), folder != nil || arm == nil else {
      throw ValidationError("--run and --episode belong together, and --arm to them.")
    }
    guard (1...200).contains(classes), (1...50).contains(images) else {
      throw ValidationError("use 1...200 classes and 1...50 images.")
    }
  }

  func run() throws {
    let console = result.console
    let path = try unoccupied(output)
    guard let folder, let episode else {
      let plan = try source.plan(data.settings + DataOptions.given(["threads": threads]))
      try refuseOutput(path, in: plan.data?.all ?? [])
      var choice = ClassSheet.Choice()
      (choice.part, choice.classes, choice.images) = (part, classes, images)
      let sheet = try ClassSheet(of: plan.index(progress: console.progress), choice, plan)
      try writeDataFile([UInt8](sheet.png()), to: path)
      return try console.finish(
        .members([
          "file": .text(path), "classes": .integer(sheet.shown), "classes_in_all": .integer(sheet.found),
          "sets": .list(
            sheet.sets.map {
              .members([
                "name": .text($0.name), "classes": .integer($0.shown), "classes_in_all": .integer($0.found),
              ])
            }),
        ]),
        "\(path): \(sheet.shown) of \(sheet.found) classes"
          + sheet.sets.map { "; \($0.shown) of \($0.found) of \(printable($0.name))" }.joined())
    }
    let sheet = try AnsweredEpisode(
      episode, of: existing(folder), arm: arm,
      imagesAt: DataPlace(data: DataFolders(data.data), split: data.split),
      progress: console.progress)
    try writeDataFile([UInt8](sheet.png()), to: path)
    try console.finish(
      .members([
        "file": .text(path), "arm": .text(sheet.arm), "episode": .integer(episode),
        "queries": .integer(sheet.asked),
        "right": .integer(sheet.right),
      ]), "\(path): test episode \(episode), \(sheet.arm) answered \(sheet.right) of \(sheet.asked) correctly"
    )
  }
}
