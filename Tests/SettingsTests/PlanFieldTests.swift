import ConvFamilies
import Episodes
import Formats
import Networks
import Settings
import Testing

/// A valid value for every field, none of them the default.
private let settings = [
  Setting("data", "images"), Setting("split", "splits.csv"), Setting("split-seed", "3"),
  Setting("image-size", "32"),
  Setting("channels", "3"), Setting("invert", "false"), Setting("crop", "0.875"),
  Setting("resize", "nearest"),
  Setting("rotations", "class"), Setting("skip-unreadable", "true"), Setting("follow-links", "true"),
  Setting("ways", "20"),
  Setting("shots", "5"), Setting("queries", "4"), Setting("train-ways", "10"), Setting("train-shots", "2"),
  Setting("train-queries", "3"), Setting("class-sampling", "folder"), Setting("short-classes", "use"),
  Setting("family", "standard"), Setting("option", "atoms=9"),
  Setting("adapt", "norm@2-4+head"), Setting("adapt-budget", "162"), Setting("head", "shared"),
  Setting("head-option", "lambda=2"),
  Setting("initial", "runs/pretrained"),
  Setting("running-statistics", "true"), Setting("pixel-statistics", "0.5,0.4,0.3/0.25,0.2,0.1"),
  Setting("backbone", "conv4"),
  Setting("filters", "48"), Setting("learner", "prototypical"), Setting("order", "first"),
  Setting("memory", "checkpointed"), Setting("inner-steps", "3"),
  Setting("inner-optimizer", "adam"), Setting("inner-rate", "0.05"),
  Setting("tie-rates", "true"), Setting("elementwise-rates", "true"), Setting("step-norms", "true"),
  Setting("rate-trials", "6"), Setting("multi-step-loss", "true"),
  Setting("multi-step-updates", "40"), Setting("first-order-updates", "9"),
  Setting("meta-batch", "4"), Setting("iterations", "7"), Setting("outer-rate", "0.001"),
  Setting("clip", "0.5"), Setting("batch-size", "32"), Setting("batch-parts", "2"),
  Setting("optimizer", "adamw"),
  Setting("momentum", "0.8"), Setting("nesterov", "false"), Setting("weight-decay", "0.01"),
  Setting("decay-roles", "kernels+head"), Setting("label-smoothing", "0.1"), Setting("schedule", "step"),
  Setting("warm-up", "5"), Setting("classifier", "cosine"), Setting("augment", "crop+cutout"),
  Setting("averaging", "0.99"), Setting("held-out", "0.2"), Setting("episodes", "30"),
  Setting("validation-episodes", "20"),
  Setting("validation-queries", "6"), Setting("episode-seed", "9"), Setting("evaluation-steps", "6"),
  Setting("robustness-episodes", "20"), Setting("attribution-episodes", "30"),
  Setting("corrupt-at", "original"),
  Setting("baseline", "none"), Setting("seed", "18446744073709551615"),
  Setting("threads", "2"), Setting("on-nonfinite", "skip"), Setting("checkpoint-minutes", "0.5"),
  Setting("memory-limit", "3"), Setting("tensorboard", "true"), Setting("output", "runs/ü \"quoted\""),
]

@Suite struct PlanFieldTests {
  @Test("the table above has every field, in order")
  func complete() {
    #expect(settings.map(\.key) == Plan.fields.map(\.key))
  }

  @Test("setting a field changes the plan and prints in its configuration", arguments: settings)
  func setting(_ setting: Setting) throws {
    var plan = Plan()
    try plan.set(setting.key, to: setting.text)
    #expect(plan != Plan())
    #expect(plan.resolvedConfiguration.contains { $0.key == setting.key })
    #expect(plan.resolvedConfiguration.filter { $0.key != setting.key } == others(than: setting.key))
  }

  @Test("ranges of ways and variable shots are written as they are read")
  func ranges() throws {
    var plan = Plan()
    try plan.apply([
      Setting("ways", "5-20"), Setting("shots", "variable"), Setting("train-ways", "3-20"),
      Setting("train-shots", "variable"),
    ])
    #expect(plan.wayRange == WayRange(from: 5, to: 20) && plan.ways == 20 && plan.shotRule == .variable)
    #expect(plan.trainingShape.fewestWays == 3 && plan.trainingShape.sizes == .variable)
    #expect(try ConfigurationFile(plan.configurationText(), from: "config.json").applied(to: Plan()) == plan)
    try plan.set("ways", to: "7")
    #expect(plan.wayRange == WayRange(7) && plan.testShape.fewestWays == 7)
  }

  private func others(than key: String) -> [JSONValue.Member] {
    Plan().resolvedConfiguration.filter { $0.key != key }
  }

  @Test("a saved configuration reads back as the same plan but for its folder, whatever it notes beside it")
  func roundTrip() throws {
    var plan = Plan()
    try plan.apply(settings)
    var expected = plan
    expected.output = nil
    let note = JSONValue.Member("host", .text("a: {b}"))
    for text in [plan.configurationText(), plan.configurationText(environment: [note])] {
      #expect(try ConfigurationFile(text, from: "config.json").applied(to: Plan()) == expected)
    }
    #expect(
      try ConfigurationFile(Plan().configurationText(), from: "config.json").applied(to: Plan()) == Plan())
  }

  @Test(
    "an invalid value is refused by its field's name",
    arguments: [
      ("ways", "1"), ("ways", "20-5"), ("ways", "1-5"), ("ways", "5-"), ("ways", "2-3-4"), ("ways", "5-1001"),
      ("shots", "varied"), ("shots", "1-5"), ("class-sampling", "folders"), ("short-classes", "keep"),
      ("ways", "five"), ("ways", "5.0"), ("shots", "0"), ("queries", "-1"),
      ("channels", "2"), ("invert", "yes"), ("rotations", "90"), ("inner-rate", "0"), ("inner-rate", "nan"),
      ("outer-rate", "-1"), ("outer-rate", "inf"), ("seed", "-1"), ("threads", "0"), ("option", "atoms"),
      ("option", "=6"), ("data", ""), ("learner", "MAML"), ("clip", "0"),
      ("image-size", "9999999999999999999"),
    ])
  func invalid(_ key: String, _ text: String) {
    var plan = Plan()
    #expect {
      try plan.set(key, to: text)
    } throws: {
      let error = $0 as? ConfigurationError
      return error?.field == key && error?.value == text
    }
    #expect(plan == Plan())
  }

  @Test(
    "an unknown name is answered with the nearest",
    arguments: [
      ("way", "ways"), ("wyas", "ways"), ("innersteps", "inner-steps"), ("metabatch", "meta-batch"),
      ("adpat", "adapt"), ("filter", "filters"), ("outer_rate", "outer-rate"), ("iteration", "iterations"),
    ])
  func nearest(_ given: String, _ meant: String) {
    var plan = Plan()
    #expect {
      try plan.set(given, to: "5")
    } throws: {
      ($0 as? ConfigurationError)?.remedy == "The nearest name is \(meant)"
    }
  }

  // One swap; two removals; kitten → sitting is the textbook's 3.
  @Test(
    "edits are counted",
    arguments: [("wyas", "ways", 1), ("abc", "a", 2), ("kitten", "sitting", 3), ("", "ab", 2)])
  func edits(_ a: String, _ b: String, _ count: Int) {
    #expect(NearestName.edits(from: a, to: b) == count)
    #expect(NearestName.edits(from: b, to: a) == count)
  }
}
