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

/// Positions within rows, saved by a pass for its derivatives: filled once, then immutable.
final class IndexBuffer: @unchecked Sendable {
  let count: Int
  private let raw: UnsafeMutableRawPointer

  init(count: Int, _ fill: (UnsafeMutablePointer<Int32>) -> Void) {
    self.count = count
    raw = BufferPool.take(bytes: count * MemoryLayout<Int32>.stride)
    fill(raw.bindMemory(to: Int32.self, capacity: count))
  }

  deinit { BufferPool.give(raw, bytes: count * MemoryLayout<Int32>.stride) }

  var pointer: UnsafePointer<Int32> { UnsafePointer(raw.assumingMemoryBound(to: Int32.self)) }
}

/// The most tensor memory in use at once since the last reset, in bytes.
public enum TensorMemory {
  /// Bytes of tensors alive now.
  public static var liveBytes: Int { BufferPool.usage.live }

  /// The most bytes alive at once since ``resetPeak()``, scratch memory included.
  public static var peakBytes: Int { BufferPool.usage.peak }

  /// Starts a new peak at the present use.
  public static func resetPeak() { BufferPool.resetPeak() }

  /// Gives recycled memory back to the system, between phases that need different sizes.
  public static func trim() { BufferPool.trim() }
}
