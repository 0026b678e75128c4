import ArgumentParser
import Settings

/// How a run trains and how it is judged.
struct TrainingOptions: SettingsGroup {
  @Option(help: .field("train-ways")) var trainWays: String?
  @Option(help: .field("train-shots")) var trainShots: String?
  @Option(help: .field("train-queries")) var trainQueries: String?
  @Option(help: .field("order")) var order: String?
  @Option(help: .field("memory")) var memory: String?
  @Option(help: .field("inner-rate")) var innerRate: String?
  @Option(help: .field("meta-batch")) var metaBatch: String?
  @Option(help: .field("iterations")) var iterations: String?
  @Option(help: .field("outer-rate")) var outerRate: String?
  @Option(help: .field("clip")) var clip: String?
  @Option(help: .field("episodes")) var episodes: String?
  @Option(help: .field("validation-episodes")) var validationEpisodes: String?
  @Option(help: .field("validation-queries")) var validationQueries: String?
  @Option(help: .field("episode-seed")) var episodeSeed: String?
  @Option(help: .field("evaluation-steps")) var evaluationSteps: String?
  @Option(help: .field("robustness-episodes")) var robustnessEpisodes: String?
  @Option(help: .field("baseline")) var baseline: String?
  @Option(help: .field("threads")) var threads: String?
  @Option(help: .field("on-nonfinite")) var onNonfinite: String?
  @Option(help: .field("checkpoint-minutes")) var checkpointMinutes: String?
  @Option(help: .field("memory-limit")) var memoryLimit: String?
  @Option(help: .field("output")) var output: String?

  var settings: [Setting] {
    Self.given([
      "train-ways": trainWays, "train-shots": trainShots, "train-queries": trainQueries, "order": order,
      "memory": memory, "inner-rate": innerRate, "meta-batch": metaBatch, "iterations": iterations,
      "outer-rate": outerRate, "clip": clip, "episodes": episodes,
      "validation-episodes": validationEpisodes, "validation-queries": validationQueries,
      "episode-seed": episodeSeed, "evaluation-steps": evaluationSteps,
      "robustness-episodes": robustnessEpisodes,
      "baseline": baseline, "threads": threads, "on-nonfinite": onNonfinite,
      "checkpoint-minutes": checkpointMinutes, "memory-limit": memoryLimit, "output": output,
    ])
  }
}
