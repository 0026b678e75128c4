internal import Statistics

/// One value per episode whose mean is the relative drop R = 1 − x̄/c̄ of a training's accuracy, from c unperturbed to x
/// perturbed: R + ((1 − R)·c − x)/c̄.
///
/// The second term is the ratio's linear part, so the spread of the values is that of the ratio, whose denominator is
/// an estimate too. If the perturbed episodes are different ones, as with other images, no c belongs to an x; both are
/// then independent, and so are their contributions to the spread.
///
/// - Parameters:
///   - unperturbed: Accuracies, one per episode.
///   - perturbed: Accuracies of as many episodes; of a longer list only the first count.
/// - Returns: One value per episode; zeros if the unperturbed accuracy is 0.
/// - Source: ours; the linear part of a ratio as in Cochran 1977, "Sampling Techniques", chapter 6.
public func relativeDrops(_ unperturbed: [Double], _ perturbed: [Double]) -> [Double] {
  let count = min(unperturbed.count, perturbed.count)
  let (clean, left) = (unperturbed.prefix(count), perturbed.prefix(count))
  let mean = Summary(Array(clean)).mean
  guard mean > 0 else { return clean.map { _ in 0 } }
  let drop = 1 - Summary(Array(left)).mean / mean
  return zip(clean, left).map { drop + ((1 - drop) * $0 - $1) / mean }
}
