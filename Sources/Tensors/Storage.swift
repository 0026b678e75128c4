internal import Kernels

/// The numbers of a tensor: filled once where it is made, immutable ever after.
final class Storage: @unchecked Sendable {
  let count: Int
  private let raw: UnsafeMutableRawPointer

  /// Takes pooled memory and lets `fill` write every number.
  init(count: Int, _ fill: (Target) -> Void) {
    self.count = count
    raw = BufferPool.take(bytes: count * MemoryLayout<Scalar>.stride)
    fill(raw.bindMemory(to: Scalar.self, capacity: count))
  }

  deinit { BufferPool.give(raw, bytes: count * MemoryLayout<Scalar>.stride) }

  /// The numbers; valid while this storage lives, which callers ensure by holding the tensor.
  var pointer: Source { Source(raw.assumingMemoryBound(to: Scalar.self)) }
}

extension Tensor {
  /// Tells, as long as anybody asks, whether the numbers of this tensor are still in memory: for testing what a
  /// computation holds on to.
  package var lifeProbe: LifeProbe { LifeProbe(storage) }
}

/// Watches the memory of a tensor without keeping it.
package final class LifeProbe: @unchecked Sendable {
  private weak var storage: Storage?

  init(_ storage: Storage) { self.storage = storage }

  /// Whether the numbers are still in memory.
  package var isAlive: Bool { storage != nil }
}

/// Integers that a pass saves for its derivatives: filled once, then immutable.
final class IndexBuffer<Element: FixedWidthInteger & Sendable>: @unchecked Sendable {
  let count: Int
  private let raw: UnsafeMutableRawPointer

  init(count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) {
    self.count = count
    raw = BufferPool.take(bytes: count * MemoryLayout<Element>.stride)
    fill(raw.bindMemory(to: Element.self, capacity: count))
  }

  deinit { BufferPool.give(raw, bytes: count * MemoryLayout<Element>.stride) }

  var pointer: UnsafePointer<Element> { UnsafePointer(raw.assumingMemoryBound(to: Element.self)) }
}

/// The most tensor memory in use at once since the last reset, in bytes.
public enum TensorMemory {
  /// Bytes of tensors alive now.
  public static var liveBytes: Int { BufferPool.usage.live }

  /// The most bytes alive at once since ``resetPeak()``, scratch memory included.
  public static var peakBytes: Int { BufferPool.usage.peak }

  /// Starts a new peak at the present use.
  public static func resetPeak() { BufferPool.resetPeak() }

  /// Does what asks to spare memory at the cost of time: little memory waits to be recycled meanwhile.
  public static func sparing<Result>(_ body: () -> Result) -> Result { BufferPool.sparing(body) }

  /// Gives recycled memory back to the system, between phases that need different sizes.
  public static func trim() { BufferPool.trim() }
}
