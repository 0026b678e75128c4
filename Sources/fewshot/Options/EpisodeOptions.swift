import ArgumentParser
import Settings

/// The size of an episode.
struct EpisodeOptions: SettingsGroup {
  @Option(help: .field("ways"), completion: .field("ways")) var ways: String?
  @Option(help: .field("shots"), completion: .field("shots")) var shots: String?
  @Option(help: .field("queries"), completion: .field("queries")) var queries: String?

  var settings: [Setting] { Self.given(["ways": ways, "shots": shots, "queries": queries]) }
}
