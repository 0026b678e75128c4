internal import Formats
internal import Images
package import Foundation
internal import MetaLearning
package import Networks
package import Prediction
internal import Results
internal import SafeTensors
internal import Settings
package import Studies
internal import Tensors
internal import Training

/// A network as safetensors that `torch.nn.Module.load_state_dict` takes.
package struct TorchExport: Sendable {
  private let run: TrainedRun
  private let shared: ExportedNetwork
  private let isDense: Bool

  /// A network to be written.
  ///
  /// - Parameters:
  ///   - run: The network.
  ///   - isDense: Whether kernels of atoms are multiplied out.
  /// - Throws: ``ConfigurationError`` if it cannot be written down.
  package init(_ run: TrainedRun, isDense: Bool) throws(ConfigurationError) {
    (self.run, self.isDense) = (run, isDense)
    shared = try ExportedNetwork(run, at: run.point.initial.detached, isDense: isDense)
  }

  /// The file of what all tasks of the run share: the meta-trained network.
  ///
  /// - Throws: If the run's checkpoint cannot be read.
  package func network() throws -> Data { try file(shared.items, [:]) }

  /// The file of what a task changes of it, and of the layer that tells its classes apart.
  ///
  /// - Parameter task: The task.
  /// - Returns: A file whose tensors take the place of those of the same name.
  /// - Throws: If the run's checkpoint cannot be read.
  package func changes(of task: AdaptedTask) throws -> Data {
    let adapted = try ExportedNetwork(
      run, at: task.parameters(of: run), statistics: task.statistics, isDense: isDense)
    var items = adapted.changes(from: shared)
    items.append(.init(name: "classifier.weight", value: task.classifier.weight))
    items.append(.init(name: "classifier.bias", value: task.classifier.bias))
    if let centre = task.classifier.centre { items.append(.init(name: "classifier.centre", value: centre)) }
    return try file(
      items,
      [
        "classes": JSONValue.list(task.classes.map { .text($0) }).line,
        "features": task.classifier.hasUnitRows ? "unit-length" : "plain",
      ])
  }

  private func file(_ items: [ExportedNetwork.Item], _ more: [String: String]) throws -> Data {
    let plan = run.plan
    var metadata = [
      // What other libraries expect of tensors from PyTorch.
      "format": "pt", "arm": run.arm.name, "backbone": plan.backbone, "image_size": "\(plan.side)",
      "channels": "\(plan.channels)", "crop": plan.cropText, "invert": "\(plan.preparation.invert)",
      "checkpoint": try run.checkpointHash(), "version": Version.current,
    ]
    if let pixels = plan.pixelStatistics {
      metadata["pixel_mean"] = pixels.mean.map { "\($0)" }.joined(separator: ",")
      metadata["pixel_deviation"] = pixels.deviation.map { "\($0)" }.joined(separator: ",")
    }
    var file = SafeTensorsFile(metadata: metadata.merging(more) { $1 })
    for item in items {
      file[item.name] = item.value.entry
      guard item.name.hasSuffix(".running_var") else { continue }
      // PyTorch counts batches beside its statistics, and misses the count where it is not there.
      let counter = item.name.dropLast("running_var".count) + "num_batches_tracked"
      file[counter.description] = .init(int64s: [0], shape: [])
    }
    return Data(file.encoded())
  }
}
