internal import CMessagePassing
internal import Foundation
internal import ProcessGroups

/// The thread that makes all calls of MPI.
struct MessageThread {
  /// Seconds between two signs of life.
  static let beat = 1.0
  /// Seconds without one after which a process counts as lost.
  static let patience = 30.0
  /// The same while all are asked to stop: whoever started them may leave little time.
  static let shortPatience = 5.0
  /// Seconds that a process which cannot go on leaves the first one to save.
  static let grace = 60.0

  /// What processes tell each other beside the work.
  private enum Sign {
    static let alive: Int32 = -1
    static let stop: Int32 = -2
    static let over: Int32 = -3
    // From 0 on: the number of a process that is lost.
  }

  let rank: Int
  let size: Int
  let desk: Desk
  private var lastSeen: [Double]
  private var lastBeat = -Double.infinity
  private var lastLook = Self.now
  private var gathering: Gathering?
  /// An exchange that broke off: the library may still write into its memory.
  private var broken: Gathering?
  private var isStopTold = false
  private var isOver = false
  private var lost: GroupError?

  init(rank: Int, size: Int, desk: Desk) {
    (self.rank, self.size, self.desk) = (rank, size, desk)
    lastSeen = [Double](repeating: Self.now, count: size)
  }

  private static var now: Double { ProcessInfo.processInfo.systemUptime }

  /// Serves until the process leaves.
  mutating func run() {
    while true {
      do {
        if lost == nil {
          try listen()
          try talk()
          try work()
        }
      } catch {
        lose(error)
      }
      if let leaving = desk.leaving, gathering == nil || lost != nil {
        leave(leaving)
        return
      }
      pause()
    }
  }

  /// Signs come from the first process, and go to it; it passes on what all have to know.
  private var partners: Range<Int> { rank == 0 ? 1..<size : 0..<1 }

  private mutating func listen() throws(GroupError) {
    // A process that was suspended has not listened for so long: that the others were silent, it cannot say.
    let gap = Self.now - lastLook
    lastLook = Self.now
    if gap > Self.shortPatience { for r in partners { lastSeen[r] += gap } }
    while true {
      var (found, sign, from) = (false, Int32(0), Int32(0))
      try Self.check("MPI_Iprobe", fs_mpi_take_sign(&found, &sign, &from))
      guard found else { break }
      lastSeen[Int(from)] = Self.now
      switch sign {
      case Sign.alive: break
      case Sign.stop: desk.stop(asked: rank == 0)
      case Sign.over: isOver = true
      default: throw .lost(process: "process \(sign)", seconds: Int(Self.patience))
      }
    }
    let patience = desk.isStopping ? Self.shortPatience : Self.patience
    for r in partners where Self.now - lastSeen[r] > patience {
      if rank == 0 { tell(Int32(r), except: r) }
      throw .lost(process: "process \(r)", seconds: Int(patience))
    }
  }

  private mutating func talk() throws(GroupError) {
    if desk.takeStop(), !isStopTold {
      isStopTold = true
      for r in partners { try Self.check("MPI_Isend", fs_mpi_send_sign(Sign.stop, Int32(r))) }
    }
    guard Self.now - lastBeat >= Self.beat else { return }
    lastBeat = Self.now
    for r in partners { try Self.check("MPI_Isend", fs_mpi_send_sign(Sign.alive, Int32(r))) }
  }

  private func tell(_ sign: Int32, except: Int = -1) {
    for r in partners where r != except { _ = fs_mpi_send_sign(sign, Int32(r)) }
  }

  private mutating func work() throws(GroupError) {
    if gathering == nil, let order = desk.takeOrder() {
      do throws(GroupError) {
        gathering = try Gathering(order, rank: rank, size: size)
      } catch {
        order.reply.resume(throwing: error)
        throw error
      }
    }
    while var current = gathering {
      let wasCounting = current.isCounting
      let all: [Data]?
      do throws(GroupError) {
        all = try current.advance()
      } catch {
        // The library may still write into its memory.
        gathering = current
        throw error
      }
      gathering = current
      if let all {
        gathering = nil
        desk.count(current.traffic)
        current.release()
        current.order.reply.resume(returning: all)
        return
      }
      // The counts have come, and bytes were begun: they may be there already.
      guard wasCounting && !current.isCounting else { return }
    }
  }

  /// The group is broken: everybody here who waits is told.
  private mutating func lose(_ error: GroupError) {
    lost = error
    // Tasks that nobody will ever gather are not begun.
    desk.stop(asked: false)
    gathering?.order.reply.resume(throwing: error)
    (broken, gathering) = (gathering, nil)
    desk.lose(error)
  }

  /// While bytes move, the library needs to be called; while others are waited for, processors belong to the work.
  private func pause() {
    guard let gathering, lost == nil else { return desk.wait(milliseconds: 20) }
    if gathering.isCounting { usleep(50) } else { sched_yield() }
  }

  private mutating func leave(_ how: Desk.Leaving) {
    switch how {
    case .together: fs_mpi_end()
    case .alone:
      // A launcher kills all processes when one ends badly; the first may still have to save.
      if rank == 0 {
        tell(Sign.over)
      } else {
        let end = Self.now + Self.grace
        while !isOver, Self.now < end, !isFirstGone { usleep(50_000) }
      }
    }
    desk.hasLeft()
  }

  private var isFirstGone: Bool {
    mutating get {
      var (found, sign, from) = (false, Int32(0), Int32(0))
      guard fs_mpi_take_sign(&found, &sign, &from) == 0 else { return true }
      if found, from == 0 { (lastSeen[0], isOver) = (Self.now, isOver || sign == Sign.over) }
      return Self.now - lastSeen[0] > Self.patience
    }
  }

  /// An error code in words.
  static func words(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 512)
    fs_mpi_describe(code, &text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Throws if a call gave an error.
  static func check(_ call: String, _ code: Int32) throws(GroupError) {
    guard code == 0 else { throw .library(call: call, reason: words(code)) }
  }
}
