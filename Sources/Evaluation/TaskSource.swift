public import Episodes
public import Images
public import MetaLearning

/// The tasks of an evaluation, by number: every candidate meets the same ones.
public struct TaskSource: Sendable {
  /// How many tasks there are.
  public let count: Int
  private let make: @Sendable (_ index: Int) throws -> MetaTask

  /// Tasks made on demand.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - make: The task with a number; the same for every call.
  public init(count: Int, _ make: @escaping @Sendable (_ index: Int) throws -> MetaTask) {
    self.count = count
    self.make = make
  }

  /// The tasks of described episodes.
  public init(_ episodes: [EpisodeDescription], of store: ImageStore) {
    self.init(count: episodes.count) { MetaTask(try store.episode(episodes[$0])) }
  }

  /// The task with a number in `0..<count`.
  ///
  /// - Throws: Where its images are not there.
  public func task(_ index: Int) throws -> MetaTask { try make(index) }

  /// The first tasks, up to a number.
  public func prefix(_ most: Int) -> TaskSource { TaskSource(count: min(most, count), make) }
}
