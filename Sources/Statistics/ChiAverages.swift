internal import Foundation

/// The mean of f(s) for s = √(χ²_ν/ν), by Simpson's rule over ten deviations to each side.
///
/// - Parameters:
///   - ν: Degrees of freedom, at least 1.
///   - f: A function without poles; called about 1000 times.
/// - Returns: The mean, weighed by the density at the same points, so that a constant comes back as it is.
func averagedOverChi(_ ν: Double, _ f: (Double) -> Double) -> Double {
  let half = 10 / (2 * ν).squareRoot()
  let (low, high) = (max(0, 1 - half), 1 + half)
  let steps = 1000
  let logConstant = log(2) + ν / 2 * log(ν / 2) - logGamma(ν / 2)
  var (sum, mass) = (0.0, 0.0)
  for i in 0...steps {
    let s = low + (high - low) * Double(i) / Double(steps)
    guard s > 0 || ν == 1 else { continue }
    let weight = i == 0 || i == steps ? 1.0 : i % 2 == 1 ? 4.0 : 2.0
    let logPower = ν == 1 ? 0 : (ν - 1) * log(s)
    let density = weight * exp(logConstant + logPower - ν * s * s / 2)
    sum += density * f(s)
    mass += density
  }
  return sum / mass
}

extension VarianceComponents {
  /// The mean, over what S trainings may find as their part of the squared standard error, of a function of both parts.
  ///
  /// The trainings' part is estimated with S − 1 degrees of freedom and never below that of the rest; what the episodes
  /// add, and the rest, are taken as known.
  ///
  /// - Precondition: there are at least two seeds and two episodes.
  func averaged(
    seeds: Int, episodes: Int, _ f: (_ seedPart: Double, _ episodePart: Double) -> Double
  ) -> Double {
    let seedPart = seedPart(seeds: seeds, episodes: episodes)
    let episodePart = episodePart(episodes: episodes)
    let least = rest / Double(seeds * episodes)
    return averagedOverChi(Double(seeds - 1)) { s in f(max(s * s * seedPart, least), episodePart) }
  }
}
