public import Networks

extension Plan {
  /// All fields, in the order of help and of the saved configuration.
  public static let fields: [PlanField] = [
    PlanField("data", \.data, .text("a folder"), "folder of images by class; without it the built-in glyphs"),
    PlanField(
      "split", \.split, .text("auto or a split file"),
      "how classes become train, validation, test"),
    PlanField("split-seed", \.splitSeed, .seed, "where a drawn division of the classes comes from"),
    PlanField("image-size", \.imageSize, .integer(4...1024), "side of the images; unset 28 grey, 32 colour"),
    PlanField("channels", \.channels, .channels, "1 for grey images, 3 for colour"),
    PlanField("invert", \.invert, .flag, "whether dark becomes light; unset for grey images only"),
    PlanField("resize", \.resize, .choice, "how images are resized"),
    PlanField("rotations", \.rotations, .choice, "right-angle turns: as classes, drawn per episode, or none"),
    PlanField("skip-unreadable", \.skipUnreadable, .flag, "leave unreadable images out and count them"),

    PlanField("ways", \.ways, .integer(2...1000), "classes in an episode"),
    PlanField("shots", \.shots, .integer(1...1000), "support images per class"),
    PlanField("queries", \.queries, .integer(1...1000), "query images per class in evaluation"),
    PlanField("train-ways", \.trainWays, .integer(2...1000), "classes in a training episode; unset as ways"),
    PlanField("train-shots", \.trainShots, .integer(1...1000), "shots in training; unset as shots"),
    PlanField(
      "train-queries", \.trainQueries, .integer(1...1000), "queries in training; unset the learner's"),

    PlanField("family", \.family, .text("a family"), "convolution family; see fewshot families"),
    PlanField("option", pairs: \.options, "a setting of the family, such as atoms=6"),
    PlanField(
      "adapt", \.adapt, .text("roles"),
      "what the inner loop changes: roles joined by +, as in atoms+norm@2-4; or all, none, random:100"),
    PlanField("head", \.head, .choice, "whether a MAML head adapts unasked"),
    PlanField("backbone", \.backbone, .text("a backbone"), "body of the network; see fewshot backbones"),
    PlanField(
      "filters", \.filters, .integer(1...4096),
      "channels of its first layers; unset 32, residual as published"),

    PlanField("learner", \.learner, .choice, "what makes the scores of a task"),
    PlanField("order", \.order, .choice, "first-order or exact (second) meta-gradients"),
    PlanField("memory", \.memory, .choice, "keep all inner steps, or re-record them in one step's memory"),
    PlanField(
      "inner-steps", \.innerSteps, .integer(0...100), "steps in training; unset MAML 2, prototypes 0"),
    PlanField("inner-rate", \.innerRate, .rate, "inner rates, on the mean cross-entropy"),
    PlanField("meta-batch", \.metaBatch, .integer(1...10_000), "episodes per update"),
    PlanField("iterations", \.iterations, .integer(0...100_000_000), "updates"),
    PlanField("outer-rate", \.outerRate, .positive(through: 10), "Adam's step size at the start"),
    PlanField("clip", \.clip, .positive(through: 1e9), "largest global norm of a gradient"),

    PlanField("episodes", \.episodes, .integer(2...10_000_000), "test episodes"),
    PlanField(
      "validation-episodes", \.validationEpisodes, .integer(2...10_000_000), "validation episodes"),
    PlanField(
      "validation-queries", \.validationQueries, .integer(1...1000), "query images per class in validation"),
    PlanField("episode-seed", \.episodeSeed, .seed, "where validation and test episodes come from"),
    PlanField(
      "evaluation-steps", \.evaluationSteps, .integer(0...1000), "last inner step of the adaptation curve"),
    PlanField("baseline", \.baseline, .choice, "the arm to compare with"),

    PlanField("seed", \.seed, .seed, "where all randomness comes from"),
    PlanField("threads", \.threads, .integer(1...1024), "workers; unset one per core"),
    PlanField("on-nonfinite", \.onNonfinite, .choice, "what follows a NaN or Inf in a task"),
    PlanField(
      "checkpoint-minutes", \.checkpointMinutes, .positive(through: 1e6),
      "most minutes of training that a kill can cost"),
    PlanField(
      "memory-limit", \.memoryLimit, .positive(through: 1e6), "most memory in GiB; unset what the machine has"
    ),
    PlanField("output", \.output, .text("a folder"), "the run's folder; unset one below runs"),
  ]

  /// The field of a key, if there is one; `options` is another word for `option`.
  public static func field(_ key: String) -> PlanField? {
    fields.first { $0.key == key || ($0.isRepeatable && $0.key + "s" == key) }
  }

  /// Sets a field by its key.
  ///
  /// - Parameters:
  ///   - key: The name of its flag.
  ///   - text: The value as a user writes it; a pair of a repeatable field joins those it has.
  /// - Throws: If there is no such field, naming the nearest, or the value is not valid.
  public mutating func set(_ key: String, to text: String) throws(ConfigurationError) {
    guard let field = Self.field(key) else {
      let nearest = NearestName.of(key, among: Self.fields.map(\.key))
      throw ConfigurationError(
        field: key, value: text, reason: "there is no setting of this name",
        remedy: nearest.map { "The nearest name is \($0)" } ?? "fewshot run --help lists the names")
    }
    try field.read(&self, text)
  }

  /// Sets several fields by their keys, in order.
  ///
  /// - Parameter settings: Keys and values as a user writes them.
  /// - Throws: As for one.
  public mutating func apply(_ settings: [Setting]) throws(ConfigurationError) {
    for setting in settings { try set(setting.key, to: setting.text) }
  }

  /// What a field of the main job is set to, for help; nil if it is not set.
  public static func defaultText(of key: String) -> String? {
    field(key)?.write(Plan())?.plainText
  }
}

/// One field as a user set it.
public struct Setting: Hashable, Sendable {
  /// The name of its flag.
  public let key: String
  /// The value as it was written.
  public let text: String

  /// A key and its value.
  public init(_ key: String, _ text: String) {
    self.key = key
    self.text = text
  }
}
