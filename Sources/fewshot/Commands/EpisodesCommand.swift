import ArgumentParser

/// The command `episodes`.
struct EpisodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "episodes",
    abstract: "Make, verify and summarise frozen episode lists.",
    discussion: "Example: fewshot episodes verify episodes/glyphs-test-5w1s-seed7.jsonl",
    subcommands: [EpisodesMakeCommand.self, EpisodesVerifyCommand.self, EpisodesStatsCommand.self])
}
