internal import Statistics

/// A mean with the half-width of its 95 % interval, 1.96·s/√E with E − 1 in s.
public struct Estimate: Codable, Hashable, Sendable {
  /// The mean, in the unit of the values; accuracies are shares in 0...1.
  public var mean: Double
  /// The half-width in the same unit; 0 where a single value gives none.
  public var ci95: Double

  /// An estimate that is already known.
  public init(mean: Double, ci95: Double) {
    self.mean = mean
    self.ci95 = ci95
  }

  /// The estimate from one value per episode: mean and 1.96·s/√E, see `Summary`.
  ///
  /// - Precondition: there is at least one value.
  public init(_ values: some Collection<Double>) {
    let summary = Summary(values)
    self.init(mean: summary.mean, ci95: summary.halfWidth95 ?? 0)
  }
}
