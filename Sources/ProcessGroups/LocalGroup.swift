public import Foundation
internal import Synchronization

/// A group whose processes are tasks of one process, for tests and trials.
public struct LocalGroup: ProcessGroup {
  /// The number of this member.
  public let rank: Int
  /// How many there are.
  public let size: Int
  /// How errors are told.
  public let describe: @Sendable (any Error) -> (status: Int32, message: String)
  private let meeting: Meeting

  /// The members of a new group.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - describe: How errors are told.
  /// - Returns: One for each rank.
  public static func members(
    _ count: Int,
    describe: @escaping @Sendable (any Error) -> (status: Int32, message: String) = { (1, "\($0)") }
  ) -> [LocalGroup] {
    let meeting = Meeting(count)
    return (0..<count).map { LocalGroup(rank: $0, size: count, describe: describe, meeting: meeting) }
  }

  /// Gathers the bytes of all members.
  public func allGather(_ own: [Data]) async throws -> [Data] {
    try await meeting.give(Data(own.joined()), rank)
  }

  /// Asks all members to stop.
  public func stop() { meeting.isStopping.store(true, ordering: .relaxed) }

  /// Whether one was asked to.
  public var isStopping: Bool { meeting.isStopping.load(ordering: .relaxed) }

  /// Lets all others know that this member is gone.
  public func vanish() { meeting.lose(rank) }

  /// What this member exchanged.
  public var traffic: Traffic { meeting.traffic(rank) }

  /// Where members wait for each other.
  private final class Meeting: Sendable {
    private struct State {
      var given: [Data?]
      var waiting: [CheckedContinuation<[Data], any Error>] = []
      var traffic: [Traffic]
      var lost: GroupError?
    }

    let isStopping = Atomic(false)
    private let state: Mutex<State>

    init(_ count: Int) {
      state = Mutex(
        State(
          given: [Data?](repeating: nil, count: count),
          traffic: [Traffic](repeating: Traffic(), count: count)))
    }

    func traffic(_ rank: Int) -> Traffic { state.withLock { $0.traffic[rank] } }

    func give(_ data: Data, _ rank: Int) async throws -> [Data] {
      let start = ContinuousClock.now
      let all = try await withCheckedThrowingContinuation { continuation in
        let (ready, outcome) = state.withLock {
          state -> ([CheckedContinuation<[Data], any Error>], Result<[Data], any Error>) in
          if let lost = state.lost { return ([continuation], .failure(lost)) }
          state.given[rank] = data
          state.waiting.append(continuation)
          guard state.waiting.count == state.given.count else { return ([], .success([])) }
          defer {
            state.waiting = []
            state.given = state.given.map { _ in nil }
          }
          return (state.waiting, .success(state.given.map { $0 ?? Data() }))
        }
        for waiting in ready { waiting.resume(with: outcome) }
      }
      state.withLock {
        // Bytes take no time here.
        let seconds = start.duration(to: .now) / .seconds(1)
        $0.traffic[rank].add(bytes: all.reduce(0) { $0 + $1.count }, seconds: seconds, waiting: seconds)
      }
      return all
    }

    func lose(_ rank: Int) {
      let error = GroupError.lost(process: "process \(rank)", seconds: 0)
      let waiting = state.withLock { state in
        state.lost = error
        defer { state.waiting = [] }
        return state.waiting
      }
      for one in waiting { one.resume(throwing: error) }
    }
  }
}
