internal import Kernels
internal import MetaLearning
internal import Networks
internal import Settings
internal import Studies
internal import Tensors
internal import Training

/// A trained arm made ready for a task of any number of classes, by the run's rule or by another.
struct TaskArm {
  /// The arm, with as many outputs as classes where its head has some.
  let arm: Arm
  /// Where the task starts.
  let point: MetaParameters
  /// How many inner steps the task takes.
  let steps: Int
  /// What a user should know of it, a sentence each.
  let notes: [String]

  /// Prepares an arm.
  ///
  /// - Parameters:
  ///   - run: The trained arm.
  ///   - settings: How the task is learned.
  ///   - classes: How many classes it has.
  ///   - families: All families.
  /// - Throws: ``ConfigurationError`` if the settings contradict each other or the network.
  init(
    _ run: TrainedRun, _ settings: TaskSettings, classes: Int, families: [any ConvFamily.Type]
  ) throws(ConfigurationError) {
    let fits = (run.arm.network.ways ?? classes) == classes
    if settings.isAsTrained && fits {
      (self.arm, self.point, self.notes) = (run.arm, run.point, [])
      steps = settings.steps ?? run.plan.steps
      try Self.requireSteps(steps, run.plan)
      return
    }
    let plan = try Self.plan(of: run, settings, classes: classes)
    var arm = try Arm(plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    let drawn = arm.network.layout
    let kept = Dictionary(
      run.arm.network.layout.ranks.compactMap { rank in
        drawn.rankRefs.first { drawn[$0].path == rank.path }.map { ($0, rank.kept) }
      }, uniquingKeysWith: { first, _ in first })
    arm = arm.lowered(by: RankReduction(of: drawn, keeping: kept))
    let start = arm.start(seed: plan.seed, rate: settings.innerRate ?? plan.startingRate)
    let heads = HeadWidth(of: run, arm, plan, classes: classes)
    var notes: [String] = []
    let initial = try heads.point(Conversion.copy(run.point.initial, to: start.initial), &notes)
    let known = Dictionary(zip(run.arm.adaptedPaths, run.point.rates)) { first, _ in first }
    var untrained: [String] = []
    let rates = zip(arm.adaptedPaths, start.rates).map { path, rate -> Tensor in
      if let trained = known[path], trained.shape == rate.shape { return trained }
      untrained.append(path)
      return rate
    }
    steps = settings.steps ?? plan.steps
    try Self.requireSteps(steps, plan)
    if !untrained.isEmpty, steps > 0 {
      let rate = settings.innerRate ?? plan.startingRate
      notes.append(
        "\(untrained.count) tensors, such as \(untrained[0]), did not adapt in training, so they have no trained rate: "
          + "it is \(rate) here, and --inner-rate sets it")
    }
    self.arm = arm
    self.notes = notes
    point = MetaParameters(initial: initial, rates: rates)
  }

  /// The plan of the task's arm.
  private static func plan(
    of run: TrainedRun, _ settings: TaskSettings, classes: Int
  ) throws(ConfigurationError) -> Plan {
    var plan = run.plan
    (plan.ways, plan.trainWays, plan.adaptBudget) = (classes, nil, nil)
    if run.arm.network.hasRunningStatistics { plan.runningStatistics = true }
    if plan.learner != .maml {
      // The same by other words: a rule, with the steps it was trained with.
      if let rule = plan.rule, let head = HeadPolicy(rawValue: rule.name) { plan.head = head }
      (plan.learner, plan.supervision) = (.maml, Supervision())
    }
    if let name = settings.head {
      try plan.set("head", to: name)
      if plan.rule != nil { plan.adapt = plan.adapt.map(withoutHead) }
    }
    if let adapt = settings.adapt { plan.adapt = adapt }
    if plan.adapt == "none", plan.rule != nil { plan.innerSteps = 0 }
    // The rates of training stay as many; a run without steps gets those of the task.
    if plan.steps == 0, let steps = settings.steps, steps > 0 { plan.innerSteps = steps }
    if plan.steps == 0, plan.adapt != "none", settings.adapt != nil {
      throw ConfigurationError(
        field: "adapt", value: plan.adapt ?? "",
        reason: "the run takes no inner steps, so nothing would adapt",
        remedy: "Add --steps with a number of them, such as 5")
    }
    return plan
  }

  private static func withoutHead(_ selector: String) -> String {
    let terms = selector.split(separator: "+").filter { $0 != "head" }
    return terms.isEmpty ? "none" : terms.joined(separator: "+")
  }

  /// A head that is learned knows nothing of a task before a step, unless it starts from the support.
  private static func requireSteps(_ steps: Int, _ plan: Plan) throws(ConfigurationError) {
    guard steps == 0, plan.rule == nil, plan.head.start != .prototypes else { return }
    throw ConfigurationError(
      field: "steps", value: "0", reason: "a linear head knows nothing of a task before a step",
      remedy: "Use 1 or more, or a head that is a rule, such as centroid")
  }
}
