internal import Statistics

/// A mean with the half-width of its 95 % interval, 1.96·s/√E with E − 1 in s.
public struct Estimate: Codable, Hashable, Sendable {
  /// The mean.
  public var mean: Double
  /// The half-width; 0 where a single value gives none.
  public var ci95: Double

  /// A mean and its half-width.
  public init(mean: Double, ci95: Double) {
    self.mean = mean
    self.ci95 = ci95
  }

  /// The estimate from one value per episode.
  ///
  /// - Precondition: there is at least one value.
  public init(_ values: some Collection<Double>) {
    let summary = Summary(values)
    self.init(mean: summary.mean, ci95: summary.halfWidth95 ?? 0)
  }
}
