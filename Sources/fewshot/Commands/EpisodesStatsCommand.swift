import ArgumentParser
import Episodes
import Formats
import Images

/// The command `episodes stats`.
struct EpisodesStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Summarise a list without its images.",
    discussion: "Example: fewshot episodes stats episodes/glyphs-test-5w1s-seed7.jsonl")

  @Argument(help: ArgumentHelp("The list.", valueName: "file")) var list: String
  @OptionGroup var result: OutputOptions

  func run() throws {
    let list = try EpisodeList(contentsOf: existing(list))
    let (header, shape) = (list.header, list.header.shape)
    let uses = Usage(list.episodes.flatMap(\.classes))
    let support = Usage(list.episodes.flatMap { $0.support.joined() })
    let query = Usage(list.episodes.flatMap { $0.query.joined() })
    let named = [("classes", uses), ("support images", support), ("query images", query)]
    try result.console.finish(
      .members([
        "file": .text(self.list), "data_hash": .text(header.dataHash), "split": .text(header.split.rawValue),
        "ways": .integer(shape.ways), "shots": .integer(shape.shots), "queries": .integer(shape.queries),
        "seed": .digits("\(header.seed)"), "rotations": .text(header.rotations.rawValue),
        "episodes": .integer(list.episodes.count), "classes": uses.document,
        "support_images": support.document, "query_images": query.document,
      ]),
      """
      \(list.episodes.count) episodes of \(shape.ways) ways, \(shape.shots) shots, \(shape.queries) queries
      \(header.split.rawValue) split, rotations \(header.rotations.rawValue), seed \(header.seed)
      data \(header.dataHash)

      \(TextTable(["used", "different", "fewest times", "most times"], named.map { $0.1.row($0.0) }).text)
      """)
  }
}

/// How often different things occur.
private struct Usage {
  let different: Int
  let fewest: Int
  let most: Int

  init(_ names: [String]) {
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).values
    different = counts.count
    fewest = counts.min() ?? 0
    most = counts.max() ?? 0
  }

  var document: JSONValue {
    .members(["different": .integer(different), "fewest_uses": .integer(fewest), "most_uses": .integer(most)])
  }

  func row(_ name: String) -> [String] { [name] + [different, fewest, most].map(TextTable.grouped) }
}
