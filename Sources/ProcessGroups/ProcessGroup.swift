public import Foundation

/// Processes that do one piece of work together, each on the same program and the same settings.
///
/// Every process goes through the whole work; only tasks that can be done apart are shared out, and what they give is
/// gathered, so that all processes know the same and take the same next step. Nothing else is communicated.
public protocol ProcessGroup: Sendable {
  /// The number of this process, from 0.
  var rank: Int { get }
  /// How many processes there are.
  var size: Int { get }
  /// How an error is told to the other processes: an exit status and a message.
  var describe: @Sendable (any Error) -> (status: Int32, message: String) { get }

  /// Gives bytes and gets those of all processes, in the order of their ranks.
  ///
  /// All processes call it equally often. It ends when the last one has called it.
  ///
  /// - Parameter own: What this process gives, in pieces that are put together.
  /// - Returns: One piece per process.
  /// - Throws: ``GroupError`` if a process is gone.
  func allGather(_ own: [Data]) async throws -> [Data]

  /// Asks all processes to stop at the same step of the work; from any process, at any time.
  func stop()

  /// Whether a process has asked to stop.
  var isStopping: Bool { get }

  /// What was exchanged so far.
  var traffic: Traffic { get }
}

/// What a process has exchanged with the others of its group.
public struct Traffic: Hashable, Sendable {
  /// How often.
  public var exchanges = 0
  /// Bytes that it gave and got.
  public var bytes = 0
  /// Seconds in which it waited for others or for bytes.
  public var seconds = 0.0
  /// Of these, the seconds until the last of the others was ready; where that is not known, all of them.
  public var waiting = 0.0

  /// Nothing.
  public init() {}

  /// Counts an exchange.
  public mutating func add(bytes: Int, seconds: Double, waiting: Double) {
    self += Traffic(exchanges: 1, bytes: bytes, seconds: seconds, waiting: waiting)
  }

  /// What was exchanged by given numbers.
  public init(exchanges: Int, bytes: Int, seconds: Double, waiting: Double) {
    (self.exchanges, self.bytes, self.seconds, self.waiting) = (exchanges, bytes, seconds, waiting)
  }

  /// Adds what was exchanged later.
  public static func += (all: inout Traffic, later: Traffic) {
    all.exchanges += later.exchanges
    all.bytes += later.bytes
    all.seconds += later.seconds
    all.waiting += later.waiting
  }

  /// What was exchanged since an earlier moment.
  public func since(_ earlier: Traffic) -> Traffic {
    Traffic(
      exchanges: exchanges - earlier.exchanges, bytes: bytes - earlier.bytes,
      seconds: seconds - earlier.seconds,
      waiting: waiting - earlier.waiting)
  }
}

extension ProcessGroup {
  /// Whether this is the process that writes files and speaks.
  public var isFirst: Bool { rank == 0 }

  /// The process in words, for messages: its rank and its machine.
  public var name: String { "process \(rank) on \(ProcessInfo.processInfo.hostName)" }
}

/// A process without others.
public struct SingleProcess: ProcessGroup {
  /// The only one.
  public init() {}

  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var size: Int { 1 }
  /// Nobody is told.
  public var describe: @Sendable (any Error) -> (status: Int32, message: String) { { (1, "\($0)") } }
  /// Its own bytes.
  public func allGather(_ own: [Data]) async throws -> [Data] { [Data(own.joined())] }
  /// Nothing: such a process is stopped by cancelling its task.
  public func stop() {}
  /// Never.
  public var isStopping: Bool { false }
  /// Nothing.
  public var traffic: Traffic { Traffic() }
}

/// The group that the present task works for.
public enum CurrentGroup {
  /// A single process, unless something larger was joined.
  @TaskLocal public static var value: any ProcessGroup = SingleProcess()
}
