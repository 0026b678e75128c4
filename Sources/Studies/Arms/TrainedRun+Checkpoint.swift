internal import Files
internal import Formats
internal import Foundation
package import Networks
internal import Results
internal import Training

extension TrainedRun {
  /// The file of its best point.
  package var checkpoint: String {
    "\(folder)/\(RunFolder.checkpointFolders[isBaseline ? 1 : 0])/best.safetensors"
  }

  /// SHA-256 of that file, as `sha256sum` prints it.
  ///
  /// - Throws: If the file cannot be read.
  package func checkpointHash() throws -> String {
    ContentHash.sha256([UInt8](try Data(contentsOf: URL(fileURLWithPath: checkpoint))))
  }

  /// SHA-256 of what a network is read from.
  ///
  /// - Parameter path: A run's folder, whose best checkpoint it is, or a checkpoint.
  /// - Returns: 64 hexadecimal digits; nil if there is none.
  package static func checkpointHash(at path: String) -> String? {
    let inside = "\(path)/\(RunFolder.checkpointFolders[0])/best.safetensors"
    let file = FileManager.default.fileExists(atPath: inside) ? inside : path
    return (try? Data(contentsOf: URL(fileURLWithPath: file))).map { ContentHash.sha256([UInt8]($0)) }
  }

  /// One arm of a folder.
  ///
  /// - Parameters:
  ///   - name: The arm's name, as in `results.json`; nil for the chosen one of the run.
  ///   - folder: A run's folder.
  ///   - families: All families.
  /// - Returns: The arm.
  /// - Throws: If the folder cannot be read, or has no such arm; the error lists those it has.
  package static func arm(
    named name: String?, in folder: String, families: [any ConvFamily.Type]
  ) throws -> TrainedRun {
    try arm(named: name, among: all(in: folder, families: families))
  }

  /// One of the arms of a run.
  ///
  /// - Parameters:
  ///   - name: The arm's name; nil for the first.
  ///   - all: The arms of one folder.
  /// - Returns: The arm.
  /// - Throws: If there is no such arm; the error lists those there are.
  package static func arm(
    named name: String?, among all: [TrainedRun]
  ) throws(ConfigurationError) -> TrainedRun {
    guard let name else { return all[0] }
    if let run = all.first(where: { $0.arm.name == name }) { return run }
    throw ConfigurationError(
      field: "arm", value: name, reason: "\(all[0].folder) has no such arm",
      remedy: "Use \(all.map(\.arm.name).joined(separator: " or "))")
  }
}
