internal import Formats
internal import Kernels
internal import MetaLearning
internal import Networks
internal import Settings
internal import Studies
internal import Tensors
internal import Training

/// What becomes of a linear head whose width is not the number of classes of a task.
struct HeadWidth {
  private let run: TrainedRun
  private let arm: Arm
  private let plan: Plan
  private let classes: Int

  init(of run: TrainedRun, _ arm: Arm, _ plan: Plan, classes: Int) {
    (self.run, self.arm, self.plan, self.classes) = (run, arm, plan, classes)
  }

  /// A point whose head fits the classes.
  ///
  /// With fewer classes than rows the first rows stay, as if the others never occurred. With more, no row belongs to a
  /// class, so all start from the mean of the learned ones, as a head `shared` does; a frozen head cannot, since it
  /// would never tell them apart.
  ///
  /// - Parameters:
  ///   - start: The task's point, in which a head of another width is as it was drawn.
  ///   - notes: Takes what a user should know.
  /// - Returns: Another point of the same layout.
  /// - Throws: ``ConfigurationError`` if the head cannot be made for as many classes.
  func point(_ start: Parameters, _ notes: inout [String]) throws(ConfigurationError) -> Parameters {
    guard plan.rule == nil else {
      try requireBaseMean()
      return start
    }
    guard let trained = run.arm.network.head(run.point.initial) else {
      if plan.head.start == .parameters {
        notes.append(
          "the run has no linear head, so its rows are drawn; --head prototypes starts from the support instead"
        )
      }
      return start
    }
    let rows = trained.bias.count
    guard rows != classes, plan.head.start != .prototypes else { return start }
    guard run.arm.network.hasDenseHead else {
      throw refusal(
        "\(run.arm.family) made the head of \(rows) outputs of its own parts, and there are \(classes) classes"
      )
    }
    if classes < rows {
      notes.append(
        "the run's head has \(rows) rows and there are \(classes) classes: the first \(classes) rows are used"
      )
      return arm.network.replacingHead(
        weight: trained.weight.slice(rows: 0..<classes),
        bias: trained.bias.reshaped([rows, 1]).slice(rows: 0..<classes).reshaped([classes]), in: start)
    }
    guard plan.head.adapts else {
      throw refusal("a frozen head of \(rows) rows cannot tell \(classes) classes apart")
    }
    notes.append(
      "the run's head has \(rows) rows and there are \(classes) classes: every class starts from the mean of the rows, "
        + "as with --head shared")
    let mean = Tensor(repeating: 1 / Scalar(rows), shape: [classes, rows])
    return arm.network.replacingHead(
      weight: matmul(mean, trained.weight),
      bias: matmul(mean, trained.bias.reshaped([rows, 1])).reshaped([classes]), in: start)
  }

  /// Refuses a head that needs what only training images tell.
  private func requireBaseMean() throws(ConfigurationError) {
    let path = SimpleShotHead.baseMeanPath
    guard arm.network.layout.ref(at: path) != nil, run.arm.network.layout.ref(at: path) == nil else { return }
    let start = "--config \(shellQuoted("\(run.folder)/config.json")) --initial \(shellQuoted(run.folder))"
    throw ConfigurationError(
      field: "head", value: SimpleShotHead.name,
      reason: "it centres features by the mean of the training classes, which \(run.folder) has not measured",
      remedy:
        "Measure it with fewshot run \(start) --head simpleshot --iterations 0, and name that run, or use another head"
    )
  }

  private func refusal(_ reason: String) -> ConfigurationError {
    ConfigurationError(
      field: "head", value: plan.head.rawValue, reason: reason,
      remedy: "Use a head that takes any number, such as cosine, ridge or centroid")
  }
}
