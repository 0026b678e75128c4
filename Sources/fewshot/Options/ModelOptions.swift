import ArgumentParser
import Settings

/// What is trained and what of it adapts.
struct ModelOptions: SettingsGroup {
  @Option(help: .field("family"), completion: .field("family")) var family: String?
  @Option(help: .field("option"), completion: .field("option")) var option: [String] = []
  @Option(help: .field("adapt"), completion: .field("adapt")) var adapt: String?
  @Option(help: .field("adapt-budget"), completion: .field("adapt-budget")) var adaptBudget: String?
  @Option(help: .field("head"), completion: .field("head")) var head: String?
  @Option(help: .field("head-option"), completion: .field("head-option")) var headOption: [String] = []
  @Option(help: .field("pixel-statistics"), completion: .field("pixel-statistics")) var pixelStatistics:
    String?
  @Option(help: .field("backbone"), completion: .field("backbone")) var backbone: String?
  @Option(help: .field("filters"), completion: .field("filters")) var filters: String?
  @Option(help: .field("learner"), completion: .field("learner")) var learner: String?
  @Option(help: .field("inner-steps"), completion: .field("inner-steps")) var innerSteps: String?
  @Option(help: .field("seed"), completion: .field("seed")) var seed: String?

  var settings: [Setting] {
    Self.given([
      "family": family, "adapt": adapt, "adapt-budget": adaptBudget, "head": head,
      "pixel-statistics": pixelStatistics, "backbone": backbone,
      "filters": filters,
      "learner": learner, "inner-steps": innerSteps, "seed": seed,
    ]) + option.map { Setting("option", $0) } + headOption.map { Setting("head-option", $0) }
  }
}
