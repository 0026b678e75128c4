internal import Kernels
package import MetaLearning
package import Networks
package import Results
package import Settings
internal import Tensors

/// One side of a comparison as a plan declares it: a network, what adapts in it, and its learner; nothing is trained.
///
/// Its training goes through a ``TrainingState`` and ends as a `TrainedRun` of the module Studies.
package struct Arm: Sendable {
  /// Short name for tables and files, for example `acdc-atoms`.
  package let name: String
  /// The convolution family's name.
  package let family: String
  /// The family's options as they were set, or as a budget of adapted numbers chose them.
  package let options: [String: String]
  /// What a budget of adapted numbers chose, as a sentence; nil without a budget.
  package let budgetNote: String?
  /// The selector of what adapts, as it was written or as a budget made it.
  package let selector: AdaptSelector
  /// The network, at the ranks that are present.
  package let network: Network
  /// How the network learns a task.
  package let learner: MetaLearner

  /// Builds an arm of a plan.
  ///
  /// - Parameters:
  ///   - plan: Images, backbone, learner.
  ///   - family: The convolution family, by name.
  ///   - options: Its settings.
  ///   - adapt: What adapts; nil for the family's default.
  ///   - families: All families.
  /// - Throws: If the settings do not fit each other.
  package init(
    _ plan: Plan, family: String, options: [String: String], adapt: String?, families: [any ConvFamily.Type]
  ) throws(ConfigurationError) {
    let budgeted = try families.first { $0.name == family }.flatMap { type throws(ConfigurationError) in
      try plan.budgeted(type, options: options, adapt: adapt)
    }
    let options = budgeted?.options ?? options
    let adapt = budgeted?.adapt ?? adapt
    let made = try families.family(named: family, options: options)
    let fallback = plan.steps == 0 ? "none" : type(of: made).defaultAdaptation
    selector = try AdaptSelector(adapt ?? fallback)
    var network = try plan.network(of: made)
    let stepwise =
      plan.stepNorms && plan.steps > 0
      ? network.declareStepNorms(steps: plan.steps).map {
        StepwiseParameter(slot: $0.slot, versions: $0.versions)
      }
      : []
    let rule = try plan.declareRule(in: &network)
    try plan.validateDecay(in: network.layout)
    self.network = network
    let adapted = try plan.adaptedTensors(of: network, by: selector)
    guard plan.steps == 0 || !adapted.isEmpty else {
      throw ConfigurationError(
        field: "adapt", value: adapt ?? "", reason: "\(plan.steps) inner steps would change nothing",
        remedy: rule == nil ? "Name a role, or let the head adapt" : "Name a role, or use inner-steps 0")
    }
    try plan.validateReach(of: adapted, in: network.layout)
    guard rule != nil || plan.head.start == .parameters || network.hasDenseHead else {
      throw ConfigurationError(
        field: "head", value: plan.head.rawValue,
        reason: "\(family) makes the head's weight of its own parts here",
        remedy: "Use head adapts or frozen, or the family's option for a dense head")
    }
    let objective: any TaskObjective =
      rule.map { FeatureObjective(network, head: $0) }
      ?? LinearHeadObjective(network, headStart: plan.head.start)
    learner = MetaLearner(
      layout: network.layout, objective: objective,
      innerLoop: InnerLoop(
        steps: plan.steps, adapted: adapted, order: plan.metaOrder, rates: plan.ratePattern,
        optimizer: plan.innerOptimizer, stepwise: stepwise),
      outer: plan.learner == .reptile ? .reptile : .gradient, memory: plan.memory)
    name = plan.steps == 0 ? family : "\(family)-\(selector)"
    self.family = family
    self.options = options
    budgetNote = budgeted?.note
  }

  private init(
    name: String, family: String, options: [String: String], budgetNote: String?, selector: AdaptSelector,
    network: Network, learner: MetaLearner
  ) {
    self.name = name
    self.family = family
    self.options = options
    self.budgetNote = budgetNote
    self.selector = selector
    self.network = network
    self.learner = learner
  }

  /// The arm after a reduction of ranks.
  package func lowered(by reduction: RankReduction) -> Arm {
    Arm(
      name: name, family: family, options: options, budgetNote: budgetNote, selector: selector,
      network: network.lowered(by: reduction), learner: reduction(learner))
  }

  /// Where training starts, every inner rate equal.
  package func start(seed: UInt64, rate: Double) -> MetaParameters {
    let rates = learner.innerLoop.refs.map {
      Tensor(repeating: Scalar(rate), shape: learner.innerLoop.rateShape(of: $0, in: network.layout))
    }
    return MetaParameters(initial: network.layout.initialized(seed: seed), rates: rates)
  }

  /// The gradient that training takes of a task in the update that follows so many: its order and what each step
  /// counts change with the plan's schedule.
  package func trainingGradient(
    at point: MetaParameters, on task: MetaTask, after updates: Int, of plan: Plan
  ) -> MetaGradient {
    var learner = learner
    if updates < plan.firstOrderUpdates { learner.innerLoop.order = .first }
    return learner.metaGradient(at: point, on: task, weights: plan.stepWeights(after: updates))
  }

  /// What adapts, by role.
  package var audit: [RunResult.AuditRow] {
    let layout = network.layout
    return layout.roles.compactMap { role in
      let own = learner.innerLoop.adapted.filter { layout[$0.ref].role == role }
      guard !own.isEmpty else { return nil }
      let numbers = own.reduce(0) { $0 + $1.count(in: layout) }
      return RunResult.AuditRow(
        role: role.rawValue, tensors: own.count, numbers: numbers,
        share: Double(numbers) / Double(layout.count()))
    }
  }

  /// The audit as text for people.
  package var auditText: String {
    let total = network.layout.count()
    guard !audit.isEmpty else { return "\(name): nothing adapts; \(total) numbers in the model" }
    let rows = audit.map { row in
      let share = (1e4 * row.share).rounded() / 100
      return "  \(row.role): \(row.tensors) tensors, \(row.numbers) numbers, \(share) % of the model"
    }
    return (["\(name) adapts, of \(total) numbers:"] + rows).joined(separator: "\n")
  }

  /// Multiply-adds of all but the head in one inner step on some images, each layer in its cheaper form.
  package func macsPerStep(images: Int) -> Int {
    let adapted = learner.innerLoop.adapted
    let sources = KernelSources(network, adapted: adapted) { network.layout.initialized(seed: 0) }
    return images * StepWork(network, adapted: adapted, sources).cheapest
  }
}
