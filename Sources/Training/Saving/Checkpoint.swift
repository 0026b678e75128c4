package import Foundation
internal import Kernels
package import MetaLearning
internal import Networks
internal import Results
package import SafeTensors
internal import Tensors

/// Meta-parameters and where they came from, as safetensors.
package enum Checkpoint {
  /// The file's bytes: every parameter by its path, every inner rate as `rate:<path>`, sealed with a checksum.
  ///
  /// The header says of every rank that training lowered which of its declared positions are left.
  ///
  /// - Parameters:
  ///   - point: What to save.
  ///   - arm: Whose parameters.
  ///   - metadata: Facts for the header, for example the iteration.
  /// - Returns: The bytes, the same for the same point.
  package static func encode(_ point: MetaParameters, of arm: Arm, metadata: [String: String] = [:]) -> Data {
    var file = SafeTensorsFile(
      metadata: metadata.merging(["format": "fewshot-checkpoint", "arm": arm.name]) { $1 })
    write(point, of: arm, into: &file)
    return Data(SealedFile.encode(file))
  }

  /// The file of a point that was validated.
  ///
  /// - Parameters:
  ///   - point: What to save.
  ///   - arm: Whose parameters.
  ///   - number: After how many updates.
  ///   - accuracy: What it reached on the validation episodes.
  /// - Returns: As ``encode(_:of:metadata:)``.
  static func encode(_ point: MetaParameters, of arm: Arm, after number: Int, accuracy: Double) -> Data {
    encode(point, of: arm, metadata: ["iteration": "\(number)", "validation_accuracy": "\(accuracy)"])
  }

  /// Puts a point into a file, every name behind a prefix.
  static func write(
    _ point: MetaParameters, of arm: Arm, into file: inout SafeTensorsFile, prefix: String = ""
  ) {
    for rank in point.initial.layout.ranks where rank.extent < rank.declared {
      file.metadata[prefix + rankKey(rank)] = rank.kept.map(String.init).joined(separator: ",")
    }
    for (entry, value) in zip(point.initial.layout.entries, point.initial.values) {
      file[prefix + entry.path] = value.entry
    }
    for (path, rate) in zip(arm.adaptedPaths, point.rates) { file[prefix + "rate:" + path] = rate.entry }
  }

  private static func rankKey(_ rank: Rank) -> String { "rank:" + rank.path }

  /// The meta-parameters of a file.
  ///
  /// Their layout has the ranks that training left; ``Arm/lowered(to:)`` gives the arm at the same ranks.
  ///
  /// - Throws: An error that says so if the file is damaged, ``SelfCheckError`` if it belongs to another arm.
  package static func decode(_ data: Data, for arm: Arm) throws -> MetaParameters {
    try read(from: SealedFile.decode([UInt8](data)), for: arm)
  }

  /// The meta-parameters of a file at a path.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - arm: Whose parameters.
  /// - Returns: As ``decode(_:for:)``.
  /// - Throws: ``StoredResultError`` with the path if the file is not there or damaged, ``SelfCheckError`` if it belongs
  ///   to another arm.
  package static func read(_ path: String, for arm: Arm) throws -> MetaParameters {
    try read(from: file(at: path), for: arm)
  }

  /// The file at a path, its checksum compared.
  ///
  /// - Throws: ``StoredResultError`` with the path if the file is not there or damaged.
  package static func file(at path: String) throws -> SafeTensorsFile {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoredResultError.noCheckpoint(path: path)
    }
    do {
      return try SealedFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    } catch let error as SealedFile.Broken {
      throw StoredResultError.damaged(path: path, reason: error.reason)
    }
  }

  /// The point that ``write(_:of:into:prefix:)`` put into a file.
  static func read(
    from file: SafeTensorsFile, for arm: Arm, prefix: String = ""
  ) throws -> MetaParameters {
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let entry = file[prefix + name], entry.shape == shape.extents else {
        throw SelfCheckError(
          check: "checkpoint", found: "\(name) is missing or of another shape",
          expected: "the arm \(arm.name)",
          advice: "Use the configuration that the checkpoint was made with")
      }
      return Tensor(try file.doubles(prefix + name).map { Scalar($0) }, shape: shape)
    }
    let layout = try layout(of: file, for: arm, prefix: prefix)
    return MetaParameters(
      initial: Parameters(layout: layout, values: try layout.entries.map { try tensor($0.path, $0.shape) }),
      // As many rates as training had; reading beyond would be a crash later.
      rates: try arm.learner.innerLoop.refs.map { ref in
        try tensor("rate:" + layout[ref].path, arm.learner.innerLoop.rateShape(of: ref, in: layout))
      })
  }

  /// The arm's layout with the ranks of a file.
  private static func layout(
    of file: SafeTensorsFile, for arm: Arm, prefix: String
  ) throws(SelfCheckError) -> ParameterLayout {
    let layout = arm.network.layout
    var kept: [RankRef: [Int]] = [:]
    for ref in layout.rankRefs {
      guard let text = file.metadata[prefix + rankKey(layout[ref])] else { continue }
      let present = layout[ref].kept
      let positions = text.split(separator: ",").map { Int($0).flatMap(present.firstIndex) }
      let found = positions.compactMap { $0 }
      guard !found.isEmpty, found.count == positions.count, found == Set(found).sorted() else {
        throw SelfCheckError(
          check: "checkpoint", found: "\(rankKey(layout[ref])) is \"\(text)\"",
          expected: "ascending positions below \(layout[ref].declared)",
          advice: "Use the configuration that the checkpoint was made with")
      }
      kept[ref] = found
    }
    return RankReduction(of: layout, keeping: kept).layout
  }
}

extension Arm {
  /// Paths of the adapted tensors, in the order of the inner loop.
  package var adaptedPaths: [String] { learner.innerLoop.refs.map { network.layout[$0].path } }
}

extension Tensor {
  /// The numbers at the precision they were computed in.
  package var entry: SafeTensorsFile.Entry {
    #if DoublePrecision
      SafeTensorsFile.Entry(doubles: scalars, shape: shape.extents)
    #else
      SafeTensorsFile.Entry(floats: scalars, shape: shape.extents)
    #endif
  }
}
