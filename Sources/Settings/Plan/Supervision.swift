package import Images

/// How a network is trained to tell all training classes apart at once; every field has a flag, and unset ones stand
/// for what the properties of the same meaning say.
package struct Supervision: Hashable, Sendable {
  /// What makes steps of gradients.
  package enum Optimizer: String, CaseIterable, Codable, Sendable {
    /// Stochastic gradient descent with momentum; weight decay is a part of the gradient.
    case sgd
    /// Adam; weight decay is a part of the gradient.
    case adam
    /// Adam; weight decay is apart from the gradient (Loshchilov and Hutter 2019).
    case adamw
  }

  /// How the step size goes on.
  package enum Schedule: String, CaseIterable, Codable, Sendable {
    /// Half a cosine, down to zero.
    case cosine
    /// A tenth after 60 % of the updates, a hundredth after 80 %.
    case step
    /// As it begins.
    case constant
  }

  /// How classes are told apart in training.
  package enum Classifier: String, CaseIterable, Codable, Sendable {
    /// Features · Wᵀ + b.
    case linear
    /// τ times the cosine between features and rows of W, with a learned τ (Baseline++).
    case cosine
  }

  /// Images in an update.
  package var batchSize: Int?
  /// How many parts of a batch are normalised by themselves; their gradients are added up in order.
  package var batchParts: Int?
  /// What makes the steps.
  package var optimizer: Optimizer?
  /// The share of the last step that goes on.
  package var momentum: Double?
  /// Whether the gradient is taken as if the step had gone on already.
  package var nesterov: Bool?
  /// The penalty on weights.
  package var weightDecay: Double?
  /// Roles it is for, joined by +; `all` and `none` too.
  package var decayRoles: String?
  /// What of a label is spread over all classes.
  package var labelSmoothing: Double?
  /// How the step size goes on.
  package var schedule: Schedule?
  /// Updates in which it grows to its start.
  package var warmUp: Int?
  /// How classes are told apart.
  package var classifier: Classifier?
  /// How images are changed at random.
  package var augment: Augmentation?
  /// What the running mean of the weights keeps at each update; 0 for none.
  package var averaging: Double?
  /// The share of every training class's images that is kept back for validation.
  package var heldOut: Double?

  /// Nothing set.
  package init() {}

  /// Everything written out.
  ///
  /// - Parameter channels: 1 for grey images, 3 for colour.
  /// - Returns: Settings that mean the same.
  package func resolved(channels: Int) -> Supervision {
    let recipe = SupervisedRecipe(self, channels: channels)
    var all = self
    (all.batchSize, all.batchParts) = (recipe.batchSize, recipe.batchParts)
    all.optimizer = recipe.optimizer
    if recipe.optimizer == .sgd { (all.momentum, all.nesterov) = (recipe.momentum, recipe.nesterov) }
    (all.weightDecay, all.labelSmoothing) = (recipe.weightDecay, recipe.labelSmoothing)
    (all.schedule, all.warmUp, all.classifier) = (recipe.schedule, recipe.warmUp, recipe.classifier)
    (all.augment, all.averaging, all.heldOut) = (recipe.augment, recipe.averaging, recipe.heldOut)
    return all
  }
}

/// How a network is trained to tell all training classes apart, every setting decided.
package struct SupervisedRecipe: Sendable {
  /// Images in an update.
  package let batchSize: Int
  /// How many parts of a batch are normalised by themselves.
  package let batchParts: Int
  /// What makes the steps.
  package let optimizer: Supervision.Optimizer
  /// The share of the last step that goes on, in sgd.
  package let momentum: Double
  /// Whether sgd takes the gradient as if the step had gone on already.
  package let nesterov: Bool
  /// The penalty on weights.
  package let weightDecay: Double
  /// Roles it is for; nil for all but the normalisations.
  package let decayRoles: [String]?
  /// What of a label is spread over all classes.
  package let labelSmoothing: Double
  /// How the step size goes on.
  package let schedule: Supervision.Schedule
  /// Updates in which it grows to its start.
  package let warmUp: Int
  /// How classes are told apart.
  package let classifier: Supervision.Classifier
  /// How images are changed at random; nil for not at all.
  package let augment: Augmentation?
  /// What the running mean of the weights keeps at each update; 0 for none.
  package let averaging: Double
  /// The share of every training class's images that is kept back for validation.
  package let heldOut: Double

  init(_ set: Supervision, channels: Int) {
    batchSize = set.batchSize ?? 64
    batchParts = set.batchParts ?? 1
    optimizer = set.optimizer ?? .sgd
    momentum = set.momentum ?? 0.9
    nesterov = set.nesterov ?? true
    weightDecay = set.weightDecay ?? 5e-4
    decayRoles = set.decayRoles.map { $0.split(separator: "+").map(String.init) }
    labelSmoothing = set.labelSmoothing ?? 0
    schedule = set.schedule ?? .cosine
    warmUp = set.warmUp ?? 0
    classifier = set.classifier ?? .linear
    augment = set.augment ?? Augmentation(rawValue: channels == 3 ? "crop+flip" : "crop")
    averaging = set.averaging ?? 0
    heldOut = set.heldOut ?? 0.1
  }
}

extension Plan {
  /// How its supervised training goes.
  package var recipe: SupervisedRecipe { SupervisedRecipe(supervision, channels: channels) }
}
