package import Files
package import Formats
internal import Foundation
internal import Images
package import MetaLearning
package import Networks
internal import Results
package import Settings
internal import Studies
internal import Tensors
package import Training

/// One episode run again step by step, to see where its numbers go wrong.
package struct EpisodeReplay: Sendable {
  /// The arm that was in training.
  package let arm: Arm
  /// Which episode.
  package let episode: EpisodeName
  /// Where the point comes from.
  package let origin: String
  /// The inner loop.
  package let steps: [TraceStep]
  /// The meta-gradient's norm, ‖∂ query loss / ∂ (parameters, rates)‖.
  package let metaGradientNorm: Double

  /// Runs an episode of training or validation at the last saved point of the arm that was in training, or one of the
  /// test at the best point of its arm, which is what is tested.
  ///
  /// - Parameters:
  ///   - episode: Which.
  ///   - plan: The run's plan.
  ///   - families: The convolution families there are.
  ///   - folder: The run's folder; nil starts from the plan's initial parameters.
  ///   - anyway: Whether settings and images may be others than the run's.
  ///   - progress: Receives reports on the work.
  /// - Throws: If there is no such episode or arm, settings or images are not the run's, or a file cannot be read.
  package init(
    _ episode: EpisodeName, of plan: Plan, families: [any ConvFamily.Type], folder: String?,
    anyway: Bool = false, progress: any ProgressReporter
  ) throws {
    let start = try RunStart(plan, goingOn: folder.map { try RecordedRun($0) }, families: families)
    let arms = try start.settled(plan).arms(families: families)
    let plan = start.settled(plan).resolved(as: arms[0])
    let index = episode.isBaseline ? 1 : 0
    guard index < arms.count else { throw episode.error("the run has no baseline") }
    let data = try Self.data(plan, folder, anyway: anyway, progress)
    let description = try episode.description(in: data, of: plan)
    let saved = try folder.flatMap { path -> Origin? in
      let folder = try RunFolder(existing: path)
      return episode.split == .test
        ? try Origin.checkpoint(
          "\(RunFolder.checkpointFolders[index])/best.safetensors", of: arms[index], folder)
        : try Origin.last(of: arms, plan, folder, RunIdentity(plan, data))
    }
    let found =
      try saved
      ?? Origin(
        arm: arms[index], point: start.start(of: arms[index], plan).point, text: "the initial parameters")
    let task = try data.task(description)
    self.episode = episode
    arm = found.arm
    origin = found.text
    steps = found.arm.learner.trace(at: found.point, on: task)
    // The gradient that training took of this episode; of any other, that of the last update.
    let update = episode.split == .train ? episode.number / plan.metaBatch : plan.iterations
    let gradient = found.arm.trainingGradient(at: found.point, on: task, after: update, of: plan)
    metaGradientNorm = globalNorm(gradient.tensors)
  }

  /// The images of a run, which must be those that it was trained on; those of a plan where there is no run.
  private static func data(
    _ plan: Plan, _ folder: String?, anyway: Bool, _ progress: any ProgressReporter
  ) throws -> RunData {
    guard let folder else { return try RunData(plan, progress: progress) }
    let recorded = try RecordedRun(folder)
    let data = try RunData(
      plan, trainedIn: folder, being: anyway ? nil : recorded.data, progress: progress)
    let differences = RunIdentity(plan, data).settingsAndData.differences(
      from: recorded.identity.settingsAndData)
    guard differences.isEmpty || anyway else {
      throw ResumeRefusal(folder: folder, differences: differences)
    }
    return data
  }

  /// A point and where it was found.
  private struct Origin {
    let arm: Arm
    let point: MetaParameters
    let text: String

    /// The last saved state of the first arm that is not trained to the end, or else the last checkpoint of the first.
    static func last(of arms: [Arm], _ plan: Plan, _ folder: RunFolder, _ identity: RunIdentity) throws
      -> Origin?
    {
      for (arm, subfolder) in zip(arms, RunFolder.checkpointFolders) {
        let store = StateStore(folder: folder, subfolder: subfolder, identity: identity)
        guard let state = try store.newest(arm, plan, isForced: true)?.state, !state.isFinished(plan) else {
          continue
        }
        return Origin(
          arm: state.arm, point: state.point, text: "the state of \(arm.name) after update \(state.iteration)"
        )
      }
      return try checkpoint("\(RunFolder.checkpointFolders[0])/last.safetensors", of: arms[0], folder)
    }

    /// A checkpoint of an arm; nil if it is not there yet.
    static func checkpoint(_ name: String, of arm: Arm, _ folder: RunFolder) throws -> Origin? {
      let path = "\(folder.path)/\(name)"
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let point = try Checkpoint.read(path, for: arm)
      return Origin(arm: arm.lowered(to: point.initial.layout), point: point, text: path)
    }
  }

  /// The steps as a document.
  package var document: JSONValue {
    .members([
      "arm": .text(arm.name), "split": .text(episode.split.rawValue), "episode": .integer(episode.number),
      "point": .text(origin),
      "meta_gradient_norm": .number(metaGradientNorm),
      "steps": .list(
        steps.map { step in
          .members([
            "step": .integer(step.step), "support_loss": .number(step.supportLoss),
            "query_loss": .number(step.queryLoss), "query_accuracy": .number(step.queryAccuracy),
            "tensors": .list(
              step.movements.map { item in
                .members([
                  "path": .text(path(item)), "gradient_norm": .number(item.gradientNorm),
                  "movement": .number(item.movement),
                ])
              }),
          ])
        }),
    ])
  }

  /// The steps for people.
  package var text: String {
    let losses = TextTable(
      ["step", "support loss", "query loss", "query accuracy"],
      steps.map {
        ["\($0.step)", "\($0.supportLoss)", "\($0.queryLoss)", TextTable.fixed($0.queryAccuracy, 4)]
      })
    let moves = steps.filter { !$0.movements.isEmpty }.map { step in
      "step \(step.step + 1):\n"
        + TextTable(
          ["tensor", "gradient norm", "movement"],
          step.movements.map { [path($0), "\($0.gradientNorm)", "\($0.movement)"] }
        ).text
    }
    let head = "\(episode.words) of \(arm.name), from \(origin)"
    return ([head, losses.text] + moves + ["norm of the meta-gradient: \(metaGradientNorm)"])
      .joined(separator: "\n\n")
  }

  private func path(_ item: TensorMovement) -> String { arm.network.layout[item.ref].path }
}
