package import Foundation
internal import Files
internal import Formats
internal import Kernels
internal import MetaLearning
internal import Networks
internal import Results
package import SafeTensors
internal import Settings
package import Studies
internal import Tensors
internal import Training

/// A learned task as a file of its own: what adapted, the layer of its classes, and which network it belongs to.
///
/// It holds no support image and nothing that all tasks of a run share, so it is as small as what adapts.
package struct TaskFile: Sendable {
  /// What the file says of the network it belongs to.
  package struct Origin: Hashable, Sendable {
    /// SHA-256 of the run's checkpoint.
    package let checkpoint: String
    /// The name of the arm that was adapted.
    package let arm: String
    /// The program that wrote it.
    package let version: String

    /// Where a task belongs.
    package init(checkpoint: String, arm: String, version: String) {
      (self.checkpoint, self.arm, self.version) = (checkpoint, arm, version)
    }
  }

  /// Where it belongs.
  package let origin: Origin
  /// The task.
  package let task: AdaptedTask

  private static let format = "fewshot-task"
  private static let weight = "classifier.weight"
  private static let bias = "classifier.bias"
  private static let centre = "classifier.centre"

  /// The bytes of the file of a task, the same for the same task; sealed with a checksum as checkpoints are.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - run: The arm whose network it belongs to.
  ///   - armName: The arm that was adapted, which may have another head than the run's.
  /// - Returns: A safetensors file.
  /// - Throws: If the run's checkpoint cannot be read.
  package static func encode(_ task: AdaptedTask, of run: TrainedRun, armName: String) throws -> Data {
    Data(encode(task, Origin(checkpoint: try run.checkpointHash(), arm: armName, version: Version.current)))
  }

  /// The same where it is known what the task belongs to.
  package static func encode(_ task: AdaptedTask, _ origin: Origin) -> [UInt8] {
    var file = SafeTensorsFile(metadata: [
      "format": format, "version": origin.version, "checkpoint": origin.checkpoint, "arm": origin.arm,
      "classes": JSONValue.list(task.classes.map { .text($0) }).line,
      "features": task.classifier.hasUnitRows ? "unit-length" : "plain",
    ])
    for (path, value) in task.adapted { file[path] = value.entry }
    file[weight] = task.classifier.weight.entry
    file[bias] = task.classifier.bias.entry
    if let centre = task.classifier.centre { file[Self.centre] = centre.entry }
    for (i, statistics) in task.statistics.enumerated() {
      file["statistics.\(i + 1).mean"] = statistics.mean.entry
      file["statistics.\(i + 1).variance"] = statistics.variance.entry
    }
    return SealedFile.encode(file)
  }

  /// Reads a file and finds the arm that it belongs to.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - runs: The arms of a run, of which one must be the task's.
  /// - Returns: The file, and the arm.
  /// - Throws: ``StoredResultError`` if it is not there or damaged, ``ConfigurationError`` if it is no task, or one of
  ///   another network.
  package static func read(_ path: String, among runs: [TrainedRun]) throws -> (TaskFile, TrainedRun) {
    try read(Checkpoint.file(at: path), from: path, among: runs, runs.map { try $0.checkpointHash() })
  }

  /// The same of a file that has been read, where the SHA-256 of every arm's checkpoint is known.
  package static func read(
    _ file: SafeTensorsFile, from path: String, among runs: [TrainedRun], _ hashes: [String]
  ) throws -> (TaskFile, TrainedRun) {
    func refuse(_ reason: String, _ remedy: String) -> ConfigurationError {
      ConfigurationError(field: "task", value: path, reason: reason, remedy: remedy)
    }
    let other = "Name a file that fewshot predict --save wrote"
    guard file.metadata["format"] == format, let checkpoint = file.metadata["checkpoint"],
      let arm = file.metadata["arm"]
    else { throw refuse("it is not a saved task", other) }
    guard let position = hashes.firstIndex(of: checkpoint) else {
      throw refuse(
        "it belongs to another network, whose checkpoint has the SHA-256 \(checkpoint.prefix(12))…, and that of "
          + "\(runs[0].folder) is \(hashes[0].prefix(12))…",
        "Name the run it was saved with, or adapt this one with --support")
    }
    let run = runs[position]
    guard let task = try task(in: file, of: run) else {
      throw refuse("it is damaged, or of another version (\(file.metadata["version"] ?? "unknown"))", other)
    }
    let origin = Origin(checkpoint: checkpoint, arm: arm, version: file.metadata["version"] ?? "unknown")
    return (TaskFile(origin: origin, task: task), run)
  }

  private init(origin: Origin, task: AdaptedTask) { (self.origin, self.task) = (origin, task) }

  /// The task of a file; nil if its tensors are not those of the network.
  private static func task(in file: SafeTensorsFile, of run: TrainedRun) throws -> AdaptedTask? {
    func tensor(_ name: String) throws -> Tensor? {
      guard let entry = file[name] else { return nil }
      return Tensor(try file.doubles(name).map { Scalar($0) }, shape: Shape(entry.shape))
    }
    let layout = run.arm.network.layout
    let features = run.arm.network.backbone.features
    guard let text = file.metadata["classes"],
      let names = (try? JSONReader.read(Array(text.utf8)[...]))?.strings,
      let weight = try tensor(Self.weight), let bias = try tensor(Self.bias),
      weight.shape == [names.count, features], bias.shape == [names.count], names.count > 1
    else { return nil }
    let centre = try tensor(Self.centre)
    guard centre.map({ $0.shape == [features] }) ?? true else { return nil }
    var statistics: [ChannelStatistics] = []
    while let mean = try tensor("statistics.\(statistics.count + 1).mean"),
      let variance = try tensor("statistics.\(statistics.count + 1).variance")
    {
      statistics.append(ChannelStatistics(mean: mean, variance: variance))
    }
    // Numbers that are not finite, and deviations of which there is no root, would go through to every answer.
    guard statistics.map(\.mean.shape) == expectedStatistics(of: run),
      statistics.allSatisfy({
        $0.variance.shape == $0.mean.shape && $0.variance.scalars.allSatisfy { $0 >= 0 }
      }),
      try file.names.allSatisfy({ try file.doubles($0).allSatisfy(\.isFinite) })
    else { return nil }
    var adapted: [(path: String, value: Tensor)] = []
    for ref in layout.refs where layout[ref].isLearned && layout[ref].role != .head {
      guard let value = try tensor(layout[ref].path) else { continue }
      guard value.shape == layout[ref].shape else { return nil }
      adapted.append((layout[ref].path, value))
    }
    return AdaptedTask(
      classes: names, adapted: adapted,
      classifier: TaskClassifier(
        weight: weight, bias: bias, centre: centre, hasUnitRows: file.metadata["features"] == "unit-length"),
      statistics: statistics)
  }

  /// The shapes of the statistics that a task of a network needs; none where the network has running ones.
  private static func expectedStatistics(of run: TrainedRun) -> [Shape] {
    let network = run.arm.network
    guard !network.hasRunningStatistics else { return [] }
    let image = run.plan.image
    let blank = Tensor(repeating: 0, shape: [1, image.side, image.side, image.channels])
    return network.statistics(of: blank, run.point.initial.detached).map(\.mean.shape)
  }
}
