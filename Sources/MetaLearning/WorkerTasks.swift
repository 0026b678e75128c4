internal import Kernels

/// Runs independent tasks on a fixed number of workers of this process and returns their results in index order.
///
/// Where there are fewer tasks than workers, the operations of a task share the workers that are left. Results are
/// combined by index, and operations are cut so that no sum changes: they are the same bits for any number of workers.
///
/// - Parameters:
///   - count: How many tasks.
///   - workers: How many run at once; at least 1.
///   - body: One task.
/// - Returns: One result per index.
/// - Throws: What a task throws, or `CancellationError` if the surrounding work is cancelled, as soon as the tasks under
///   way are done.
public func mapOnWorkers<Result: Sendable>(
  _ count: Int, workers: Int, _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  // The first tasks take what does not go round.
  @Sendable func team(_ index: Int) -> Int {
    count < workers ? workers / count + (index < workers % count ? 1 : 0) : 1
  }
  return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: count)
    var next = 0
    func start() {
      guard next < count else { return }
      let index = next
      next += 1
      group.addTask {
        // There may be more workers than threads: those that have not begun when the work is cancelled never do.
        try Task.checkCancellation()
        return (index, try Team.$size.withValue(team(index)) { try body(index) })
      }
    }
    for _ in 0..<max(1, workers) { start() }
    while let (index, result) = try await group.next() {
      results[index] = result
      try Task.checkCancellation()
      start()
    }
    return results.compactMap { $0 }
  }
}
