import ArgumentParser
import Episodes
import Formats
import Images
import Settings
import Training

/// The command `episodes make`.
struct EpisodesMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Draw episodes and write them as a list.",
    discussion: """
      The same data, shape and seed give the same file on every machine. An existing file is not \
      overwritten.

      Example: fewshot episodes make --part test --ways 5 --shots 1 --count 600 --output test.jsonl
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Episodes") var episode: EpisodeOptions
  @Option(help: "Which classes: train, val or test.") var part = Split.test
  @Option(help: ArgumentHelp("How many episodes.", valueName: "number")) var count = 600
  @Option(help: .field("episode-seed")) var episodeSeed: String?
  @Option(help: ArgumentHelp("The list to write.", valueName: "file")) var output: String
  @OptionGroup var result: OutputOptions

  func validate() throws {
    guard (1...10_000_000).contains(count) else {
      throw ValidationError("count is \(count), but a list has 1...10000000 episodes.")
    }
  }

  func run() throws {
    let console = result.console
    let plan = try source.plan(
      data.settings + episode.settings + EpisodeOptions.given(["episode-seed": episodeSeed]))
    let path = try unoccupied(output)
    let (_, store) = try plan.images(progress: console.progress)
    let sampler = try plan.evaluationSampler(of: store, part, plan.testShape)
    let list = try EpisodeList(count, from: sampler, of: store)
    try list.write(to: path)
    try console.finish(
      .members([
        "file": .text(path), "episodes": .integer(list.episodes.count),
        "data_hash": .text(list.header.dataHash),
      ]), "\(path): \(list.episodes.count) episodes over data \(list.header.dataHash.prefix(12))…")
  }
}
