import ArgumentParser
import ConvFamilies
import Formats
import Foundation
import Images
import Kernels
import Prediction
import Settings
import Studies
import Training

/// The command `embed`.
struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the features that a trained network makes of pictures.",
    discussion: """
      Writes features.safetensors, with a row for each picture, and features.csv, with the same numbers beside file and \
      class: the folder that a picture lies in, if it lies in one. Pictures are prepared as the run prepared its own, \
      and judged one by one: a network without running statistics normalises by those of the pictures, of 256 of them \
      if there are more.

      Example: fewshot embed runs/first --images pictures --output features
      """)

  @Argument(help: ArgumentHelp("The folder of a finished run.", valueName: "run"), completion: .directory)
  var source: String
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Folders of pictures, and single files.", valueName: "path"))
  var images: [String]
  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory) var output:
    String
  @Option(help: ArgumentHelp("The arm of the run; if unset, the one it was made for.", valueName: "name"))
  var arm: String?
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var result: OutputOptions

  func run() async throws {
    let console = result.console
    let path = try unoccupied(output)
    try refuseOutput(path, in: images)
    let run = try TrainedRun.arm(named: arm, in: existing(source), families: FamilyRegistry.families)
    let plan = try pictures.applied(to: run.plan)
    try Gemm.prepare(workers: plan.workers)
    let list = try PictureList(images, flag: "--images", followsLinksOut: plan.followLinks)
    let found = try await interruptible(console.progress) {
      try await Embedding(run, of: list, plan, progress: console.progress)
    }
    for note in found.notes { console.note(note) }
    try whole(path) { draft in
      try writeDataFile([UInt8](found.tensors), to: "\(draft)/features.safetensors")
      try writeDataFile(Array(found.csv.utf8), to: "\(draft)/features.csv")
    }
    try console.finish(
      .members([
        "folder": .text(path), "arm": .text(run.arm.name), "pictures": .integer(found.items.count),
        "features": .integer(found.width), "classes": .list(found.classes.map { .text($0) }),
        "normalisation": .text(found.normalisation), "notes": .list(found.notes.map { .text($0) }),
      ]),
      "\(path): \(found.items.count) pictures, \(found.width) features each, normalised by \(found.normalisation)"
    )
  }
}
