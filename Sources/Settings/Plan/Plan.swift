package import Episodes
package import Evaluation
package import Images
package import MetaLearning
package import Networks

/// How the scores of a task are computed: see ``TaskObjective``.
package enum LearnerKind: String, CaseIterable, Codable, Sendable {
  /// Gradient steps on a linear head and whatever else adapts.
  case maml
  /// The same steps, and an outer loop that moves towards where they lead: see `OuterRule.reptile`.
  case reptile
  /// Distances to class means, optionally after gradient steps.
  case prototypical
  /// All training classes at once, by ordinary supervised training: see ``Supervision``. Tasks are answered by a rule.
  case supervised

  /// Whether it classifies by a linear head unless told otherwise.
  package var hasLinearHead: Bool { self == .maml || self == .reptile }
}

/// Which arm a run is compared with.
package enum BaselineKind: String, CaseIterable, Codable, Sendable {
  /// The same budget with standard convolutions that adapt everything.
  case standard
  /// None: the run has one arm.
  case none
}

/// The inner rates of a run, in units of the gradient of the mean cross-entropy.
package enum InnerRate: Hashable, Sendable {
  /// One per adapted tensor and step, meta-learned from a start found on validation episodes.
  case learned
  /// One fixed rate for all tensors and steps.
  case fixed(Double)
}

/// A whole run, resolved: every flag of `fewshot run` has a field here, and every field has a flag and a key.
package struct Plan: Hashable, Sendable {
  /// Folder of images, or several whose union is the data set; nil for the built-in glyph set.
  package var data: DataFolders?
  /// `auto`, or a split file.
  package var split = "auto"
  /// Side the images are resized to; nil takes 28 for grey and 32 for colour images.
  package var imageSize: Int?
  /// 1 for grey, 3 for colour.
  package var channels = 1
  /// Whether dark becomes light; nil inverts grey images, which are mostly ink on paper, and no others.
  package var invert: Bool?
  /// Where a drawn division of the classes comes from: apart from the seed, so that every run tests on the same.
  package var splitSeed: UInt64 = 0
  /// Which part of an image is kept before it is resized.
  package var crop = Crop.whole
  /// How images are resized.
  package var resize = Resize.area
  /// Rotations as classes, per episode, or none.
  package var rotations = RotationPolicy.none
  /// Whether unreadable images are left out and counted instead of refused.
  package var skipUnreadable = false
  /// Whether links that lead out of the folder of images are followed instead of refused.
  package var followLinks = false

  /// Classes in an episode, or their range.
  package var wayRange = WayRange(5)
  /// Support images per class, or how they vary.
  package var shotRule = ShotRule.fixed(1)
  /// Query images per class in evaluation.
  package var queries = 15
  /// Classes in a training episode; nil as in evaluation.
  package var trainWayRange: WayRange?
  /// Support images per class in training; nil as in evaluation.
  package var trainShotRule: ShotRule?
  /// Query images per class in training; nil for the learner's default.
  package var trainQueries: Int?
  /// From where the classes of an episode come.
  package var classSampling = ClassSampling.uniform
  /// What a class with too few images does.
  package var shortClasses = ShortClasses.refuse

  /// The convolution family.
  package var family = "acdc"
  /// The family's own settings.
  package var options: [String: String] = [:]
  /// What the inner loop changes; nil for the family's default.
  package var adapt: String?
  /// How many numbers of the body are to adapt in every arm; nil for no budget.
  package var adaptBudget: Int?
  /// How the classes of a task are told apart; the same for all arms of a run.
  package var head = HeadPolicy.frozen
  /// The head's own settings.
  package var headOptions: [String: String] = [:]
  /// A run's folder or a checkpoint that all arms start from; nil for a drawn start.
  package var initial: String?
  /// Whether the networks normalise by the running statistics they start with; nil where the start has some.
  package var runningStatistics: Bool?
  /// What the network normalises its images by; nil for what the start has, or nothing.
  package var pixelStatistics: PixelStatistics?
  /// The backbone.
  package var backbone = "conv4-strided"
  /// Channels of its first layers; nil for the backbone's own.
  package var filters: Int?

  /// The learner.
  package var learner = LearnerKind.maml
  /// Exact or first-order meta-gradients.
  package var order = DerivativeOrder.second
  /// What the backward pass keeps.
  package var memory = GraphMemory.unrolled
  /// Inner steps in training; nil for 2 with MAML, 5 with Reptile and 0 with prototypes.
  package var innerSteps: Int?
  /// Inner rates.
  package var innerRate = InnerRate.learned
  /// Whether a tensor has one rate for all steps.
  package var tieRates = false
  /// Whether every number has a rate of its own for all steps.
  package var elementwiseRates = false
  /// What turns inner gradients into steps.
  package var innerOptimizer = InnerOptimizer.descent
  /// Whether normalisations have a scale and a shift of their own after every inner step.
  package var stepNorms = false
  /// Rates tried before the first update, for every arm as many; half as many are tried again later.
  package var rateTrials = 24
  /// Whether the outer loss counts every inner step.
  package var multiStepLoss = false
  /// Updates after which only the last step counts; 0 never; nil a tenth of all.
  package var multiStepUpdates: Int?
  /// Updates at the start that take first-order gradients.
  package var firstOrderUpdates = 0
  /// Episodes per update.
  package var metaBatch = 8
  /// The number of updates of the meta-parameters.
  package var iterations = 500
  /// Adam's step size at the start.
  package var outerRate = 2e-3
  /// Largest global norm of a gradient.
  package var clip = 10.0

  /// How a supervised learner trains.
  package var supervision = Supervision()

  /// Test episodes.
  package var episodes = 600
  /// Validation episodes.
  package var validationEpisodes = 200
  /// Query images per class in validation episodes.
  package var validationQueries = 5
  /// Where validation and test episodes come from: apart from the seed, so that every run meets the same ones.
  package var episodeSeed: UInt64 = 7
  /// Last inner step of the adaptation curve.
  package var evaluationSteps = 10
  /// Test episodes of the short robustness test; 0 for none.
  package var robustnessEpisodes = 100
  /// Test episodes on which adaptation is taken apart by roles; 0 for none.
  package var attributionEpisodes = 100
  /// Where it corrupts images.
  package var corruptAt = CorruptionPlace.network
  /// The arm to compare with.
  package var baseline = BaselineKind.standard

  /// Where all randomness comes from.
  package var seed: UInt64 = 0
  /// Workers; nil for one per core.
  package var threads: Int?
  /// What happens when a task's numbers are not finite.
  package var onNonfinite = NonfiniteRule.stop
  /// Most minutes of training between two saved states.
  package var checkpointMinutes = 2.0
  /// Most memory the run may need, in GiB; nil for what the machine has.
  package var memoryLimit: Double?
  /// Whether event files for TensorBoard are written beside the metrics.
  package var tensorboard = false
  /// The run's folder; nil for one named after the run under `runs`.
  package var output: String?

  /// The main job on the built-in data.
  package init() {}
}
