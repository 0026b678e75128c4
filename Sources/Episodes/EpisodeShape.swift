/// How many images each class of an episode gives.
public enum ClassSizes: String, Codable, CaseIterable, Hashable, Sendable {
  /// All classes as many.
  case equal

  /// As many, but a class with fewer different images gives what it has: at least one to each side.
  case available

  /// By the rules of Meta-Dataset, see ``EpisodeSizes``: more of a class with more images, and of some classes more than
  /// of others.
  case variable
}

/// From where the classes of one episode come.
public enum ClassSampling: String, Codable, CaseIterable, Hashable, Sendable {
  /// From anywhere in the split, all classes alike.
  case uniform

  /// From below one folder: a folder is drawn first, all alike, then classes below it.
  ///
  /// A folder takes part that has as many classes of the split below it, at any depth, as the smallest episode needs, but
  /// not all of them.
  ///
  /// - Source: Triantafillou et al. 2020 (Meta-Dataset), section 3.2, who draw an alphabet of Omniglot so.
  case folder
}

/// The size of an episode's task.
public struct EpisodeShape: Codable, Hashable, Sendable {
  /// The most support images of an episode whose classes are of variable size.
  public static let mostSupport = 500

  /// The number of classes, N; where it varies, the most.
  public var ways: Int

  /// The number of support images of each class, K; where it varies, the most.
  public var shots: Int

  /// The number of query images of each class; where it varies, the most.
  public var queries: Int

  /// The fewest classes; each episode draws its own number from there to ``ways``, all alike.
  public var fewestWays: Int

  /// How many images each class gives.
  public var sizes: ClassSizes

  /// From where the classes come.
  public var sampling: ClassSampling

  /// A shape from its parts.
  ///
  /// - Precondition: all numbers are positive, and `fewestWays` is not above `ways`.
  public init(
    ways: Int, shots: Int, queries: Int, fewestWays: Int? = nil, sizes: ClassSizes = .equal,
    sampling: ClassSampling = .uniform
  ) {
    let fewest = fewestWays ?? ways
    precondition(
      0 < fewest && fewest <= ways && shots > 0 && queries > 0,
      "episode of \(fewest) to \(ways) ways, \(shots) + \(queries) images")
    self.ways = ways
    self.shots = sizes == .variable ? Self.mostSupport : shots
    self.queries = queries
    self.fewestWays = fewest
    self.sizes = sizes
    self.sampling = sampling
  }

  /// Whether all episodes are equally large, with classes from anywhere.
  public var isPlain: Bool { fewestWays == ways && sizes == .equal && sampling == .uniform }

  /// In a few words, such as `5 ways, 1 shots, 15 queries`.
  public var words: String {
    let classes = fewestWays == ways ? "\(ways)" : "\(fewestWays) to \(ways)"
    let images =
      switch sizes {
      case .equal: "\(shots) shots, \(queries) queries"
      case .available: "up to \(shots) shots, up to \(queries) queries"
      case .variable: "variable shots, up to \(queries) queries"
      }
    return "\(classes) ways, \(images)" + (sampling == .folder ? ", classes of one folder" : "")
  }
}
