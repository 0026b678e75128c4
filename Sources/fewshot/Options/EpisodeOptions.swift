import ArgumentParser
import Settings

/// The size of an episode.
struct EpisodeOptions: SettingsGroup {
  @Option(help: .field("ways"), completion: .field("ways")) var ways: String?
  @Option(help: .field("shots"), completion: .field("shots")) var shots: String?
  @Option(help: .field("queries"), completion: .field("queries")) var queries: String?
  @Option(help: .field("class-sampling"), completion: .field("class-sampling")) var classSampling: String?
  @Option(help: .field("short-classes"), completion: .field("short-classes")) var shortClasses: String?

  var settings: [Setting] {
    Self.given([
      "ways": ways, "shots": shots, "queries": queries, "class-sampling": classSampling,
      "short-classes": shortClasses,
    ])
  }
}
