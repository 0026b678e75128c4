internal import Foundation
public import ProcessGroups

/// Runs independent tasks on all workers of all processes of the current group, and returns their results in index order.
///
/// Process r of n does the tasks r, r + n, r + 2n, … on its workers, and every process gets every result, with all
/// bits. So what is computed from them, in their order, is the same for any number of processes and workers.
///
/// - Parameters:
///   - count: How many tasks.
///   - workers: How many run at once in this process; at least 1.
///   - step: What is done, for messages.
///   - body: One task.
/// - Returns: One result per index.
/// - Throws: What a task throws, in this process or as `GroupError` from another, or `CancellationError` if the surrounding
///   work is cancelled or the group is stopped, as soon as the tasks under way are done.
public func mapTasks<Result: Transferable>(
  _ count: Int, workers: Int, step: String = "tasks",
  _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  try await share(count, workers, step, .transferred(), body)
}

/// The same for results that can be coded.
public func mapTasks<Result: Codable & Sendable>(
  _ count: Int, workers: Int, step: String = "tasks",
  _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  try await share(count, workers, step, .coded(), body)
}

/// The same, but a result that is known is not computed again, and each new one is kept.
///
/// The first process has to know what was kept earlier; the others are told. New results are kept as soon as they are
/// there: in rounds, where there are several processes.
///
/// - Parameters:
///   - count: How many tasks.
///   - workers: How many run at once in this process.
///   - cache: What keeps results; nil for nothing. It is saved at the end, whatever that is.
///   - body: One task.
/// - Returns: One result per index, the same whether it was kept or computed.
/// - Throws: As ``mapTasks(_:workers:step:_:)``, and what the cache throws.
public func mapTasks<Result: Codable & Sendable>(
  _ count: Int, workers: Int, keeping cache: (any ResultCache)?,
  _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  guard let cache else { return try await mapTasks(count, workers: workers, body) }
  return try await mapTasks(count, workers: workers, keeping: [cache]) { i, _ in [try body(i)] }.map { $0[0] }
}

/// The same for tasks with one result for each of several caches.
///
/// - Parameters:
///   - count: How many tasks.
///   - workers: How many run at once in this process.
///   - caches: What keeps results.
///   - isUsable: Whether a result that was kept is one of this work.
///   - body: One task: its results for those of the caches that do not know it, given by their positions.
/// - Returns: For each task one result per cache.
/// - Throws: As ``mapTasks(_:workers:keeping:_:)``.
public func mapTasks<Result: Codable & Sendable>(
  _ count: Int, workers: Int, keeping caches: [any ResultCache],
  isUsable: (Result) -> Bool = { _ in true },
  _ body: @escaping @Sendable (_ index: Int, _ missing: [Int]) throws -> [Result]
) async throws -> [[Result]] {
  try await saving(caches) {
    let kept: [[Result?]] = try await known(to: caches, count)
    let known = kept.map { $0.map { $0.flatMap { isUsable($0) ? $0 : nil } } }
    let open = known.indices.filter { known[$0].contains { $0 == nil } }
    let isAlone = CurrentGroup.value.size == 1
    var results = known
    for round in rounds(of: open) {
      let found = try await share(round.count, workers, "kept tasks", .coded()) { k in
        let i = round[k]
        let missing = caches.indices.filter { known[i][$0] == nil }
        let made = try body(i, missing)
        // A process of its own keeps at once, in case it is killed.
        if isAlone { try keep(made, in: caches, missing, i) }
        return made
      }
      for (i, made) in zip(round, found) {
        let missing = caches.indices.filter { known[i][$0] == nil }
        for (c, result) in zip(missing, made) { results[i][c] = result }
        if !isAlone { try keep(made, in: caches, missing, i) }
      }
    }
    return results.map { $0.compactMap(\.self) }
  }
}

private func keep(
  _ made: [some Codable], in caches: [any ResultCache], _ missing: [Int], _ task: Int
) throws {
  for (c, result) in zip(missing, made) { try caches[c].keep(result, for: task) }
}

/// Tasks between two moments to keep results: all of them for one process, some for each of several.
private func rounds(of tasks: [Int]) -> [[Int]] {
  let group = CurrentGroup.value
  let length = group.size == 1 ? max(1, tasks.count) : 64 * group.size
  return stride(from: 0, to: tasks.count, by: length).map { Array(tasks[$0..<min($0 + length, tasks.count)]) }
}

/// What the first process's caches know, `[task][cache]`.
private func known<Result: Codable>(to caches: [any ResultCache], _ count: Int) async throws -> [[Result?]] {
  let group = CurrentGroup.value
  guard group.size > 1 else {
    return (0..<count).map { i in caches.map { $0.value(of: i) } }
  }
  let bytes = try await group.fromFirst("known results") { () -> Data in
    var writer = ByteWriter()
    for i in 0..<count {
      for cache in caches { writer.put(cache.result(of: i) ?? Data()) }
    }
    return writer.data
  }
  var reader = ByteReader(bytes)
  return try (0..<count).map { _ in
    try caches.map { _ in
      let bytes = try reader.bytes()
      return bytes.isEmpty ? nil : StoredValue.decode(Data(bytes))
    }
  }
}

/// How results travel.
private struct Coding<Result: Sendable>: Sendable {
  let put: @Sendable (_ result: Result, _ writer: inout ByteWriter) throws -> Void
  let get: @Sendable (_ reader: inout ByteReader) throws -> Result
}

extension Coding where Result: Transferable {
  static func transferred() -> Coding {
    Coding(put: { $0.put(into: &$1) }, get: { try Result(from: &$0) })
  }
}

extension Coding where Result: Codable {
  static func coded() -> Coding {
    Coding(put: { $1.put(try StoredValue.encode($0)) }) {
      guard let value: Result = StoredValue.decode(Data(try $0.bytes())) else {
        throw GroupError.malformed(what: "a result of a task")
      }
      return value
    }
  }
}

private func share<Result: Sendable>(
  _ count: Int, _ workers: Int, _ step: String, _ coding: Coding<Result>,
  _ body: @escaping @Sendable (_ index: Int) throws -> Result
) async throws -> [Result] {
  let group = CurrentGroup.value
  guard group.size > 1 else { return try await mapOnWorkers(count, workers: workers, body) }
  let (rank, size) = (group.rank, group.size)
  var own: [Result] = []
  let all = try await group.take(inPieces: "\(step), \(count)") {
    own = try await mapOnWorkers((count - rank + size - 1) / size, workers: workers) { k in
      if group.isStopping { throw CancellationError() }
      return try body(k * size + rank)
    }
    // Asked at the end too, so that a process without a task passes the word on.
    if group.isStopping { throw CancellationError() }
    var writer = ByteWriter()
    for result in own { try coding.put(result, &writer) }
    return writer.pieces
  }
  // Each process gave its results one after another.
  var readers = all.map { ByteReader($0) }
  return try (0..<count).map { i in
    i % size == rank ? own[i / size] : try coding.get(&readers[i % size])
  }
}
