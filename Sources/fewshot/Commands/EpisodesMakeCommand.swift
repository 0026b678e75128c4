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
      overwritten. With --ways 5-20 --shots variable --queries 10 episodes vary as in Meta-Dataset.

      Example: fewshot episodes make --part test --ways 5 --shots 1 --count 600 --output test.jsonl
      """)

  @OptionGroup var source: ConfigOption
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Episodes") var episode: EpisodeOptions
  @Option(help: "Which classes: train, val or test.") var part = Split.test
  @Option(help: ArgumentHelp("How many episodes.", valueName: "number")) var count = 600
  @Option(help: .field("episode-seed")) var episodeSeed: String?
  @Option(help: ArgumentHelp("The list to write.", valueName: "file"), completion: .file()) var output: String
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
    let list = try list(of: store, plan)
    try list.write(to: path)
    try console.finish(
      .members([
        "file": .text(path), "episodes": .integer(list.episodes.count),
        "data_hash": .text(list.header.dataHash),
      ]), "\(path): \(list.episodes.count) episodes over data \(list.header.dataHash.prefix(12))…")
  }

  private func list(of store: ImageStore, _ plan: Plan) throws -> EpisodeList {
    do {
      let sampler = try plan.evaluationSampler(of: store, part, plan.testShape)
      return try EpisodeList(count, from: sampler, of: store)
    } catch {
      guard case .tooFewImages(let small) = error else { throw error }
      // A run has flags of its own for each split; here every part has the same.
      guard plan.testShape.sizes == .equal else { throw error }
      let needed = plan.testShape.shots + plan.testShape.queries
      throw Failure(
        .usage,
        "Classes of the \(part.rawValue) split have too few images for \(plan.testShape.shots) shots and "
          + "\(plan.testShape.queries) queries, which take \(needed): "
          + small.items.prefix(20).map { "\(printable($0.name)) (\($0.images))" }.joined(separator: ", ")
          + (small.items.count > 20 ? " and \(small.items.count - 20) more" : "")
          + ".\nUse fewer shots (--shots) or queries (--queries), or remove these classes."
      )
    }
  }
}
