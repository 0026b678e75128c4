internal import Foundation

/// Inner loops that explode: their numbers are still finite, but the task is lost.
///
/// The rule: after the inner steps the query loss is above ten times ln(ways), the loss of a uniform guess. A network
/// that knows nothing stands at one times that, so no start, and no amount of overfitting that was seen, comes near.
///
/// - Source: ours.
package enum ExplodedTask {
  /// How many times the loss of a uniform guess.
  static let factor = 10.0

  /// Whether a query loss after the inner steps is that of an explosion.
  ///
  /// - Parameters:
  ///   - loss: The mean cross-entropy.
  ///   - ways: Classes of the episode, at least 2.
  ///   - steps: Inner steps that were taken; without any there is no loop to explode.
  /// - Returns: False also for a loss that is not finite, which has a rule of its own.
  package static func holds(_ loss: Double, ways: Int, steps: Int) -> Bool {
    steps > 0 && loss.isFinite && loss > factor * log(Double(ways))
  }
}
