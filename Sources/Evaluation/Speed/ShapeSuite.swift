public import Episodes
public import Images
public import MetaLearning
internal import Networks

/// Tests candidates with other numbers of shots and ways than they were trained with.
///
/// Ways: prototypes are made for any number of classes; a linear head has one output per class of training, and its
/// outputs have been trained to work together, so a network with a head is tested at its own ways only.
///
/// All shapes are drawn with the same number of query images, since batch statistics of the query depend on it.
public struct ShapeSuite: Sendable {
  /// The number of ways and shots of an episode to test.
  public struct Size: Hashable, Sendable {
    /// Classes of an episode.
    public let ways: Int
    /// Support images of each class.
    public let shots: Int

    /// A size from its parts.
    public init(ways: Int, shots: Int) {
      self.ways = ways
      self.shots = shots
    }
  }

  /// A shape that the data allows, with its episodes.
  public struct Drawn: Sendable {
    /// Ways, shots and queries of every episode.
    public let shape: EpisodeShape
    /// The tasks of the drawn episodes.
    public let tasks: TaskSource
  }

  /// A shape that cannot be tested, and why.
  public struct LeftOut: Hashable, Sendable {
    /// The ways and shots that were wanted.
    public let size: Size
    /// What the data lacks, as a sentence.
    public let reason: String
  }

  /// The shapes that the data allows, in the order of the sizes.
  public let drawn: [Drawn]
  /// The sizes that the data does not allow.
  public let leftOut: [LeftOut]

  /// The usual sizes around a shape: 1, 2, 3, 5 and 10 shots at its ways, then other ways at its shots.
  ///
  /// - Parameters:
  ///   - shape: The shape of training.
  ///   - ways: Other ways.
  /// - Returns: Each size once, including that of the shape itself.
  public static func sizes(around shape: EpisodeShape, ways: [Int] = [2, 3, 5, 10, 20]) -> [Size] {
    let shots = Set([1, 2, 3, 5, 10] + [shape.shots]).sorted().map { Size(ways: shape.ways, shots: $0) }
    let others = Set(ways).subtracting([shape.ways]).sorted().map { Size(ways: $0, shots: shape.shots) }
    return shots + others
  }

  /// Draws episodes of every size that the data allows.
  ///
  /// Query images are as many as wanted, or fewer where the smallest class leaves fewer beside the most shots; shots
  /// that would leave fewer than 5, or than wanted, are left out.
  ///
  /// - Parameters:
  ///   - sizes: Ways and shots.
  ///   - store: The images.
  ///   - split: Where the classes come from.
  ///   - queries: Query images per class wanted.
  ///   - rotations: What rotation does to the classes.
  ///   - episodes: How many of each size.
  ///   - seed: The seed of the episodes.
  /// - Throws: `DatasetError` for faults other than too few classes or images.
  public init(
    _ sizes: [Size], of store: ImageStore, split: Split = .test, queries: Int,
    rotations: RotationPolicy = .none,
    episodes: Int, seed: UInt64
  ) throws {
    let fewest = store.classes(in: split).map(\.images.count).min() ?? 0
    let least = min(5, queries)
    let most = sizes.map(\.shots).filter { fewest - $0 >= least }.max() ?? 0
    let asked = max(least, min(queries, fewest - most))
    var (drawn, leftOut): ([Drawn], [LeftOut]) = ([], [])
    for size in sizes {
      let shape = EpisodeShape(ways: size.ways, shots: size.shots, queries: asked)
      do throws(DatasetError) {
        let sampler = try EpisodeSampler(store, split: split, shape: shape, rotations: rotations, seed: seed)
        var descriptions: [EpisodeDescription] = []
        for i in 0..<episodes { descriptions.append(try sampler.episode(i)) }
        drawn.append(Drawn(shape: shape, tasks: TaskSource(descriptions, of: store)))
      } catch {
        switch error {
        case .tooFewClasses, .noClassFolder, .unfitDivision, .tooFewImages, .inseparable:
          leftOut.append(LeftOut(size: size, reason: error.fact))
        default: throw error
        }
      }
    }
    self.drawn = drawn
    self.leftOut = leftOut
  }

  /// The shapes that a candidate can be tested with.
  public func shapes(for candidate: Candidate) -> [Drawn] {
    drawn.filter { candidate.network.ways == nil || candidate.network.ways == $0.shape.ways }
  }

  /// Query accuracy after the trained steps, for each shape, mean over an arm's trainings task by task.
  ///
  /// - Parameters:
  ///   - trainings: The arm's candidates, one per seed.
  ///   - workers: Tasks at a time; the result does not depend on it.
  ///   - caches: One per training that keeps finished tasks of a shape; nil for none.
  /// - Returns: One row per shape that the arm can be tested with.
  /// - Throws: What the tasks throw, or `CancellationError`.
  /// - Precondition: there is at least one training.
  public func measure(
    _ trainings: [Candidate], workers: Int,
    keeping caches: (_ shape: EpisodeShape) -> [any ResultCache]? = { _ in nil }
  ) async throws -> [SpeedResult.Shape] {
    var rows: [SpeedResult.Shape] = []
    for item in shapes(for: trainings[0]) where item.tasks.count > 0 {
      let found = ArmAccuracy(
        try await trainings.scores(on: item.tasks, workers: workers, keeping: caches(item.shape)))
      rows.append(
        SpeedResult.Shape(
          ways: item.shape.ways, shots: item.shape.shots, queries: item.shape.queries,
          tasks: item.tasks.count, accuracy: found.accuracy, nonfinite: found.nonfinite))
    }
    return rows
  }
}
