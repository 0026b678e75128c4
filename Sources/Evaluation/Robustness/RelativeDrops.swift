internal import Statistics

/// One value per episode whose mean is the relative drop R = 1 − x̄/c̄ of a training's accuracy, from c undisturbed to x
/// disturbed: R + ((1 − R)·c − x)/c̄.
///
/// The second term is the ratio's linear part, so the spread of the values is that of the ratio, whose denominator is
/// an estimate too. Where the disturbed episodes are others, as those of other images, no c belongs to an x; both are
/// independent then, and so is what they add to the spread.
///
/// - Parameters:
///   - undisturbed: Accuracies, one per episode.
///   - disturbed: Accuracies of as many episodes; of a longer list the first ones count.
/// - Returns: One value per episode; zeros if nothing is right undisturbed.
/// - Source: ours; the linear part of a ratio as in Cochran 1977, "Sampling Techniques", chapter 6.
public func relativeDrops(_ undisturbed: [Double], _ disturbed: [Double]) -> [Double] {
  let count = min(undisturbed.count, disturbed.count)
  let (clean, left) = (undisturbed.prefix(count), disturbed.prefix(count))
  let mean = Summary(Array(clean)).mean
  guard mean > 0 else { return clean.map { _ in 0 } }
  let drop = 1 - Summary(Array(left)).mean / mean
  return zip(clean, left).map { drop + ((1 - drop) * $0 - $1) / mean }
}
