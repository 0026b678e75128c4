internal import Kernels
public import Tensors

/// What a batch normalisation divides by: mean and biased variance of every channel.
public struct ChannelStatistics: Sendable {
  /// Mean of every channel over images and positions, `[C]`.
  public let mean: Tensor
  /// Mean squared distance from the mean, `[C]`: biased, without ε.
  public let variance: Tensor

  /// Statistics that are known, `[C]` each.
  public init(mean: Tensor, variance: Tensor) {
    self.mean = mean
    self.variance = variance
  }

  /// The statistics of activations `[N, H, W, C]`, differentiable.
  public init(of y: Tensor) {
    let geometry = ConvGeometry(
      batch: y.shape[0], height: y.shape[1], width: y.shape[2], kernel: 1, padding: 0)
    (mean, variance) = y.channelStatistics(geometry)
  }

  /// The same with the variance of a sample of so many numbers of each channel, n/(n − 1) times as large.
  func ofSample(_ count: Int) -> ChannelStatistics {
    ChannelStatistics(
      mean: mean, variance: variance.affine(scale: Scalar(count) / Scalar(max(1, count - 1))))
  }

  /// The means of the statistics of several passes, normalisation by normalisation.
  ///
  /// - Parameter passes: One list per pass, all of one network.
  /// - Returns: One list.
  /// - Precondition: there is a pass, and all have as many normalisations.
  public static func average(_ passes: [[ChannelStatistics]]) -> [ChannelStatistics] {
    let count = passes.first?.count ?? 0
    precondition(
      !passes.isEmpty && passes.allSatisfy { $0.count == count }, "average over \(passes.count) passes")
    let share = 1 / Scalar(passes.count)
    return (0..<count).map { site in
      ChannelStatistics(
        mean: share * passes.dropFirst().reduce(passes[0][site].mean) { $0 + $1[site].mean },
        variance: share * passes.dropFirst().reduce(passes[0][site].variance) { $0 + $1[site].variance })
    }
  }
}
