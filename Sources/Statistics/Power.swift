internal import Foundation

/// How surely a comparison would find a true difference, and how many episodes that takes.
///
/// The spread is taken as known from the data at hand, so for a difference that was itself observed this describes a
/// repetition of the experiment and adds nothing to its p value.
public struct Power: Equatable, Sendable {
  /// The variance components of the difference between two arms.
  public let components: VarianceComponents
  /// How many trainings each arm has, S.
  public let seeds: Int
  /// The significance level: the chance of finding a difference where there is none.
  public let level: Double

  /// The power of a comparison with this spread.
  ///
  /// - Precondition: there is at least one seed, and `0 < level < 1`.
  public init(_ components: VarianceComponents, seeds: Int = 1, level: Double = 0.05) {
    precondition(seeds > 0 && 0 < level && level < 1, "power with \(seeds) seeds at \(level)")
    self.components = components
    self.seeds = seeds
    self.level = level
  }

  /// The chance that the comparison finds a true mean difference.
  ///
  /// With one seed exact for normal differences: the tail of the noncentral t distribution,
  /// P(Z + δ/SE > c·√(χ²_ν/ν)) and its mirror image, integrated over the χ² part. With several seeds the χ² part is
  /// that of the trainings, and what the episodes add, of many degrees of freedom, is taken as known. Without a
  /// difference it is then below the level, as the test is.
  ///
  /// - Parameters:
  ///   - difference: The true difference δ.
  ///   - episodes: How many episodes.
  /// - Returns: A probability; 1 for a difference without any spread.
  /// - Precondition: there are at least two episodes.
  public func ofFinding(_ difference: Double, episodes: Int) -> Double {
    precondition(episodes > 1, "power with \(episodes) episodes")
    let error = components.standardError(seeds: seeds, episodes: episodes)
    guard error > 0 else { return difference == 0 ? level : 1 }
    let shift = abs(difference) / error
    func found(beyond bound: Double) -> Double { normalTail(bound - shift) + normalTail(bound + shift) }
    guard seeds > 1 else {
      let many = -StudentT(degreesOfFreedom: Double(episodes - 1)).quantile(level / 2)
      return min(1, averagedOverChi(Double(episodes - 1)) { found(beyond: many * $0) })
    }
    let bound = CrossedT(seeds: seeds, episodes: episodes).bound(level)
    let share = components.averaged(seeds: seeds, episodes: episodes) { seedPart, episodePart in
      found(beyond: bound.halfWidth(seedPart: seedPart, episodePart: episodePart) / error)
    }
    return min(1, share)
  }

  /// The smallest number of episodes that finds a true difference with a given power.
  ///
  /// - Parameters:
  ///   - difference: The true difference.
  ///   - power: The wanted chance of finding it.
  /// - Returns: nil if none up to 10⁹ does: there is no difference, or the variance between trainings, which episodes do
  ///   not lower, is too large for these few seeds.
  /// - Precondition: `level < power < 1`.
  public func episodesNeeded(toFind difference: Double, power: Double = 0.8) -> Int? {
    precondition(level < power && power < 1, "power \(power) at level \(level)")
    guard difference != 0, difference.isFinite else { return nil }
    var low = 2
    var high = 2
    while ofFinding(difference, episodes: high) < power {
      guard high < 1_000_000_000 else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if ofFinding(difference, episodes: middle) < power { low = middle } else { high = middle }
    }
    return ofFinding(difference, episodes: low) < power ? high : low
  }
}

/// The chance that a standard normal number exceeds `x`.
private func normalTail(_ x: Double) -> Double { erfc(x / 2.0.squareRoot()) / 2 }
