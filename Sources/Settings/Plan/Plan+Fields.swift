internal import Episodes
internal import Images
internal import MetaLearning
internal import Networks

extension Plan: SettingsRecord {
  /// All fields, in the order of help and of the saved configuration.
  package static let fields: [PlanField] = [
    PlanField(
      "data", \.data, .folders,
      "folder of images by class, given several times for the union of several; without it the built-in glyphs",
      scope: .episodes),
    PlanField(
      "split", \.split, .text("auto or a split file"), "how classes become train, validation, test",
      scope: .episodes),
    PlanField(
      "split-seed", \.splitSeed, .seed, "where a drawn division of the classes comes from", scope: .episodes
    ),
    PlanField(
      "image-size", \.imageSize, .integer(4...1024),
      "side of the images in pixels; if unset, 28 for grey and 32 for colour",
      scope: .episodes),
    PlanField("channels", \.channels, .channels, "1 for grey images, 3 for colour", scope: .episodes),
    PlanField(
      "invert", \.invert, .flag, "whether dark becomes light; if unset, for grey images only",
      scope: .episodes),
    PlanField(
      "crop", \.crop, .crop,
      "what of an image becomes the square: all of it, or the middle square of so much of its shorter side",
      scope: .episodes),
    PlanField("resize", \.resize, .choice, "how images are resized", scope: .episodes),
    PlanField(
      "rotations", \.rotations, .choice, "right-angle turns: as classes, drawn per episode, or none",
      scope: .episodes),
    PlanField(
      "skip-unreadable", \.skipUnreadable, .flag, "leave unreadable images out and count them",
      scope: .episodes),
    PlanField(
      "follow-links", \.followLinks, .flag,
      "follow links that lead out of the folder of images; do so only for data you trust",
      scope: .nothing),

    PlanField(
      "ways", \.wayRange, .ways, "classes in an episode, or a range that each draws from", scope: .episodes),
    PlanField(
      "shots", \.shotRule, .shots, "support images per class, or variable by the rules of Meta-Dataset",
      scope: .episodes),
    PlanField(
      "queries", \.queries, .integer(1...1000), "query images per class in evaluation", scope: .episodes),
    PlanField(
      "train-ways", \.trainWayRange, .ways, "classes in a training episode; if unset, as ways"),
    PlanField("train-shots", \.trainShotRule, .shots, "shots in training; if unset, as shots"),
    PlanField(
      "train-queries", \.trainQueries, .integer(1...1000),
      "queries in training; if unset, the learner's default"),
    PlanField(
      "class-sampling", \.classSampling, .choice,
      "draw the classes of an episode from the whole split, or from one folder of it", scope: .episodes),
    PlanField(
      "short-classes", \.shortClasses, .choice,
      "refuse data in which a class has too few images, or use what such a class has", scope: .episodes),

    PlanField("family", \.family, .text("a family"), "convolution family; see fewshot families"),
    PlanField(
      "option", pairs: \.options, "a setting of the family, such as atoms=6",
      example: "atoms=6; fewshot families lists the names"),
    PlanField(
      "adapt", \.adapt, .text("roles"),
      "what the inner loop changes: roles joined by +, as in atoms+norm@2-4; or all, none, random:100"),
    PlanField(
      "adapt-budget", \.adaptBudget, .integer(1...1_000_000_000),
      "numbers of the body that adapt in every arm: chooses the rank, the atoms or K of random that come nearest"
    ),
    PlanField(
      "head", \.head, .choice,
      "how classes are told apart: by a linear head that adapts from learned rows, not at all, from class means, or "
        + "from one vector for all classes; or by a rule: \(HeadRegistry.summaries)"),
    PlanField(
      "head-option", pairs: \.headOptions, "a setting of the head, such as lambda=1 of ridge",
      example: "lambda=1 with head ridge"),
    PlanField(
      "initial", \.initial, .text("a run's folder or a checkpoint"),
      "start from the network of a finished run, or of a checkpoint; another family is fitted to it; {seed} stands for the seed"
    ),
    PlanField(
      "running-statistics", \.runningStatistics, .flag,
      "normalise by the running statistics of the start; if unset, where it has some"),
    PlanField(
      "pixel-statistics", \.pixelStatistics, .pixelStatistics,
      "mean and deviation by which the network normalises pixels of 0 to 1; if unset, those of the start, or none"
    ),
    PlanField("backbone", \.backbone, .text("a backbone"), "body of the network; see fewshot backbones"),
    PlanField(
      "filters", \.filters, .integer(1...4096),
      "channels of its first layers; if unset, 32, or as published for residual networks"),

    PlanField("learner", \.learner, .choice, "how the scores of a task are computed"),
    PlanField("order", \.order, .choice, "first-order or exact (second) meta-gradients"),
    PlanField(
      "memory", \.memory, .memory, "keep all inner steps, or recompute them in the memory of one step"),
    PlanField(
      "inner-steps", \.innerSteps, .integer(0...100),
      "steps in training; if unset, 2 for MAML, 5 for Reptile and 0 for prototypes"),
    PlanField(
      "inner-optimizer", \.innerOptimizer, .choice,
      "what turns inner gradients into steps: sgd; or, where training does not differentiate them, momentum or adam"
    ),
    PlanField("inner-rate", \.innerRate, .rate, "inner rates, for the gradient of the mean cross-entropy"),
    PlanField("tie-rates", \.tieRates, .flag, "one inner rate per tensor for all steps"),
    PlanField(
      "elementwise-rates", \.elementwiseRates, .flag,
      "one inner rate for every number that adapts, the same in all steps (Meta-SGD)"),
    PlanField(
      "step-norms", \.stepNorms, .flag,
      "normalisations scale and shift by other learned numbers after every inner step (MAML++)"),
    PlanField(
      "rate-trials", \.rateTrials, .integer(0...1000),
      "inner rates tried before training, for every arm as many, and half as many again after some updates"),
    PlanField(
      "multi-step-loss", \.multiStepLoss, .flag, "count the query loss after every inner step in training"),
    PlanField(
      "multi-step-updates", \.multiStepUpdates, .integer(0...100_000_000),
      "updates over which that moves to the last step; 0 for never; if unset, a tenth of all"),
    PlanField(
      "first-order-updates", \.firstOrderUpdates, .integer(0...100_000_000),
      "updates at the start with first-order gradients"),
    PlanField("meta-batch", \.metaBatch, .integer(1...10_000), "episodes per update"),
    PlanField("iterations", \.iterations, .integer(0...100_000_000), "updates"),
    PlanField(
      "outer-rate", \.outerRate, .positive(through: 10),
      "step size at the start: Adam's, or with learner supervised the optimizer's"),
    PlanField("clip", \.clip, .positive(through: 1e9), "largest global norm of a gradient"),

    PlanField(
      "batch-size", \.supervision.batchSize, .integer(2...100_000),
      "images in an update of learner supervised; if unset, 64"),
    PlanField(
      "batch-parts", \.supervision.batchParts, .integer(1...10_000),
      "parts of such a batch that are normalised by themselves, for several workers or processes; if unset, 1"
    ),
    PlanField("optimizer", \.supervision.optimizer, .choice, "what makes its steps; if unset, sgd"),
    PlanField(
      "momentum", \.supervision.momentum, .number(0...0.9999),
      "share of the last step that goes on in sgd; if unset, 0.9"),
    PlanField(
      "nesterov", \.supervision.nesterov, .flag, "whether sgd looks ahead (Nesterov); if unset, it does"),
    PlanField(
      "weight-decay", \.supervision.weightDecay, .number(0...1), "penalty on weights; if unset, 0.0005"),
    PlanField(
      "decay-roles", \.supervision.decayRoles, .text("roles"),
      "roles that weight decay is for, joined by +; if unset, all but norm"),
    PlanField(
      "label-smoothing", \.supervision.labelSmoothing, .number(0...0.99),
      "what of a label is spread over all classes; if unset, 0"),
    PlanField(
      "schedule", \.supervision.schedule, .choice, "how the step size goes on; if unset, by a cosine"),
    PlanField(
      "warm-up", \.supervision.warmUp, .integer(0...100_000_000),
      "updates in which the step size grows to its start; if unset, 0"),
    PlanField(
      "classifier", \.supervision.classifier, .choice,
      "how training classes are told apart; if unset, by a linear layer"),
    PlanField(
      "augment", \.supervision.augment, .augmentation,
      "random changes of training images, joined by +, or none; if unset, crop, and flip for colour"),
    PlanField(
      "averaging", \.supervision.averaging, .number(0...0.99999),
      "what a running mean of the weights keeps at each update, and is tested; if unset, 0 for none"),
    PlanField(
      "held-out", \.supervision.heldOut, .number(0...0.9),
      "share of every training class's images kept back for validation; if unset, 0.1"),

    PlanField("episodes", \.episodes, .integer(2...10_000_000), "test episodes", scope: .testing),
    PlanField(
      "validation-episodes", \.validationEpisodes, .integer(2...10_000_000), "validation episodes"),
    PlanField(
      "validation-queries", \.validationQueries, .integer(1...1000), "query images per class in validation"),
    PlanField(
      "episode-seed", \.episodeSeed, .seed, "where validation and test episodes come from", scope: .episodes
    ),
    PlanField(
      "evaluation-steps", \.evaluationSteps, .integer(0...1000), "last inner step of the adaptation curve",
      scope: .testing),
    PlanField(
      "robustness-episodes", \.robustnessEpisodes, .integer(0...10_000_000),
      "test episodes of the short robustness test; 0 for none", scope: .testing),
    PlanField(
      "attribution-episodes", \.attributionEpisodes, .integer(0...10_000_000),
      "test episodes on which adaptation is taken apart by roles; 0 for none", scope: .testing),
    PlanField(
      "corrupt-at", \.corruptAt, .choice,
      "which image is corrupted: the resized one that the network sees, or the original", scope: .testing),
    PlanField("baseline", \.baseline, .choice, "the arm to compare with", scope: .testing),

    PlanField("seed", \.seed, .seed, "where all randomness comes from"),
    PlanField(
      "threads", \.threads, .integer(1...1024), "workers; if unset, one per core that the process may use",
      scope: .nothing),
    PlanField("on-nonfinite", \.onNonfinite, .choice, "what to do about a NaN or infinity in a task"),
    PlanField(
      "checkpoint-minutes", \.checkpointMinutes, .positive(through: 1e6),
      "most minutes of training that a kill can cost", scope: .nothing),
    PlanField(
      "memory-limit", \.memoryLimit, .positive(through: 1e6),
      "most memory in GiB; if unset, what the machine has", scope: .nothing),
    PlanField(
      "tensorboard", \.tensorboard, .flag, "write event files for TensorBoard beside the metrics",
      scope: .nothing),
    PlanField(
      "output", \.output, .text("a folder"), "the run's folder; if unset, a new one below runs",
      scope: .nothing),
  ]
}
