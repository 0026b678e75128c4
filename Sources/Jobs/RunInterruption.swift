internal import Results
internal import Training

/// A run that was told to stop and has saved its state.
package struct RunInterruption: Error, Hashable, CustomStringConvertible {
  /// The command that continues it.
  package let command: String

  /// The interruption of work that a command can continue.
  package init(command: String) { self.command = command }

  /// The interruption of the run in a folder.
  init(folder: String) { self.init(command: RunFolder.resumption(of: folder)) }

  /// What to do next.
  package var description: String {
    "interrupted; everything so far is saved. Continue with: \(command)"
  }
}
