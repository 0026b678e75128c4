import ArgumentParser
import Settings

/// How trained runs are evaluated.
struct StudyOptions: SettingsGroup {
  @Option(help: .field("suite", of: StudySettings.self)) var suite: String?
  @Option(help: .field("episodes", of: StudySettings.self)) var episodes: String?
  @Option(help: .field("steps", of: StudySettings.self)) var steps: String?
  @Option(help: .field("robustness-episodes", of: StudySettings.self)) var robustnessEpisodes: String?
  @Option(help: .field("conditions", of: StudySettings.self)) var conditions: String?
  @Option(help: .field("probe-episodes", of: StudySettings.self)) var probeEpisodes: String?
  @Option(help: .field("norm-statistics", of: StudySettings.self)) var normStatistics: String?
  @Option(help: .field("shift-data", of: StudySettings.self)) var shiftData: String?
  @Option(help: .field("on-nonfinite", of: StudySettings.self)) var onNonfinite: String?
  @Option(help: .field("checkpoint-minutes", of: StudySettings.self)) var checkpointMinutes: String?
  @Option(help: .field("threads", of: StudySettings.self)) var threads: String?

  var settings: [Setting] {
    Self.given([
      "suite": suite, "episodes": episodes, "steps": steps, "robustness-episodes": robustnessEpisodes,
      "conditions": conditions, "probe-episodes": probeEpisodes,
      "norm-statistics": normStatistics, "shift-data": shiftData, "on-nonfinite": onNonfinite,
      "checkpoint-minutes": checkpointMinutes, "threads": threads,
    ])
  }
}
