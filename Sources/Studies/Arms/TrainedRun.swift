internal import Files
internal import Foundation
internal import Kernels
package import MetaLearning
package import Networks
package import Results
package import Settings
internal import Tensors
package import Training

/// One training that has ended: an arm at its best point, with the plan that repeats it and the folder it is in.
///
/// A folder with a baseline holds two. Trainings that differ in their seed only make one ``StudyArm``.
package struct TrainedRun: Sendable {
  /// The run's folder.
  package let folder: String
  /// The plan that trains this arm alone.
  package private(set) var plan: Plan
  /// The arm, at the ranks of its best point.
  package let arm: Arm
  /// Its best point on validation.
  package let point: MetaParameters
  /// Whether it is the baseline of the folder's run.
  package let isBaseline: Bool
  /// The images it was trained on, and their division, as far as the folder says.
  package let data: DataIdentity
  /// How it was trained; nil where the folder has no results, as after a conversion.
  package let training: RunResult.Training?
  /// ‖second − first‖/‖first‖ after training, as the run measured it.
  package let secondOrderShare: Double?

  /// The arms of a folder, the chosen one first.
  ///
  /// - Parameters:
  ///   - folder: A run's folder.
  ///   - place: Where its images are now, if it is said.
  ///   - families: All families.
  /// - Returns: One arm, or two where the run trained a baseline.
  /// - Throws: If a file is missing or damaged, naming it.
  package static func all(
    in folder: String, imagesAt place: DataPlace = DataPlace(), families: [any ConvFamily.Type]
  ) throws -> [TrainedRun] {
    let folder = plainPath(folder)
    let recorded = try RecordedRun(folder, imagesAt: place)
    let plan = recorded.resolved
    // A converted or imported network has not been trained, so it has no results.
    let isFinished = FileManager.default.fileExists(atPath: folder + "/results.json")
    guard isFinished || RunFolder.content(of: folder)?.isUntrained == true else {
      throw ConfigurationError(
        field: "run", value: folder, reason: "it is not finished",
        remedy: "Finish it with \(RunFolder.resumption(of: folder))")
    }
    let stored = isFinished ? try RunResult(folder: folder) : nil
    // Before tensors take the memory that products need: its want names a limit that is enough.
    try Gemm.prepare(workers: 1)
    var found = [
      try TrainedRun(
        folder, plan, checkpoint: "checkpoints/best.safetensors", stored?.arms.first,
        data: recorded.data, families: families)
    ]
    let baseline = "checkpoints/baseline/best.safetensors"
    if FileManager.default.fileExists(atPath: "\(folder)/\(baseline)") {
      var standard = plan
      (standard.family, standard.options, standard.adapt) = ("standard", [:], nil)
      found.append(
        try TrainedRun(
          folder, standard, checkpoint: baseline, stored?.arms.dropFirst().first,
          isBaseline: true, data: recorded.data, families: families))
    }
    return found
  }

  /// One arm of a run that has just trained it, at its best point.
  ///
  /// - Parameters:
  ///   - state: The last state of its training.
  ///   - plan: The run's plan.
  ///   - folder: The run's folder.
  ///   - isBaseline: Whether it is the baseline of the run.
  ///   - secondOrderShare: As measured after training; nil without inner steps.
  package init(
    _ state: TrainingState, _ plan: Plan, folder: String, isBaseline: Bool, secondOrderShare: Double?
  ) {
    arm = state.bestArm
    point = state.bestPoint
    training = state.summary(of: plan)
    var plan = plan
    (plan.family, plan.options) = (arm.family, arm.options)
    (plan.adapt, plan.baseline, plan.output) = (arm.selector.description, .none, nil)
    self.plan = plan
    self.folder = folder
    self.secondOrderShare = secondOrderShare
    self.isBaseline = isBaseline
    data = DataIdentity()
  }

  /// The same training, tested on as many episodes and steps as another plan says.
  package func tested(like other: Plan) -> TrainedRun {
    var run = self
    (run.plan.episodes, run.plan.evaluationSteps) = (other.episodes, other.evaluationSteps)
    return run
  }

  /// One arm by its checkpoint.
  package init(
    _ folder: String, _ plan: Plan, checkpoint: String, _ stored: RunResult.ArmResult? = nil,
    isBaseline: Bool = false,
    data: DataIdentity = DataIdentity(), families: [any ConvFamily.Type]
  ) throws {
    var plan = plan
    (plan.baseline, plan.output) = (.none, nil)
    let arm = try Arm(
      plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    point = try Checkpoint.read("\(folder)/\(checkpoint)", for: arm)
    self.arm = arm.lowered(to: point.initial.layout)
    plan.adapt = arm.selector.description
    self.plan = plan
    self.folder = folder
    self.isBaseline = isBaseline
    self.data = data
    training = stored?.train
    secondOrderShare = stored?.secondOrderShare
  }
}
