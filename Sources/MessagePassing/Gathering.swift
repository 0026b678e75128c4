internal import CMessagePassing
internal import Foundation
internal import Kernels
internal import ProcessGroups

/// One exchange under way: first the counts of bytes, then the bytes.
struct Gathering {
  let order: Desk.Order
  private let rank: Int
  private let size: Int
  private let start = ContinuousClock.now
  /// Bytes of every process; behind them those of this one.
  private let counts: UnsafeMutablePointer<Int64>
  private let blocks: UnsafeMutablePointer<Int32>
  private let offsets: UnsafeMutablePointer<Int32>
  private var all = Data()
  /// When the counts of all had come, which is after the last one was ready.
  private var met = ContinuousClock.now
  private(set) var isCounting = true

  /// Begins.
  init(_ order: Desk.Order, rank: Int, size: Int) throws(GroupError) {
    (self.order, self.rank, self.size) = (order, rank, size)
    counts = .allocate(capacity: size + 1)
    blocks = .allocate(capacity: size)
    offsets = .allocate(capacity: size)
    counts[size] = Int64(order.own.reduce(0) { $0 + $1.count })
    try MessageThread.check("MPI_Iallgather", fs_mpi_gather_integers(counts + size, counts))
  }

  /// Frees what was only needed on the way; the library must not use it any more.
  func release() {
    counts.deallocate()
    blocks.deallocate()
    offsets.deallocate()
  }

  /// Goes on as far as it can without waiting.
  ///
  /// - Returns: The bytes of all processes, when all are there.
  mutating func advance() throws(GroupError) -> [Data]? {
    var isDone = false
    try MessageThread.check("MPI_Test", fs_mpi_is_done(&isDone))
    guard isDone else { return nil }
    if isCounting {
      (isCounting, met) = (false, .now)
      try begin()
      return nil
    }
    return (0..<size).map { r in
      let first = Self.block * Int(offsets[r])
      return all[first..<first + Int(counts[r])]
    }
  }

  private static let block = Int(fs_mpi_block)

  /// Begins to gather the bytes, now that it is known where those of each process go.
  private mutating func begin() throws(GroupError) {
    var sum = 0
    for r in 0..<size {
      let count = (Int(counts[r]) + Self.block - 1) / Self.block
      guard let here = Int32(exactly: count), let from = Int32(exactly: sum) else {
        throw .library(call: "MPI_Iallgatherv", reason: "\(sum + count) blocks of bytes are too many")
      }
      (blocks[r], offsets[r]) = (here, from)
      sum += count
    }
    // The library writes into this memory until it is done, whatever becomes of the value. It is recycled: fresh pages take
    // twice as long as the bytes between two processes of one machine.
    let length = max(1, sum) * Self.block
    let memory = BufferPool.take(bytes: length)
    all = Data(
      bytesNoCopy: memory, count: length,
      deallocator: .custom { memory, length in BufferPool.give(memory, bytes: length) })
    var place = memory + Self.block * Int(offsets[rank])
    for piece in order.own {
      piece.copyBytes(to: UnsafeMutableRawBufferPointer(start: place, count: piece.count))
      place += piece.count
    }
    try MessageThread.check("MPI_Iallgatherv", fs_mpi_gather_blocks(memory, blocks, offsets))
  }

  /// Bytes that this process gave and got, the seconds since the beginning, and those until all were ready.
  var traffic: Traffic {
    Traffic(
      exchanges: 1, bytes: (0..<size).reduce(0) { $0 + Int(counts[$1]) },
      seconds: start.duration(to: .now) / .seconds(1), waiting: start.duration(to: met) / .seconds(1))
  }
}
