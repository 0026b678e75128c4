/// A walk towards the least loss in a few dimensions that needs no gradient and no borders: a step along one axis goes on
/// as long as the loss falls, else the other way is tried, else the step is halved.
///
/// - Source: the pattern search of Hooke and Jeeves 1961, without their pattern moves.
package struct RateWalk: Sendable {
  /// The best position so far.
  package private(set) var best: [Double]
  /// Losses that were recorded.
  package private(set) var count = 0
  /// The axis along which the candidate differs from the best position; nil for the start itself.
  package private(set) var axis: Int?
  private var least = Double.infinity
  private var strides: [Double]
  private var direction = 1.0
  /// Whether the walk has moved along the present axis since it turned to it.
  private var hasMoved = false
  /// Whether the present axis was tried in the other direction too.
  private var hasTurned = false

  /// A walk from the origin.
  ///
  /// - Precondition: there is at least one axis.
  package init(axes: Int, stride: Double) {
    precondition(axes > 0, "a walk without axes")
    best = [Double](repeating: 0, count: axes)
    strides = [Double](repeating: stride, count: axes)
  }

  /// The position whose loss is wanted next.
  package var candidate: [Double] {
    guard let axis else { return best }
    var next = best
    next[axis] += direction * strides[axis]
    return next
  }

  /// Records the loss of the candidate and turns to the next one.
  ///
  /// - Returns: Whether the walk went there. A loss that is not finite never wins, nor does one that is hardly less.
  package mutating func add(_ loss: Double) -> Bool {
    count += 1
    // A hair less is chance, and a role that does nothing must not walk away for it.
    let isBetter = least.isFinite ? loss < least - 1e-4 * abs(least) : loss < least
    if isBetter { (best, least) = (candidate, loss) }
    guard let axis else {
      turn(to: 0)
      return isBetter
    }
    if isBetter {
      hasMoved = true
    } else if !hasMoved && !hasTurned {
      (direction, hasTurned) = (-1, true)
    } else {
      strides[axis] /= 2
      turn(to: (axis + 1) % best.count)
    }
    return isBetter
  }

  private mutating func turn(to next: Int) {
    (axis, direction, hasMoved, hasTurned) = (next, 1, false, false)
  }
}
