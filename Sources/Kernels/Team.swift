import Dispatch

/// Threads that share the work of one operation.
///
/// A run with more tasks than cores keeps them busy with whole tasks. Where it has fewer, each task is given several
/// threads, and its large operations are cut into parts: images, output channels, or ranges of numbers. Every number is
/// computed by one thread by the same sums in the same order, so results are the same bytes for any size of team.
package enum Team {
  /// How many threads the operations of this task may use.
  @TaskLocal package static var size = 1

  /// Multiply-adds, or numbers times ``perNumber``, below which a part is not worth a thread's waking: some 30 µs.
  private static let leastCost = 1_500_000.0
  /// What reading and writing a number costs beside a multiply-add.
  static let perNumber = 16.0

  /// Cuts units into nearly equal ranges and calls `body` with all of them at the same time.
  ///
  /// - Parameters:
  ///   - units: How many there are.
  ///   - cost: Of all of them together, in multiply-adds.
  ///   - body: Computes the units of a range; called once with all of them where sharing does not pay.
  static func share(_ units: Int, cost: Double, _ body: (_ units: Range<Int>) -> Void) {
    let parts = size == 1 ? 1 : min(size, units, max(1, Int(cost / leastCost)))
    guard parts > 1 else { return body(0..<units) }
    withoutActuallyEscaping(body) { body in
      // It writes where no other part does, and all parts end before this call does.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: parts) { i in
        body(i * units / parts..<(i + 1) * units / parts)
      }
    }
  }

  /// The same for channels, in whole slabs but for the last.
  static func shareChannels(_ channels: Int, cost: Double, _ body: (_ channels: Range<Int>) -> Void) {
    share(ConvGeometry.vectorised(channels) / lanes, cost: cost) {
      body($0.lowerBound * lanes..<min(channels, $0.upperBound * lanes))
    }
  }
}
