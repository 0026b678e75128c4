public import MetaLearning

/// Takes adaptation apart: every candidate on the same tasks, with only a part of what it adapts taking its steps.
///
/// The networks are those that were trained; nothing is trained again. So a part that is left out shows what this
/// network loses without it, and not what a network would reach that was trained without it.
public struct AttributionSuite: Sendable {
  /// How many tasks are measured at once; the result does not depend on it.
  public var workers: Int
  /// Whether roles are also taken layer by layer.
  public var byLayer: Bool

  /// A suite with its settings.
  public init(workers: Int, byLayer: Bool = false) {
    self.workers = workers
    self.byLayer = byLayer
  }

  /// The parts of an arm: those of any of its trainings, since a random choice of numbers may differ between them.
  public func parts(of trainings: [Candidate]) -> [AdaptedPart] {
    var seen: Set<AdaptedPart> = []
    return trainings.flatMap { $0.learner.parts(byLayer: byLayer) }.filter { seen.insert($0).inserted }
  }

  /// Measures one candidate.
  ///
  /// - Parameters:
  ///   - candidate: The candidate.
  ///   - parts: The parts, in the order of the result.
  ///   - tasks: The tasks that it adapts to.
  ///   - cache: Keeps finished tasks; nil for none.
  ///   - advance: Called after every task that the cache does not hold, from any thread.
  /// - Returns: Scores after the trained steps, `[part][task]`.
  /// - Throws: What the tasks or the cache throw, or `CancellationError`.
  public func measure(
    _ candidate: Candidate, _ parts: [AdaptedPart], on tasks: TaskSource,
    keeping cache: (any ResultCache)? = nil, advance: @escaping @Sendable () -> Void = {}
  ) async throws -> [[TaskScore]] {
    // Parts with the same tensors are the same work: in an arm of head and atoms, head and without:atoms.
    let positions = parts.map(candidate.learner.positions)
    var distinct: [[Int]] = []
    for part in positions where !distinct.contains(part) { distinct.append(part) }
    let learners = distinct.map { candidate.learner.adapting(only: $0, at: candidate.point) }
    let found = try await mapTasks(tasks.count, workers: workers, keeping: cache) { i in
      defer { advance() }
      let task = try tasks.task(i)
      return learners.map { $0.learner.score(from: $0.point, on: task) }
    }
    return positions.map { part in
      let place = distinct.firstIndex(of: part) ?? 0
      return found.map { $0[place] }
    }
  }
}
