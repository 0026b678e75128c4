import ArgumentParser
import Settings

/// How trained runs are evaluated.
struct StudyOptions: SettingsGroup {
  @Option(help: .study("suite"), completion: .study("suite")) var suite: String?
  @Option(help: .study("episodes"), completion: .study("episodes")) var episodes: String?
  @Option(help: .study("steps"), completion: .study("steps")) var steps: String?
  @Option(help: .study("robustness-episodes"), completion: .study("robustness-episodes"))
  var robustnessEpisodes: String?
  @Option(help: .study("corrupt-at"), completion: .study("corrupt-at")) var corruptAt: String?
  @Option(help: .study("conditions"), completion: .study("conditions")) var conditions: String?
  @Option(help: .study("probe-episodes"), completion: .study("probe-episodes")) var probeEpisodes: String?
  @Option(help: .study("attribution"), completion: .study("attribution")) var attribution: String?
  @Option(help: .study("attribution-episodes"), completion: .study("attribution-episodes"))
  var attributionEpisodes: String?
  @Option(help: .study("norm-statistics"), completion: .study("norm-statistics")) var normStatistics: String?
  @Option(help: .study("shift-data"), completion: .study("shift-data")) var shiftData: String?
  @Option(help: .study("test-data"), completion: .study("test-data")) var testData: String?
  @Option(help: .study("test-shots"), completion: .study("test-shots")) var testShots: String?
  @Flag(inversion: .prefixedNo, help: .toggle("skip-unreadable", of: StudySettings.self))
  var skipUnreadable: Bool?
  @Option(help: .study("on-nonfinite"), completion: .study("on-nonfinite")) var onNonfinite: String?
  @Option(help: .study("checkpoint-minutes"), completion: .study("checkpoint-minutes")) var checkpointMinutes:
    String?
  @Option(help: .study("threads"), completion: .study("threads")) var threads: String?

  var settings: [Setting] {
    Self.given([
      "suite": suite, "episodes": episodes, "steps": steps, "robustness-episodes": robustnessEpisodes,
      "corrupt-at": corruptAt, "conditions": conditions, "probe-episodes": probeEpisodes,
      "attribution": attribution, "attribution-episodes": attributionEpisodes,
      "norm-statistics": normStatistics, "shift-data": shiftData, "test-data": testData,
      "test-shots": testShots,
      "skip-unreadable": skipUnreadable.map { "\($0)" }, "on-nonfinite": onNonfinite,
      "checkpoint-minutes": checkpointMinutes, "threads": threads,
    ])
  }
}
