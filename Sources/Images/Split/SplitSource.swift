/// How the classes are divided into splits.
public enum SplitSource: Hashable, Sendable {
  /// Folders `train`, `val`, `test` or Omniglot's two parts if the data has them, else a seeded division.
  case automatic

  /// Always the seeded 64 / 16 / 20 % division of the sorted classes.
  case seeded

  /// A split file, or a folder of three.
  case file(String)

  /// All classes in one split, for data that nothing is trained on.
  case whole(Split)
}

/// The counts of one split.
public struct SplitReport: Codable, Hashable, Sendable {
  /// The split that is counted.
  public let split: Split

  /// The number of its classes.
  public let classes: Int

  /// The number of its images, over all classes.
  public let images: Int

  /// Images of the smallest class; 0 without classes.
  public let fewestImages: Int

  /// Images of the largest class; 0 without classes.
  public let mostImages: Int

  /// Counts the classes of a split and their images.
  init(_ split: Split, of classes: [ImageClass]) {
    let counts = classes.map(\.images.count)
    self.split = split
    self.classes = counts.count
    images = counts.reduce(0, +)
    fewestImages = counts.min() ?? 0
    mostImages = counts.max() ?? 0
  }
}
