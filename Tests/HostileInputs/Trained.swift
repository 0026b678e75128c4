internal import ConvFamilies
internal import Foundation
internal import MetaLearning
internal import Networks
internal import Prediction
internal import SafeTensors
internal import Settings
internal import Studies
internal import Tensors
internal import Training

/// A tiny arm whose saved files are read.
enum Trained {
  private static let plan: Plan = {
    var plan = Plan()
    plan.imageSize = 16
    plan.filters = 2
    plan.ways = 2
    plan.family = "svd"
    return plan
  }()

  private static let arm = Result {
    try Arm(
      plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: FamilyRegistry.families)
  }

  /// Where training begins, and a state some updates later, with moments and a best point.
  static var states: [[UInt8]] {
    get throws {
      let start = try TrainingState(arm.get(), plan).file(metadata: ["run": "{}"])
      var later = start
      for name in start.names where name.hasPrefix("point:") {
        guard let entry = start[name] else { continue }
        let path = name.dropFirst("point:".count)
        let zeros = SafeTensorsFile.Entry(
          doubles: Array(repeating: 0, count: entry.count), shape: [entry.count])
        later["best:\(path)"] = entry
        later["first:\(path)"] = zeros
        later["second:\(path)"] = zeros
      }
      later.metadata.merge(["updates": "3", "iteration": "3", "best_iteration": "3"]) { $1 }
      later["best_accuracy"] = .init(doubles: [0.5], shape: [1])
      later["sweep_losses"] = .init(doubles: [2, 1], shape: [2])
      return [start, later].map(SealedFile.encode)
    }
  }

  /// Where training begins, as a checkpoint.
  static var points: [[UInt8]] {
    get throws {
      let arm = try arm.get()
      return [
        [UInt8](Checkpoint.encode(arm.start(seed: 1, rate: 0.1), of: arm, metadata: ["iteration": "3"]))
      ]
    }
  }

  /// What the tasks of ``run`` say they belong to.
  private static let hash = "checkpoint"

  private static var run: TrainedRun {
    get throws {
      try TrainedRun(
        TrainingState(arm.get(), plan), plan, folder: "run", isBaseline: false, secondOrderShare: nil)
    }
  }

  /// Two tasks of two classes: one with an adapted tensor, one on features of length one.
  static var tasks: [[UInt8]] {
    get throws {
      let (run, network) = (try run, try arm.get().network)
      let point = run.point.initial.detached
      let side = plan.image.side
      let blank = Tensor(repeating: 0, shape: [1, side, side, plan.image.channels])
      let statistics = network.statistics(of: blank, point)
      let width = network.backbone.features
      let adapted = point.layout.refs.filter { point.layout[$0].role == ParameterRole(rawValue: "singular") }
      return [true, false].map { isPlain in
        let task = AdaptedTask(
          classes: ["cat", "a \"dog\" é"],
          adapted: isPlain ? adapted.map { (point.layout[$0].path, point[$0]) } : [],
          classifier: TaskClassifier(
            weight: Tensor(repeating: 0.5, shape: [2, width]), bias: Tensor(repeating: 0, shape: [2]),
            centre: isPlain ? nil : Tensor(repeating: 0.25, shape: [width]), hasUnitRows: !isPlain),
          statistics: statistics)
        return TaskFile.encode(task, .init(checkpoint: hash, arm: run.arm.name, version: "0"))
      }
    }
  }

  /// Reads a task; one that is accepted answers a picture, and reads back from its own writing as the same.
  static func checkTask(_ bytes: [UInt8]) throws {
    let run = try run
    func read(_ bytes: [UInt8]) throws -> TaskFile {
      try TaskFile.read(SealedFile.decode(bytes), from: "task", among: [run], [hash]).0
    }
    let file = try read(bytes)
    let written = TaskFile.encode(file.task, file.origin)
    let again = try read(written)
    precondition(TaskFile.encode(again.task, again.origin) == written)
    precondition(file.task.classes.count == file.task.classifier.weight.shape[0])
    _ = file.task.parameters(of: run)
  }

  /// Reads a state; one that is accepted reads back from its own writing as the same, but for the time.
  static func checkState(_ bytes: [UInt8]) throws {
    let arm = try arm.get()
    func timeless(_ state: TrainingState) -> SafeTensorsFile {
      var file = state.file()
      file["seconds"] = nil
      return file
    }
    let state = try TrainingState(SealedFile.decode(bytes), for: arm, plan)
    let again = try TrainingState(SealedFile.decode(SealedFile.encode(state.file())), for: arm, plan)
    precondition(timeless(again) == timeless(state))
    _ = state.isFinished(plan)
  }

  /// Reads a checkpoint; one that is accepted reads back from its own writing as the same.
  static func checkPoint(_ bytes: [UInt8]) throws {
    let arm = try arm.get()
    let written = try Checkpoint.encode(Checkpoint.decode(Data(bytes), for: arm), of: arm)
    let again = try Checkpoint.encode(Checkpoint.decode(written, for: arm), of: arm)
    precondition(again == written)
  }
}
