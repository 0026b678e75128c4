internal import Formats
internal import Images
package import Foundation
internal import Kernels
internal import MetaLearning
package import Networks
package import Prediction
internal import Results
internal import Settings
package import Studies
internal import Tensors
internal import Training

/// A network as an ONNX model: images `[N, C, H, W]` of 0…1 to `features`, and with a task to `scores` and
/// `probabilities`.
///
/// What all tasks of a run share may stand in one file beside the models, so that the model of a task is a few kilobytes.
package struct OnnxExport: Sendable {
  private let run: TrainedRun
  private let shared: ExportedNetwork
  /// The name of the file of shared numbers; nil where every model holds its own.
  private let sharedFile: String?

  /// A network to be written.
  ///
  /// - Parameters:
  ///   - run: The network.
  ///   - sharedFile: The name of a file beside the models for what they share; nil for none.
  /// - Throws: ``ConfigurationError`` if it cannot be written down.
  package init(_ run: TrainedRun, sharedFile: String?) throws(ConfigurationError) {
    (self.run, self.sharedFile) = (run, sharedFile)
    shared = try ExportedNetwork(run, at: run.point.initial.detached, isDense: sharedFile == nil)
  }

  /// The bytes of the file of shared numbers: all tensors of the meta-trained network, one behind the other.
  package var sharedNumbers: Data {
    Data(shared.items.flatMap { OnnxGraph.bytes(of: $0.value.scalars.map { Float($0) }) })
  }

  /// The model.
  ///
  /// - Parameter task: A task that it answers; nil for the features alone.
  /// - Returns: The bytes of its file.
  /// - Throws: ``ConfigurationError`` if it cannot be written down; if the run's checkpoint cannot be read.
  package func model(_ task: AdaptedTask?) throws -> Data {
    let network =
      try task.map { task throws(ConfigurationError) in
        try ExportedNetwork(
          run, at: task.parameters(of: run), statistics: task.statistics, isDense: sharedFile == nil)
      } ?? shared
    var builder = OnnxBuilder(network, own: own(network), run.plan)
    let features = builder.features(alignment: run.arm.network.alignment != nil)
    let width = run.arm.network.backbone.features
    builder.graph.output(features, [nil, width])
    if let task { builder.answer(task, features) }
    let plan = run.plan
    var metadata = [
      "arm": run.arm.name, "backbone": plan.backbone, "checkpoint": try run.checkpointHash(),
      "image_size": "\(plan.side)", "channels": "\(plan.channels)",
      "crop": plan.cropText, "invert": "\(plan.preparation.invert)",
    ]
    if let task { metadata["classes"] = JSONValue.list(task.classes.map { .text($0) }).line }
    return builder.graph.model(named: run.arm.name, metadata: metadata, version: Version.current)
  }

  /// Where each tensor of a network stands, by its name.
  private func own(_ network: ExportedNetwork) -> [String: OnnxGraph.Constant] {
    var places: [String: OnnxGraph.Constant] = [:]
    var offset = 0
    let changed = Set(network.changes(from: shared).map(\.name))
    if let sharedFile {
      for item in shared.items {
        let shape = item.value.shape.extents
        places[item.name] = .external(file: sharedFile, offset: offset, shape: shape)
        offset += 4 * item.value.count
      }
    }
    for item in network.items where sharedFile == nil || changed.contains(item.name) {
      places[item.name] = .floats(item.value.scalars.map { Float($0) }, shape: item.value.shape.extents)
    }
    return places
  }
}
