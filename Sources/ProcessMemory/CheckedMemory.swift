internal import Foundation

/// Memory for large buffers whose absence can be told, where the Swift library would crash.
package enum CheckedMemory {
  /// What is left for everything else when a buffer is given out: the Swift library and Foundation crash without.
  private static let spare = 32 << 20
  /// Asked once: most processes have no limit, and then there is nothing to look up.
  private static let isLimited = AddressSpace.left != nil

  /// Aligned memory, to be given back with ``give(_:)``.
  ///
  /// - Parameters:
  ///   - bytes: How much.
  ///   - alignment: A power of two, at least 8.
  /// - Returns: nil if the system does not give it, or if hardly any would be left after it.
  package static func take(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer? {
    if isLimited, let left = AddressSpace.left, left < bytes + spare { return nil }
    var pointer: UnsafeMutableRawPointer?
    return posix_memalign(&pointer, alignment, bytes) == 0 ? pointer : nil
  }

  /// Gives memory back.
  package static func give(_ pointer: UnsafeMutableRawPointer) { free(pointer) }
}
