internal import Synchronization

/// Adds up the time that a run spends on checking itself, so that it can say what that costs.
package final class CheckMeter: Sendable {
  private let spent = Mutex(Duration.zero)

  /// A meter at zero.
  package init() {}

  /// Runs a check and counts its time.
  ///
  /// - Parameters:
  ///   - workers: How many checks like this one run at once; each then counts for its share of the wall time.
  ///   - check: The check.
  /// - Returns: What it returns.
  /// - Throws: What it throws.
  package func measure<Result, Failure: Error>(
    workers: Int = 1, _ check: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = ContinuousClock.now
    defer {
      let time = start.duration(to: .now) / workers
      spent.withLock { $0 += time }
    }
    return try check()
  }

  /// The time so far in seconds.
  package var seconds: Double { spent.withLock { $0 / .seconds(1) } }
}
