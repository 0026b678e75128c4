internal import Foundation
internal import ProcessGroups
internal import Synchronization

/// What the thread of messages and the rest of the process know of each other.
final class Desk: Sendable {
  /// Bytes to be exchanged for those of all.
  struct Order: Sendable {
    let own: [Data]
    let reply: CheckedContinuation<[Data], any Error>
  }

  /// How the process leaves.
  enum Leaving: Sendable {
    case together, alone
  }

  private struct State {
    var order: Order?
    var lost: GroupError?
    var isAsked = false
    var leaving: Leaving?
    var traffic = Traffic()
  }

  private let state = Mutex(State())
  private let stopping = Atomic(false)
  private let waker = DispatchSemaphore(value: 0)
  private let left = DispatchSemaphore(value: 0)

  var isStopping: Bool { stopping.load(ordering: .relaxed) }
  var traffic: Traffic { state.withLock { $0.traffic } }

  /// Lays an order on the desk; refused at once where the group is broken.
  func give(_ order: Order) {
    let lost = state.withLock { state in
      if state.lost == nil { state.order = order }
      return state.lost
    }
    if let lost { order.reply.resume(throwing: lost) } else { waker.signal() }
  }

  /// Notes that the processes shall stop; `asked` where this one tells the others.
  func stop(asked: Bool) {
    stopping.store(true, ordering: .relaxed)
    if asked {
      state.withLock { $0.isAsked = true }
      waker.signal()
    }
  }

  /// Tells the thread to leave, and waits until it has.
  func leave(isWhole: Bool) {
    state.withLock { $0.leaving = isWhole ? .together : .alone }
    waker.signal()
    left.wait()
  }

  // For the thread.

  func takeOrder() -> Order? {
    state.withLock { state in
      defer { state.order = nil }
      return state.order
    }
  }

  func takeStop() -> Bool {
    state.withLock { state in
      defer { state.isAsked = false }
      return state.isAsked
    }
  }

  var leaving: Leaving? { state.withLock { $0.leaving } }

  /// Whoever waits, or comes later, gets the error.
  func lose(_ error: GroupError) {
    state.withLock { $0.lost = $0.lost ?? error }
    takeOrder()?.reply.resume(throwing: error)
  }

  func count(_ traffic: Traffic) { state.withLock { $0.traffic += traffic } }

  /// Waits for something to do, no longer than so many milliseconds.
  func wait(milliseconds: Int) { _ = waker.wait(timeout: .now() + .milliseconds(milliseconds)) }

  func hasLeft() { left.signal() }
}
