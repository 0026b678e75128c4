internal import Files
internal import Foundation
package import MetaLearning
package import Networks
internal import Results
internal import SafeTensors
package import Settings
internal import Tensors
package import Training

/// A trained network that arms start from: that of a run, or a checkpoint by itself.
package struct SourceNetwork: Sendable {
  /// The path it was read from.
  package let path: String
  /// SHA-256 of its checkpoint.
  package let hash: String
  /// The network, without a head of its own where it is a checkpoint by itself.
  package let network: Network
  /// Where it stands.
  package let parameters: Parameters
  /// Its convolution family, with its settings.
  private let family: (name: String, options: [String: String])

  /// Reads it.
  ///
  /// - Parameters:
  ///   - path: A run's folder, whose best checkpoint it is, or a checkpoint.
  ///   - plan: What is going to start from it; says what a checkpoint by itself holds.
  ///   - families: All families.
  /// - Throws: ``ConfigurationError`` if a tensor is missing or of another shape, naming the first; what reading throws.
  package init(_ path: String, for plan: Plan, families: [any ConvFamily.Type]) throws {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ConfigurationError(
        field: "initial", value: path, reason: "there is no such folder or file",
        remedy: "Name the folder of a finished run, or a checkpoint that ends in .safetensors")
    }
    if isFolder.boolValue {
      let run = try TrainedRun.all(in: path, families: families)[0]
      (network, parameters) = (run.arm.network, run.point.initial)
      family = (run.arm.family, run.arm.options)
      hash = try run.checkpointHash()
      return
    }
    let file = try Checkpoint.file(at: path)
    let plan = try plan.fittingBudget(families: families)
    var network = try plan.bareNetwork(families: families)
    if file["statistics.1.mean"] != nil {
      network.declareRunningStatistics(for: plan.image)
    }
    self.network = network
    family = (plan.family, plan.options)
    parameters = try Self.parameters(of: file, at: path, network.layout)
    hash = ContentHash.sha256([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  private static func parameters(
    of file: SafeTensorsFile, at path: String, _ layout: ParameterLayout
  ) throws -> Parameters {
    Parameters(
      layout: layout,
      values: try layout.entries.map { entry in
        guard let found = file[entry.path], found.shape == entry.shape.extents else {
          throw ConfigurationError(
            field: "initial", value: path,
            reason: "\(entry.path) is \(entry.shape) here and "
              + (file[entry.path].map { "\(Shape($0.shape))" } ?? "missing") + " there",
            remedy: "Use the family, option, backbone, filters, channels and image-size it was trained with")
        }
        return Tensor(try file.doubles(entry.path).map { Scalar($0) }, shape: entry.shape)
      })
  }

  /// Where an arm starts.
  ///
  /// - Parameters:
  ///   - arm: The arm.
  ///   - drawn: Where it would start without a source; what the source says nothing of stays so, such as a head for
  ///     other classes.
  /// - Returns: The start, and how near each kernel comes if the arm has another family; nil where all are taken over.
  /// - Throws: If the backbones differ, naming the first tensor, or the arm's family has no fit to kernels.
  package func start(
    of arm: Arm, from drawn: MetaParameters
  ) throws(ConfigurationError) -> (point: MetaParameters, conversion: Conversion?) {
    if arm.network.hasRunningStatistics && !network.hasRunningStatistics {
      throw ConfigurationError(
        field: "running-statistics", value: "true", reason: "\(path) has none",
        remedy: "Leave it out, or start from a network that was trained with some")
    }
    if arm.family == family.name && arm.options == family.options {
      try refuseOther(arm.network.layout)
      let taken = Conversion.copy(parameters, to: drawn.initial)
      return (MetaParameters(initial: taken, rates: drawn.rates), nil)
    }
    let conversion = try Conversion(of: network, at: parameters, to: arm.network, from: drawn.initial)
    return (MetaParameters(initial: conversion.parameters, rates: drawn.rates), conversion)
  }

  /// Refuses a network of the same family whose body is another, by its first tensor.
  private func refuseOther(_ layout: ParameterLayout) throws(ConfigurationError) {
    for entry in layout.entries where entry.isLearned && entry.role != .head && entry.isMetaTrained {
      let theirs = network.layout.ref(at: entry.path).map { network.layout[$0].shape }
      guard theirs == entry.shape else {
        throw ConfigurationError(
          field: "initial", value: path,
          reason: "\(entry.path) is \(entry.shape) here and "
            + (theirs.map { "\($0)" } ?? "missing") + " there",
          remedy: "Use the backbone, filters, channels and image-size it was trained with")
      }
    }
  }
}
