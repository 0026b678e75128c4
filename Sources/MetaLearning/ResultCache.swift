public import Foundation

/// Keeps the results of single tasks, so that work that is cut off goes on where it stopped.
public protocol ResultCache: Sendable {
  /// What was kept for a task; nil if the task has to be done.
  func result(of task: Int) -> Data?

  /// Keeps the result of a task; called from any thread.
  func keep(_ result: Data, of task: Int) throws

  /// Keeps a value with all bits of its numbers.
  func keep(_ value: some Encodable, for task: Int) throws

  /// Sees to it that everything kept so far outlives the process.
  func save() throws
}

extension ResultCache {
  /// How many of the first `count` tasks need not be done again.
  public func known(of count: Int) -> Int { (0..<count).count { result(of: $0) != nil } }

  /// The value that was kept for a task; nil if there is none, or it is of another kind.
  public func value<Value: Decodable>(of task: Int) -> Value? {
    result(of: task).flatMap { StoredValue.decode($0) }
  }

  /// Keeps a value with all bits of its numbers.
  public func keep(_ value: some Encodable, for task: Int) throws {
    try keep(StoredValue.encode(value), of: task)
  }

  /// The same cache for tasks that are counted otherwise.
  ///
  /// - Parameter numbers: The cache's number of each task.
  /// - Returns: A cache whose task i is this one's `numbers[i]`.
  public func renumbered(_ numbers: [Int]) -> any ResultCache {
    RenumberedCache(whole: self, numbers: numbers)
  }
}

/// Keeps nothing.
public struct NoCache: ResultCache {
  /// A cache that forgets.
  public init() {}
  /// Nothing.
  public func result(of task: Int) -> Data? { nil }
  /// Forgets the result.
  public func keep(_ result: Data, of task: Int) {}
  /// Forgets the value, without making bytes of it.
  public func keep(_ value: some Encodable, for task: Int) {}
  /// Nothing to save.
  public func save() {}
}

/// Values as bytes, with all bits of their numbers.
enum StoredValue {
  /// A value that was written; nil if it is of another kind.
  static func decode<Value: Decodable>(_ data: Data) -> Value? {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try? decoder.decode([Value].self, from: data).first
  }

  /// The bytes of a value.
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // In a list, since a number alone is no document everywhere.
    return try encoder.encode([value])
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
