internal import Kernels
internal import Tensors

/// Mean and deviation of every channel that a network takes its images by: (pixel − mean)/deviation of pixels in 0...1.
///
/// They are a part of the network and not of the images, so that whatever changes images, such as corruptions and
/// attacks, keeps its unit.
public struct PixelStatistics: Hashable, Sendable {
  /// One mean for each channel.
  public let mean: [Double]
  /// One deviation for each channel, above 0.
  public let deviation: [Double]

  /// Those of ImageNet, by which the networks of torchvision are trained.
  public static let imagenet = PixelStatistics(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  private static let word = "imagenet"

  private init(mean: [Double], deviation: [Double]) { (self.mean, self.deviation) = (mean, deviation) }

  /// Reads `imagenet`, or means and deviations such as `0.5,0.5,0.5/0.25,0.25,0.25`; nil for any other text.
  public init?(_ text: String) {
    if text == Self.word {
      self = .imagenet
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.map { part in
      part.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    }
    guard numbers.count == 2 else { return nil }
    let (mean, deviation) = (numbers[0].compactMap(\.self), numbers[1].compactMap(\.self))
    guard mean.count == numbers[0].count, deviation.count == numbers[1].count, mean.count == deviation.count,
      mean.count == 1 || mean.count == 3, mean.allSatisfy({ $0.isFinite && abs($0) <= 1e3 }),
      deviation.allSatisfy({ $0 >= 1e-3 && $0 <= 1e3 })
    else { return nil }
    self.init(mean: mean, deviation: deviation)
  }

  /// Images `[N, H, W, C]` less the mean and over the deviation, differentiable.
  func normalised(_ images: Tensor) -> Tensor {
    func row(_ values: [Double]) -> Tensor { Tensor(values.map { Scalar($0) }, shape: [values.count]) }
    let ones = Tensor(repeating: 1, shape: [mean.count])
    // A normalisation by known statistics, without ε and activation.
    return normalise(
      images, mean: row(mean), variance: row(deviation.map { $0 * $0 }), scale: ones, shift: 0 * ones,
      NormaliseOptions(pool: 1, epsilon: 0, slope: 1))
  }

  /// How it is written in a setting.
  public var text: String {
    if self == .imagenet { return Self.word }
    return [mean, deviation].map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "/")
  }
}
