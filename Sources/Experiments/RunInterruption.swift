/// A run that was told to stop and has saved where it stands.
public struct RunInterruption: Error, Hashable, CustomStringConvertible {
  /// The command that goes on.
  public let command: String

  /// The interruption of work that a command goes on with.
  public init(command: String) { self.command = command }

  /// The interruption of the run in a folder.
  init(folder: String) { self.init(command: Trainer.resumption(of: folder)) }

  /// What to do next.
  public var description: String {
    "interrupted; everything up to here is saved. Go on with: \(command)"
  }
}
