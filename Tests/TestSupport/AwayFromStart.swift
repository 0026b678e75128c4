public import Networks
internal import Randomness
internal import Tensors

extension ParameterLayout {
  /// A point that a task may reach: as at the start, but what every task starts at the same place is moved off it.
  ///
  /// Where a task's own parameters stand at the start, others may have no gradient, as the other factor of a product that
  /// is zero. A check that must see every parameter looks from here.
  ///
  /// - Parameter seed: The seed of the start.
  /// - Returns: The point.
  public func awayFromStart(seed: UInt64) -> Parameters {
    let start = initialized(seed: seed)
    let moving = refs.filter { self[$0].isLearned && !self[$0].isMetaTrained }
    return start.replacing(
      moving,
      with: moving.map { ref in
        var stream = RandomStream(seed: seed, purpose: "away/" + self[ref].path)
        return start[ref] + 0.1 * Tensor.normal(self[ref].shape, &stream)
      })
  }
}
