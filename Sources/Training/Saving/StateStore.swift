internal import Files
internal import Foundation
package import Results
internal import SafeTensors
package import Settings

/// Where the states of one arm are kept: the last two, each in a file of its own with a checksum.
///
/// The names hold the number of updates, so a new state never overwrites the one before it; the oldest is removed only
/// when the new one is on disk.
package struct StateStore: Sendable {
  package let folder: RunFolder
  /// The arm's folder below the run's, such as `checkpoints`.
  package let subfolder: String
  package let identity: RunIdentity

  /// From its parts.
  package init(folder: RunFolder, subfolder: String, identity: RunIdentity) {
    self.folder = folder
    self.subfolder = subfolder
    self.identity = identity
  }

  /// The checkpoint of the last validation.
  var lastCheckpoint: String { subfolder + "/last.safetensors" }
  /// The checkpoint of the best validation.
  var bestCheckpoint: String { subfolder + "/best.safetensors" }

  /// How many states are kept.
  static let kept = 2

  private static let stem = "state-"
  private static let suffix = ".safetensors"
  private static let identityKey = "run"

  /// A state that was read, the run it belongs to, and the newer files that could not be used.
  package struct Found: Sendable {
    package let state: TrainingState
    package let identity: RunIdentity
    package let damaged: [String]
  }

  /// Keeps a state and removes the oldest of more than two.
  package func save(_ state: TrainingState) throws {
    guard !folder.isElsewhere else { return }
    let file = state.file(metadata: [Self.identityKey: identity.text])
    let number = String(state.iteration)
    let digits = String(repeating: "0", count: max(0, 9 - number.count)) + number
    try folder.write(Data(SealedFile.encode(file)), to: "\(subfolder)/\(Self.stem)\(digits)\(Self.suffix)")
    for name in names.dropLast(Self.kept) { try folder.remove("\(subfolder)/\(name)") }
  }

  /// The newest state that is whole.
  ///
  /// - Parameters:
  ///   - arm: The arm as it was declared.
  ///   - plan: The run's plan.
  ///   - isForced: Whether a state of another run is accepted as well.
  /// - Returns: nil if none was saved yet.
  /// - Throws: ``DamagedStates`` if there are states but none is whole; ``ResumeRefusal`` if the newest is another
  ///   run's.
  package func newest(_ arm: Arm, _ plan: Plan, isForced: Bool) throws -> Found? {
    let names = names
    var damaged: [String] = []
    for name in names.reversed() {
      let file: SafeTensorsFile
      do throws(SealedFile.Broken) {
        file = try SealedFile.decode(try bytes(name))
      } catch {
        damaged.append("\(subfolder)/\(name): \(error.reason)")
        continue
      }
      let recorded = RunIdentity(text: file.metadata[Self.identityKey] ?? "")
      // Another run's state may not fit the arm at all; that it is another's is the better message.
      let differences = isForced ? [] : identity.differences(from: recorded)
      guard differences.isEmpty else {
        throw ResumeRefusal(folder: folder.path, differences: differences)
      }
      return Found(state: try TrainingState(file, for: arm, plan), identity: recorded, damaged: damaged)
    }
    guard names.isEmpty else { throw DamagedStates(folder: folder.path, files: damaged) }
    return nil
  }

  /// Removes all states, for a run that is finished.
  package func clear() throws { try Self.clear(folder, subfolder) }

  /// Removes those of one arm.
  package static func clear(_ folder: RunFolder, _ subfolder: String) throws {
    for name in folder.names(in: subfolder) where name.hasPrefix(stem) {
      try folder.remove("\(subfolder)/\(name)")
    }
  }

  /// The files with states, the oldest first.
  private var names: [String] {
    folder.names(in: subfolder).filter { $0.hasPrefix(Self.stem) && $0.hasSuffix(Self.suffix) }
  }

  private func bytes(_ name: String) throws(SealedFile.Broken) -> [UInt8] {
    do {
      return [UInt8](try folder.read("\(subfolder)/\(name)"))
    } catch {
      throw SealedFile.Broken(reason: systemReason(error))
    }
  }
}

/// Every saved state is truncated or altered.
package struct DamagedStates: Error, Hashable, CustomStringConvertible {
  /// The run's folder.
  package let folder: String
  /// The files, each with what is wrong.
  package let files: [String]

  /// What, where, why and what to do.
  package var description: String {
    "\(folder): no saved state of training can be used (\(files.joined(separator: "; "))).\n"
      + "Remove these files to train this arm from its start, or start the run again with another --output."
  }
}
