package import Evaluation
internal import Formats

/// What an evaluation of trained runs measures.
package enum Suite: String, CaseIterable, Codable, Sendable {
  /// Adaptation speed.
  case speed
  /// Robustness.
  case robustness
  /// Both.
  case all
}

/// Which conditions a robustness suite has.
package enum Conditions: String, CaseIterable, Codable, Sendable {
  /// A few of each kind.
  case short
  /// All.
  case full
}

/// Into which parts adaptation is taken apart.
package enum AttributionParts: String, CaseIterable, Codable, Sendable {
  /// Head, body, and every role alone and left out.
  case roles
  /// The same, and every role layer by layer.
  case layers
  /// Not at all.
  case none
}

/// How trained runs are evaluated: every flag of `fewshot evaluate` has a field here, and so has every key under
/// `evaluate` of an ablation's grid.
package struct StudySettings: SettingsRecord, Hashable {
  /// What is measured beside the test accuracy.
  package var suite = Suite.all
  /// Test episodes; nil for as many as the runs have.
  package var episodes: Int?
  /// Last inner step of the curves; nil for the runs' own.
  package var steps: Int?
  /// Episodes of the robustness suite, the first of the test episodes.
  package var robustnessEpisodes = 200
  /// Where it corrupts images.
  package var corruptAt = CorruptionPlace.network
  /// Its conditions.
  package var conditions = Conditions.full
  /// Episodes of the grid of rates, of the layers' change and of other shots, the first of the test episodes.
  package var probeEpisodes = 100
  /// Into which parts adaptation is taken apart.
  package var attribution = AttributionParts.roles
  /// Episodes for that, the first of the test episodes.
  package var attributionEpisodes = 200
  /// By which statistics networks normalise when they are asked about the query.
  package var normStatistics = NormalisationStatistics.batch
  /// Folders of other images to test on, joined by commas.
  package var shiftData: String?
  /// Folders of further test data, joined by commas: each gets a row in a table of its own.
  package var testData: String?
  /// Shots to test at there; nil for the runs' own.
  package var testShots: [Int]?
  /// Whether unreadable images of these folders are left out and counted instead of refused.
  package var skipUnreadable = false
  /// What to do about a NaN or infinity in a test episode; nil for what each run was told.
  package var onNonfinite: NonfiniteRule?
  /// Workers; nil for one per core.
  package var threads: Int?
  /// Most minutes of the evaluation that a kill can cost.
  package var checkpointMinutes = 0.5

  /// The full evaluation.
  package init() {}

  /// All fields.
  package static let fields: [SettingField<StudySettings>] = [
    SettingField("suite", \.suite, .choice, "what is measured beside the test accuracy"),
    SettingField(
      "episodes", \.episodes, .integer(2...10_000_000), "test episodes; if unset, as many as the runs have"),
    SettingField(
      "steps", \.steps, .integer(1...1000), "last inner step of the curves; if unset, the runs' own"),
    SettingField(
      "robustness-episodes", \.robustnessEpisodes, .integer(2...10_000_000),
      "episodes of the robustness suite, the first of the test episodes"),
    SettingField(
      "corrupt-at", \.corruptAt, .choice,
      "which image is corrupted: the resized one that the network sees, or the original"),
    SettingField("conditions", \.conditions, .choice, "a few conditions of each kind, or all"),
    SettingField(
      "probe-episodes", \.probeEpisodes, .integer(2...10_000_000),
      "episodes for the grid of rates, the change of layers and other shots"),
    SettingField(
      "attribution", \.attribution, .choice,
      "take adaptation apart by roles, by roles and layers, or not at all"),
    SettingField(
      "attribution-episodes", \.attributionEpisodes, .integer(2...10_000_000),
      "episodes for that, the first of the test episodes"),
    SettingField(
      "norm-statistics", \.normStatistics, .choice,
      "what a query is normalised by: its own batch, the support, or means over training episodes"),
    SettingField(
      "shift-data", \.shiftData, .text("a folder"), "folders of other images to test on, joined by commas"),
    SettingField(
      "test-data", \.testData, .text("a folder"),
      "folders of further test data, joined by commas, for a table of accuracies by data set and shots"),
    SettingField(
      "test-shots", \.testShots, .numbers(1...1000),
      "shots to test at there, joined by commas, such as 5,20,50; if unset, the runs' own"),
    SettingField(
      "skip-unreadable", \.skipUnreadable, .flag,
      "leave unreadable images of shift-data and test-data out and count them"),
    SettingField(
      "on-nonfinite", \.onNonfinite, .choice,
      "what to do about a NaN or infinity in a test episode: not report its training, or leave the episode out for all arms; "
        + "if unset, what each run was told"),
    SettingField(
      "checkpoint-minutes", \.checkpointMinutes, .positive(through: 1e6),
      "most minutes of the evaluation that a kill can cost", scope: .nothing),
    SettingField(
      "threads", \.threads, .integer(1...1024), "workers; if unset, one per core that the process may use",
      scope: .nothing),
  ]
}

extension StudySettings {
  /// The command that evaluates some runs with these settings.
  ///
  /// - Parameters:
  ///   - folders: Those of the runs.
  ///   - place: Where their images are now, if it was said.
  /// - Returns: Every setting that is not the default, except where and how it ran.
  package func command(evaluating folders: [String], imagesAt place: DataPlace = DataPlace()) -> String {
    let defaults = StudySettings()
    let flags = Self.fields.compactMap { field -> String? in
      guard field.scope != .nothing, let value = field.write(self), value != field.write(defaults)
      else {
        return nil
      }
      if case .flag(let isOn) = value { return isOn ? "--\(field.key)" : "--no-\(field.key)" }
      return "--\(field.key) " + shellQuoted(value.plainText)
    }
    let places =
      (place.data?.all ?? []).map { "--data \(shellQuoted($0))" }
      + (place.split.map { ["--split \(shellQuoted($0))"] } ?? [])
    return (["fewshot evaluate"] + folders.map(shellQuoted) + places + flags).joined(separator: " ")
  }
}
