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

  @Argument(help: ArgumentHelp("The list.", valueName: "file"), completion: .file()) var list: String
  @OptionGroup var result: OutputOptions

  func run() throws {
    let list = try EpisodeList(contentsOf: existing(list))
    let (header, shape) = (list.header, list.header.shape)
    let uses = Usage(list.episodes.flatMap(\.classes))
    let support = Usage(list.episodes.flatMap { $0.support.joined() })
    let query = Usage(list.episodes.flatMap { $0.query.joined() })
    let named = [("classes", uses), ("support images", support), ("query images", query)]
    let sizes = [
      ("ways", "classes", Spread(list.episodes.map(\.classes.count))),
      ("support_images", "support images", Spread(list.episodes.map { $0.support.joined().count })),
      (
        "support_images_of_class", "support images of a class",
        Spread(list.episodes.flatMap { $0.support.map(\.count) })
      ),
      ("query_images", "query images", Spread(list.episodes.map { $0.query.joined().count })),
    ].map { (name: $0.0, words: $0.1, spread: $0.2) }
    try result.console.finish(
      .members([
        "file": .text(self.list), "data_hash": .text(header.dataHash), "split": .text(header.split.rawValue),
        "ways": .integer(shape.ways), "shots": .integer(shape.shots), "queries": .integer(shape.queries),
        "fewest_ways": .integer(shape.fewestWays), "sizes": .text(shape.sizes.rawValue),
        "sampling": .text(shape.sampling.rawValue),
        "seed": .digits("\(header.seed)"), "rotations": .text(header.rotations.rawValue),
        "episodes": .integer(list.episodes.count), "classes": uses.document,
        "support_images": support.document, "query_images": query.document,
        "sizes_of_episodes": .object(sizes.map { .init($0.name, $0.spread.document) }),
      ]),
      """
      \(list.episodes.count) episodes of \(shape.words)
      \(header.split.rawValue) split, rotations \(header.rotations.rawValue), seed \(header.seed)
      data \(header.dataHash)

      \(TextTable(["used", "different", "fewest times", "most times"], named.map { $0.1.row($0.0) }).text)
      \(shape.isPlain ? "" : "\n" + TextTable(["of an episode", "fewest", "mean", "most"], sizes.map { $0.spread.row($0.words) }).text)
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

/// The least, the mean and the largest of some counts.
private struct Spread {
  let fewest: Int
  let mean: Double
  let most: Int

  init(_ counts: [Int]) {
    fewest = counts.min() ?? 0
    mean = Double(counts.reduce(0, +)) / Double(max(1, counts.count))
    most = counts.max() ?? 0
  }

  var document: JSONValue {
    .members(["fewest": .integer(fewest), "mean": .number(mean), "most": .integer(most)])
  }

  func row(_ name: String) -> [String] {
    [name, TextTable.grouped(fewest), TextTable.fixed(mean, 1), TextTable.grouped(most)]
  }
}
