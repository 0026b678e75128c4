/// A run that was told to stop and has saved where it stands.
public struct RunInterruption: Error, Hashable, CustomStringConvertible {
  /// The run's folder.
  public let folder: String

  /// What to do next.
  public var description: String {
    "interrupted; everything up to here is saved. Go on with: \(Trainer.resumption(of: folder))"
  }
}
