import ArgumentParser
import Settings

/// How a run trains and how it is judged.
struct TrainingOptions: SettingsGroup {
  @Option(help: .field("initial"), completion: .field("initial")) var initial: String?
  @Flag(inversion: .prefixedNo, help: .toggle("running-statistics")) var runningStatistics: Bool?
  @Option(help: .field("train-ways"), completion: .field("train-ways")) var trainWays: String?
  @Option(help: .field("train-shots"), completion: .field("train-shots")) var trainShots: String?
  @Option(help: .field("train-queries"), completion: .field("train-queries")) var trainQueries: String?
  @Option(help: .field("order"), completion: .field("order")) var order: String?
  @Option(help: .field("memory"), completion: .field("memory")) var memory: String?
  @Option(help: .field("inner-rate"), completion: .field("inner-rate")) var innerRate: String?
  @Flag(inversion: .prefixedNo, help: .toggle("tie-rates")) var tieRates: Bool?
  @Flag(inversion: .prefixedNo, help: .toggle("elementwise-rates")) var elementwiseRates: Bool?
  @Option(help: .field("inner-optimizer"), completion: .field("inner-optimizer")) var innerOptimizer: String?
  @Flag(inversion: .prefixedNo, help: .toggle("step-norms")) var stepNorms: Bool?
  @Option(help: .field("rate-trials"), completion: .field("rate-trials")) var rateTrials: String?
  @Flag(inversion: .prefixedNo, help: .toggle("multi-step-loss")) var multiStepLoss: Bool?
  @Option(help: .field("multi-step-updates"), completion: .field("multi-step-updates")) var multiStepUpdates:
    String?
  @Option(help: .field("first-order-updates"), completion: .field("first-order-updates"))
  var firstOrderUpdates: String?
  @Option(help: .field("meta-batch"), completion: .field("meta-batch")) var metaBatch: String?
  @Option(help: .field("iterations"), completion: .field("iterations")) var iterations: String?
  @Option(help: .field("outer-rate"), completion: .field("outer-rate")) var outerRate: String?
  @Option(help: .field("clip"), completion: .field("clip")) var clip: String?
  @Option(help: .field("episodes"), completion: .field("episodes")) var episodes: String?
  @Option(help: .field("validation-episodes"), completion: .field("validation-episodes"))
  var validationEpisodes: String?
  @Option(help: .field("validation-queries"), completion: .field("validation-queries")) var validationQueries:
    String?
  @Option(help: .field("episode-seed"), completion: .field("episode-seed")) var episodeSeed: String?
  @Option(help: .field("evaluation-steps"), completion: .field("evaluation-steps")) var evaluationSteps:
    String?
  @Option(help: .field("robustness-episodes"), completion: .field("robustness-episodes"))
  var robustnessEpisodes: String?
  @Option(help: .field("attribution-episodes"), completion: .field("attribution-episodes"))
  var attributionEpisodes: String?
  @Option(help: .field("corrupt-at"), completion: .field("corrupt-at")) var corruptAt: String?
  @Option(help: .field("baseline"), completion: .field("baseline")) var baseline: String?
  @Option(help: .field("threads"), completion: .field("threads")) var threads: String?
  @Option(help: .field("on-nonfinite"), completion: .field("on-nonfinite")) var onNonfinite: String?
  @Option(help: .field("checkpoint-minutes"), completion: .field("checkpoint-minutes")) var checkpointMinutes:
    String?
  @Option(help: .field("memory-limit"), completion: .field("memory-limit")) var memoryLimit: String?
  @Flag(inversion: .prefixedNo, help: .toggle("tensorboard")) var tensorboard: Bool?
  @Option(help: .field("output"), completion: .field("output")) var output: String?

  var settings: [Setting] {
    Self.given([
      "initial": initial, "running-statistics": runningStatistics.map { "\($0)" },
      "train-ways": trainWays, "train-shots": trainShots, "train-queries": trainQueries, "order": order,
      "memory": memory, "inner-rate": innerRate, "tie-rates": tieRates.map { "\($0)" },
      "elementwise-rates": elementwiseRates.map { "\($0)" }, "inner-optimizer": innerOptimizer,
      "step-norms": stepNorms.map { "\($0)" }, "rate-trials": rateTrials,
      "multi-step-loss": multiStepLoss.map { "\($0)" },
      "multi-step-updates": multiStepUpdates, "first-order-updates": firstOrderUpdates,
      "meta-batch": metaBatch, "iterations": iterations,
      "outer-rate": outerRate, "clip": clip, "episodes": episodes,
      "validation-episodes": validationEpisodes, "validation-queries": validationQueries,
      "episode-seed": episodeSeed, "evaluation-steps": evaluationSteps,
      "robustness-episodes": robustnessEpisodes, "attribution-episodes": attributionEpisodes,
      "corrupt-at": corruptAt,
      "baseline": baseline, "threads": threads, "on-nonfinite": onNonfinite,
      "checkpoint-minutes": checkpointMinutes, "memory-limit": memoryLimit,
      "tensorboard": tensorboard.map { "\($0)" }, "output": output,
    ])
  }
}
