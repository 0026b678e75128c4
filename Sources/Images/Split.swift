/// The part of a data set that a class belongs to.
public enum Split: String, Codable, CaseIterable, Hashable, Sendable {
  /// The classes for meta-training.
  case train

  /// The classes for choosing among models.
  case validation

  /// The classes for the final figures.
  case test

  /// Reads a name as folders and split files write it: `train`, `val`, `valid`, `validation`, `test`.
  public init?(named name: some StringProtocol) {
    switch name.lowercased() {
    case "train", "training": self = .train
    case "val", "valid", "validation": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}
