internal import Kernels
internal import Networks
internal import Tensors

/// The outer loop's update: mean gradient over tasks and the regularizer's, clipped, by Adam.
///
/// Inner rates live on a log scale: they stay positive, and a step changes a rate of 0.01 and one of 1 by the
/// same factor, although atoms, kernels and heads need rates orders of magnitude apart.
///
/// - Source: ours; Antoniou et al. 2019 (MAML++) learn a rate per layer and step on the linear scale.
public struct MetaOptimizer: Sendable {
  /// Adam's step size for the parameters.
  public var outerRate: Double
  /// Adam's step size for the logarithms of the inner rates; 0 keeps them.
  public var logRateStep: Double
  /// Largest global norm of the outer gradient.
  public var clip: Double
  /// Moments of parameters, then of log rates.
  public var state = Adam()

  /// An optimiser with a fresh state.
  public init(outerRate: Double, logRateStep: Double, clip: Double) {
    self.outerRate = outerRate
    self.logRateStep = logRateStep
    self.clip = clip
  }

  /// One update.
  ///
  /// - Parameters:
  ///   - point: What to move.
  ///   - tasks: The tasks' gradients, added up in this order.
  ///   - regularizer: What the family adds to their mean, if anything.
  /// - Returns: The moved point and the norm of the outer gradient before clipping.
  /// - Precondition: there is at least one task.
  public mutating func update(
    _ point: MetaParameters, with tasks: [MetaGradient], regularizer: RegularizerGradient? = nil
  ) -> (MetaParameters, Double) {
    var mean = outerGradient(of: tasks, adding: regularizer)
    // d/d(log r) = r·d/dr; rates that are kept have no part in the norm.
    let count = point.initial.values.count
    for (i, rate) in point.rates.enumerated() {
      mean[count + i] = logRateStep == 0 ? Tensor(repeating: 0, shape: rate.shape) : mean[count + i] * rate
    }
    for (i, entry) in point.initial.layout.entries.enumerated() where !entry.isMetaTrained {
      mean[i] = Tensor(repeating: 0, shape: entry.shape)
    }
    let norm = globalNorm(mean)
    if norm > clip { mean = mean.map { $0.affine(scale: Scalar(clip / norm)) } }
    let positions = point.initial.values + point.rates.map(\.logarithm)
    let sizes = positions.indices.map { $0 < count ? outerRate : logRateStep }
    let moved = state.update(positions, gradients: mean, rates: sizes)
    let rates = logRateStep == 0 ? point.rates : moved.dropFirst(count).map(\.exponential)
    return (
      MetaParameters(
        initial: point.initial.replacing(point.initial.layout.refs, with: Array(moved.prefix(count))),
        rates: rates), norm
    )
  }
}
