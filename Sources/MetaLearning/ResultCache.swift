public import Foundation

/// Keeps the results of single tasks, so that work that is cut off goes on where it stopped.
public protocol ResultCache: Sendable {
  /// What was kept for a task; nil if the task has to be done.
  func result(of task: Int) -> Data?

  /// Keeps the result of a task; called from any thread.
  func keep(_ result: Data, of task: Int) throws

  /// Sees to it that everything kept so far outlives the process.
  func save() throws
}

extension ResultCache {
  /// How many of the first `count` tasks need not be done again.
  public func known(of count: Int) -> Int { (0..<count).count { result(of: $0) != nil } }

  /// The value that was kept for a task; nil if there is none, or it is of another kind.
  public func value<Value: Decodable>(of task: Int) -> Value? {
    guard let data = result(of: task) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try? decoder.decode([Value].self, from: data).first
  }

  /// Keeps a value with all bits of its numbers.
  public func keep(_ value: some Encodable, for task: Int) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // In a list, since a number alone is no document everywhere.
    try keep(encoder.encode([value]), of: task)
  }

  /// The same cache for tasks that are counted otherwise.
  ///
  /// - Parameter numbers: The cache's number of each task.
  /// - Returns: A cache whose task i is this one's `numbers[i]`.
  public func renumbered(_ numbers: [Int]) -> any ResultCache {
    RenumberedCache(whole: self, numbers: numbers)
  }
}

/// Some tasks of a cache.
private struct RenumberedCache: ResultCache {
  let whole: any ResultCache
  let numbers: [Int]

  func result(of task: Int) -> Data? { whole.result(of: numbers[task]) }
  func keep(_ result: Data, of task: Int) throws { try whole.keep(result, of: numbers[task]) }
  func save() throws { try whole.save() }
}

/// Runs independent tasks like ``mapTasks(_:workers:_:)``, but none whose result was kept.
///
/// - Parameters:
///   - count: How many tasks.
///   - workers: How many run at once; at least 1.
///   - cache: What keeps results; nil for nothing. It is saved at the end, whatever that is.
///   - body: One task.
/// - Returns: One result per index, the same whether it was kept or computed.
/// - Throws: What a task or the cache throws, or `CancellationError` if the surrounding work is cancelled.
public func mapTasks<Result: Codable & Sendable>(
  _ count: Int, workers: Int, keeping cache: (any ResultCache)?,
  _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  guard let cache else { return try await mapTasks(count, workers: workers, body) }
  return try await saving([cache]) {
    try await mapTasks(count, workers: workers) { i in
      if let known: Result = cache.value(of: i) { return known }
      let result = try body(i)
      try cache.keep(result, for: i)
      return result
    }
  }
}

/// Does work and saves caches after it, also where it is cancelled or fails.
///
/// - Parameters:
///   - caches: What the work keeps results in.
///   - work: The work.
/// - Returns: What the work returns.
/// - Throws: What the work throws; else what saving throws.
public func saving<Result>(_ caches: [any ResultCache], _ work: () async throws -> Result) async throws
  -> Result
{
  let result: Result
  do {
    result = try await work()
  } catch {
    // The work's own failure says more than that of saving what came before it.
    for cache in caches { try? cache.save() }
    throw error
  }
  for cache in caches { try cache.save() }
  return result
}
