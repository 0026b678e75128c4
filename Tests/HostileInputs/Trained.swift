internal import ConvFamilies
internal import Foundation
internal import SafeTensors
internal import Settings
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
