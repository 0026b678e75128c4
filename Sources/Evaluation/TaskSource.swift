public import Episodes
public import Images
public import MetaLearning

/// The tasks of an evaluation, by number, the same ones for every candidate.
public struct TaskSource: Sendable {
  /// How many tasks there are.
  public let count: Int
  private let make: @Sendable (_ index: Int) throws -> MetaTask

  /// Tasks made on demand.
  ///
  /// - Parameters:
  ///   - count: How many tasks.
  ///   - make: The task with a number in `0..<count`; the same for every call, from any thread.
  public init(count: Int, _ make: @escaping @Sendable (_ index: Int) throws -> MetaTask) {
    self.count = count
    self.make = make
  }

  /// The tasks of described episodes, whose images are looked up when a task is asked for.
  ///
  /// - Parameters:
  ///   - episodes: The episodes, in order.
  ///   - store: The prepared images.
  public init(_ episodes: [EpisodeDescription], of store: ImageStore) {
    self.init(count: episodes.count) { MetaTask(try store.episode(episodes[$0])) }
  }

  /// The task with a number in `0..<count`.
  ///
  /// - Throws: `DatasetError.unknownImage` if the store does not have one of its images.
  public func task(_ index: Int) throws -> MetaTask { try make(index) }

  /// The first tasks, at most `most` of them.
  public func prefix(_ most: Int) -> TaskSource { TaskSource(count: min(most, count), make) }
}
