/// How rotation by right angles makes classes.
public enum RotationPolicy: String, Codable, CaseIterable, Hashable, Sendable {
  /// No image is turned.
  case none

  /// Each class turned by 0, 90, 180 and 270 degrees counts as four classes, `name`, `name@90`, ...
  case `class`

  /// Each class of an episode is turned by one drawn multiple of 90 degrees.
  case episode
}

/// Which images make up an episode.
///
/// The label of a class is its position.
public struct EpisodeDescription: Codable, Hashable, Sendable {
  /// The number of the episode in its sequence, from 0.
  public var index: Int

  /// Names of the classes; a turned class of its own ends in `@90`, `@180` or `@270`.
  public var classes: [String]

  /// Degrees by which each class is turned counterclockwise: 0, 90, 180 or 270.
  public var rotations: [Int]

  /// Paths of the support images of each class.
  public var support: [[String]]

  /// Paths of the query images of each class.
  public var query: [[String]]

  /// A description from its parts, unchecked.
  public init(index: Int, classes: [String], rotations: [Int], support: [[String]], query: [[String]]) {
    self.index = index
    self.classes = classes
    self.rotations = rotations
    self.support = support
    self.query = query
  }
}
