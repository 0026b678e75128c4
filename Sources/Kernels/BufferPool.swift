internal import ProcessMemory
import Synchronization

/// Recycles large buffers, so that a training step does not fault in fresh pages for every operation.
///
/// Sizes are rounded up to four classes per power of two; a freed buffer waits in its class for the next
/// request of that class. The pool also counts what is in use, for the memory figures of reports.
package enum BufferPool {
  fileprivate struct State {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var waitingBytes = 0
    var liveBytes = 0
    // Computations under way that ask to spare memory.
    var sparing = 0
    var peakBytes = 0
  }

  // UnsafeMutableRawPointer is not Sendable, but a pointer in the pool has no other owner.
  fileprivate struct Guarded: @unchecked Sendable { var state = State() }
  private static let guarded = Mutex(Guarded())
  private static let alignment = 64
  /// The most bytes that wait where new memory is taken and memory is to be spared.
  private static let mostWaiting = 1 << 30

  /// Bytes now in use, and the most that ever were since the last reset.
  package static var usage: (live: Int, peak: Int) {
    guarded.withLock { ($0.state.liveBytes, $0.state.peakBytes) }
  }

  /// Starts a new peak count at what is in use now.
  package static func resetPeak() {
    guarded.withLock { $0.state.peakBytes = $0.state.liveBytes }
  }

  /// A buffer of at least `bytes` bytes, aligned for vectors, with undefined contents.
  ///
  /// Arithmetic has nobody to tell that there is no memory, so the process then ends with words and a status.
  package static func take(bytes: Int) -> UnsafeMutableRawPointer {
    let size = sizeClass(bytes)
    let (recycled, surplus) = guarded.withLock { guarded -> (Guarded.Box, [Guarded.Box]) in
      guarded.state.liveBytes += size
      guarded.state.peakBytes = max(guarded.state.peakBytes, guarded.state.liveBytes)
      let found = Guarded.Box(pointer: guarded.state.recycled(size))
      let isSpared = found.pointer == nil && guarded.state.sparing > 0
      return (found, isSpared ? guarded.state.surplus(beyond: mostWaiting) : [])
    }
    giveBack(surplus)
    return recycled.pointer ?? fresh(size)
  }

  /// New memory; where there is none, what waits for other sizes is given back first.
  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer {
    if let pointer = CheckedMemory.take(bytes: size, alignment: alignment) { return pointer }
    trim()
    if let pointer = CheckedMemory.take(bytes: size, alignment: alignment) { return pointer }
    SystemShortage.memory(
      "with \(usage.live >> 20) MiB of tensors in use, another one needs", size, isAll: false,
      advice: "What was saved is kept. Use --threads 1 or smaller settings"
    ).end()
  }

  /// Gives a buffer back; `bytes` is the size it was taken with.
  package static func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) {
    let size = sizeClass(bytes)
    let box = Guarded.Box(pointer: pointer)
    guarded.withLock {
      $0.state.liveBytes -= size
      $0.state.waitingBytes += size
      if let pointer = box.pointer { $0.state.free[size, default: []].append(pointer) }
    }
  }

  /// Gives all waiting buffers back to the system: between phases that need different sizes.
  package static func trim() {
    giveBack(guarded.withLock { $0.state.surplus(beyond: 0) })
  }

  /// Does what asks to spare memory: while it is under way at most a gibibyte waits where new memory is taken.
  ///
  /// Giving back and taking again costs a large network a tenth to a fifth of its time.
  package static func sparing<Result>(_ body: () -> Result) -> Result {
    guarded.withLock { $0.state.sparing += 1 }
    defer { guarded.withLock { $0.state.sparing -= 1 } }
    return body()
  }

  private static func giveBack(_ buffers: [Guarded.Box]) {
    for box in buffers { if let pointer = box.pointer { CheckedMemory.give(pointer) } }
  }

  /// The smallest of 64 · {4, 5, 6, 7} · 2^k bytes that holds `bytes`.
  package static func sizeClass(_ bytes: Int) -> Int {
    let units = max(4, (bytes + 63) / 64)
    let shift = Int.bitWidth - units.leadingZeroBitCount - 3
    let step = 1 << shift
    return (units + step - 1) / step * step * 64
  }
}

extension BufferPool.Guarded {
  fileprivate struct Box: @unchecked Sendable { let pointer: UnsafeMutableRawPointer? }
}

extension BufferPool.State {
  /// A buffer that waits in a class.
  fileprivate mutating func recycled(_ size: Int) -> UnsafeMutableRawPointer? {
    guard let pointer = free[size]?.popLast() else { return nil }
    waitingBytes -= size
    return pointer
  }

  /// Buffers beyond what may wait, the largest first.
  fileprivate mutating func surplus(beyond most: Int) -> [BufferPool.Guarded.Box] {
    guard waitingBytes > most else { return [] }
    var found: [BufferPool.Guarded.Box] = []
    for size in free.keys.sorted(by: >) {
      while waitingBytes > most, let pointer = recycled(size) { found.append(.init(pointer: pointer)) }
    }
    return found
  }
}

/// Runs `body` with pooled scratch memory for `count` scalars; the contents are undefined.
package func withScratch<Result>(_ count: Int, _ body: (Target) -> Result) -> Result {
  let bytes = count * MemoryLayout<Scalar>.stride
  let raw = BufferPool.take(bytes: bytes)
  defer { BufferPool.give(raw, bytes: bytes) }
  return body(raw.bindMemory(to: Scalar.self, capacity: count))
}
