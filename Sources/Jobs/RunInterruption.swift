internal import Results
internal import Training

/// A run that was told to stop and has saved where it stands.
package struct RunInterruption: Error, Hashable, CustomStringConvertible {
  /// The command that goes on.
  package let command: String

  /// The interruption of work that a command goes on with.
  package init(command: String) { self.command = command }

  /// The interruption of the run in a folder.
  init(folder: String) { self.init(command: RunFolder.resumption(of: folder)) }

  /// What to do next.
  package var description: String {
    "interrupted; everything up to here is saved. Go on with: \(command)"
  }
}
