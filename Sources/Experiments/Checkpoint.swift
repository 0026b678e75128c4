public import Foundation
public import MetaLearning
internal import Networks
internal import SafeTensors
internal import Tensors

/// Meta-parameters and where they came from, as safetensors.
public enum Checkpoint {
  /// The file's bytes: every parameter by its path, every inner rate as `rate:<path>`.
  ///
  /// - Parameters:
  ///   - point: What to save.
  ///   - arm: Whose parameters.
  ///   - metadata: Facts for the header, for example the iteration.
  /// - Returns: The bytes, the same for the same point.
  public static func encode(_ point: MetaParameters, of arm: Arm, metadata: [String: String] = [:]) -> Data {
    var file = SafeTensorsFile(
      metadata: metadata.merging(["format": "fewshot-checkpoint", "arm": arm.name]) { $1 })
    for (entry, value) in zip(point.initial.layout.entries, point.initial.values) {
      file[entry.path] = value.entry
    }
    for (path, rate) in zip(arm.adaptedPaths, point.rates) { file["rate:" + path] = rate.entry }
    return Data(file.encoded())
  }

  /// The meta-parameters of a file.
  ///
  /// - Throws: `SafeTensorsError` if the file is damaged, ``SelfCheckError`` if it belongs to another arm.
  public static func decode(_ data: Data, for arm: Arm) throws -> MetaParameters {
    let file = try SafeTensorsFile(bytes: [UInt8](data))
    func tensor(_ name: String, _ shape: Shape?) throws -> Tensor {
      guard let entry = file[name], shape.map({ $0.extents == entry.shape }) ?? true else {
        throw SelfCheckError(
          check: "checkpoint", found: "\(name) is missing or of another shape",
          expected: "the arm \(arm.name)",
          advice: "Use the configuration that the checkpoint was made with")
      }
      return Tensor(try file.doubles(name).map { Scalar($0) }, shape: Shape(entry.shape))
    }
    let layout = arm.network.layout
    return MetaParameters(
      initial: Parameters(layout: layout, values: try layout.entries.map { try tensor($0.path, $0.shape) }),
      rates: try arm.adaptedPaths.map { try tensor("rate:" + $0, nil) })
  }
}

extension Arm {
  /// Paths of the adapted tensors, in the order of the inner loop.
  public var adaptedPaths: [String] { learner.innerLoop.refs.map { network.layout[$0].path } }
}

extension Tensor {
  /// The numbers at the precision they were computed in.
  var entry: SafeTensorsFile.Entry {
    #if DoublePrecision
      SafeTensorsFile.Entry(doubles: scalars, shape: shape.extents)
    #else
      SafeTensorsFile.Entry(floats: scalars, shape: shape.extents)
    #endif
  }
}
