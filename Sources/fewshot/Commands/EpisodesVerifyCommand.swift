import ArgumentParser
import Episodes
import Formats
import Training

/// The command `episodes verify`.
struct EpisodesVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a list against the images it names.",
    discussion: """
      The data must be those the list was made for, every image must be one of its class, and support and \
      query may share none, by path or by content.

      Example: fewshot episodes verify episodes/glyphs-test-5w1s-seed7.jsonl
      """)

  @Argument(help: ArgumentHelp("The list.", valueName: "file"), completion: .file()) var list: String
  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup var result: OutputOptions

  func run() throws {
    let console = result.console
    let list = try EpisodeList(contentsOf: existing(list))
    let (_, store) = try source.plan(data.settings).images(progress: console.progress)
    do {
      try list.verify(against: store)
    } catch {
      throw Failure(.badData, "\(self.list): \(error)")
    }
    try console.finish(
      .members([
        "file": .text(self.list), "valid": .flag(true), "episodes": .integer(list.episodes.count),
        "data_hash": .text(list.header.dataHash),
      ]), "\(self.list): all \(list.episodes.count) episodes are valid.")
  }
}
