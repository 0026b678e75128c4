/// The images of one class.
public struct ImageClass: Hashable, Sendable {
  /// The folder of the class, relative to the data root, for example `Angelic/character01`.
  public let name: String

  /// Which split the class belongs to; none if a split file leaves it out.
  public let split: Split?

  /// Paths relative to the data root, sorted by bytes.
  public let images: [String]

  /// A class from its parts.
  public init(name: String, split: Split?, images: [String]) {
    self.name = name
    self.split = split
    self.images = images
  }

  /// The same class in no split.
  var undivided: ImageClass { ImageClass(name: name, split: nil, images: images) }
}
