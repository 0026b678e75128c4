package import Foundation
internal import Synchronization

/// Memory for what comes in one exchange after another.
///
/// A system gives fresh memory page by page as it is first written, and that takes twice as long as the bytes take between
/// two processes of one machine. So the largest piece that has been given back is kept.
package final class ReusedMemory: Sendable {
  private struct Piece: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let count: Int
  }

  private let spare = Mutex<Piece?>(nil)

  /// Nothing yet.
  package init() {}

  deinit {
    spare.withLock { $0?.start.deallocate() }
  }

  /// Lends memory until the last that refers to the data is gone.
  ///
  /// - Parameters:
  ///   - count: Bytes, at least 64.
  ///   - alignment: What the address is a multiple of; the same in all calls.
  /// - Returns: Where it begins, and the same as data.
  package func lend(_ count: Int, alignment: Int) -> (start: UnsafeMutableRawPointer, data: Data) {
    // Data of a few bytes would be a copy.
    precondition(count >= 64, "\(count) bytes are too few to be lent")
    let kept = spare.withLock { spare -> Piece? in
      defer { spare = nil }
      return spare
    }
    let known = kept.flatMap { $0.count >= count ? $0 : nil }
    // Never two where one is enough.
    if known == nil { kept?.start.deallocate() }
    let piece = known ?? Piece(start: .allocate(byteCount: count, alignment: alignment), count: count)
    let data = Data(
      bytesNoCopy: piece.start, count: count, deallocator: .custom { _, _ in self.take(back: piece) })
    return (piece.start, data)
  }

  private func take(back piece: Piece) {
    let other = spare.withLock { spare -> Piece? in
      guard let kept = spare, kept.count >= piece.count else {
        defer { spare = piece }
        return spare
      }
      return piece
    }
    other?.start.deallocate()
  }
}
