public import Episodes
public import MetaLearning

/// What makes the scores of a task: see ``TaskObjective``.
public enum LearnerKind: String, CaseIterable, Codable, Sendable {
  /// Gradient steps on a linear head and whatever else adapts.
  case maml
  /// Distances to class means, optionally after gradient steps.
  case prototypical
}

/// Which arm a run is compared with.
public enum BaselineKind: String, CaseIterable, Codable, Sendable {
  /// The same budget with standard convolutions that adapt everything.
  case standard
  /// No comparison.
  case none
}

/// Whether the task head of a MAML run adapts when the selector does not name it.
public enum HeadPolicy: String, CaseIterable, Codable, Sendable {
  /// It adapts.
  case adapts
  /// It is frozen in the inner loop.
  case frozen
}

/// The inner rates of a run, in units of the gradient of the mean cross-entropy.
public enum InnerRate: Hashable, Sendable {
  /// One per adapted tensor and step, meta-learned from a start found on validation episodes.
  case learned
  /// One fixed number for all.
  case fixed(Double)
}

/// A whole run, resolved: every flag of `fewshot run` has a field here, and every field a flag and a key.
public struct Plan: Hashable, Sendable {
  /// Folder of images; nil for the built-in glyph set.
  public var data: String?
  /// `auto`, or a split file.
  public var split = "auto"
  /// Side the images are resized to; nil takes 28 for grey and 32 for colour images.
  public var imageSize: Int?
  /// 1 for grey, 3 for colour.
  public var channels = 1
  /// Whether dark becomes light; nil inverts grey images, which are mostly ink on paper, and no others.
  public var invert: Bool?
  /// Where a drawn division of the classes comes from: apart from the seed, so that every run tests on the same.
  public var splitSeed: UInt64 = 0
  /// How images are resized.
  public var resize = Resize.area
  /// Rotations as classes, per episode, or none.
  public var rotations = RotationPolicy.none
  /// Whether unreadable images are left out and counted instead of refused.
  public var skipUnreadable = false
  /// Whether links that lead out of the folder of images are followed instead of refused.
  public var followLinks = false

  /// Classes in an episode.
  public var ways = 5
  /// Support images per class.
  public var shots = 1
  /// Query images per class in evaluation.
  public var queries = 15
  /// Classes in a training episode; nil as in evaluation.
  public var trainWays: Int?
  /// Support images per class in training; nil as in evaluation.
  public var trainShots: Int?
  /// Query images per class in training; nil for the learner's default.
  public var trainQueries: Int?

  /// The convolution family.
  public var family = "acdc"
  /// The family's own settings.
  public var options: [String: String] = [:]
  /// What the inner loop changes; nil for the family's default.
  public var adapt: String?
  /// Whether the head adapts unasked.
  public var head = HeadPolicy.adapts
  /// The backbone.
  public var backbone = "conv4-strided"
  /// Channels of its first layers; nil for the backbone's own.
  public var filters: Int?

  /// The learner.
  public var learner = LearnerKind.maml
  /// Exact or first-order meta-gradients.
  public var order = DerivativeOrder.second
  /// What the backward pass keeps.
  public var memory = GraphMemory.unrolled
  /// Inner steps in training; nil for 2 with MAML and 0 with prototypes.
  public var innerSteps: Int?
  /// Inner rates.
  public var innerRate = InnerRate.learned
  /// Episodes per update.
  public var metaBatch = 8
  /// Updates.
  public var iterations = 500
  /// Adam's step size at the start.
  public var outerRate = 2e-3
  /// Largest global norm of a gradient.
  public var clip = 10.0

  /// Test episodes.
  public var episodes = 600
  /// Validation episodes.
  public var validationEpisodes = 200
  /// Query images per class in validation episodes.
  public var validationQueries = 5
  /// Where validation and test episodes come from: apart from the seed, so that every run meets the same ones.
  public var episodeSeed: UInt64 = 7
  /// Last inner step of the adaptation curve.
  public var evaluationSteps = 10
  /// Test episodes of the short look at robustness; 0 for none.
  public var robustnessEpisodes = 100
  /// The arm to compare with.
  public var baseline = BaselineKind.standard

  /// Where all randomness comes from.
  public var seed: UInt64 = 0
  /// Workers; nil for one per core.
  public var threads: Int?
  /// What happens when a task's numbers are not finite.
  public var onNonfinite = NonfiniteRule.stop
  /// Most minutes of training between two saved states.
  public var checkpointMinutes = 2.0
  /// Most memory the run may need, in GiB; nil for what the machine has.
  public var memoryLimit: Double?
  /// The run's folder; nil for one named after the run under `runs`.
  public var output: String?

  /// The main job on the built-in data.
  public init() {}
}
