internal import Statistics

/// One value per episode whose mean is the relative drop R = 1 − x̄/c̄ of a training's accuracy, from c unperturbed to x
/// perturbed: R + ((1 − R)·c − x)/c̄.
///
/// The second term is the ratio's linear part, so the spread of the values is that of the ratio, whose denominator is
/// an estimate too. Where the perturbed episodes are others, as those of other images, no c belongs to an x; both are
/// independent then, and so is what they add to the spread.
///
/// - Parameters:
///   - unperturbed: Accuracies, one per episode.
///   - perturbed: Accuracies of as many episodes; of a longer list the first ones count.
/// - Returns: One value per episode; zeros if nothing is right unperturbed.
/// - Source: ours; the linear part of a ratio as in Cochran 1977, "Sampling Techniques", chapter 6.
public func relativeDrops(_ unperturbed: [Double], _ perturbed: [Double]) -> [Double] {
  let count = min(unperturbed.count, perturbed.count)
  let (clean, left) = (unperturbed.prefix(count), perturbed.prefix(count))
  let mean = Summary(Array(clean)).mean
  guard mean > 0 else { return clean.map { _ in 0 } }
  let drop = 1 - Summary(Array(left)).mean / mean
  return zip(clean, left).map { drop + ((1 - drop) * $0 - $1) / mean }
}
