internal import Kernels
public import Networks
internal import Randomness
internal import Tensors

/// How long the two evaluations of one filter-summary convolution take on one image.
public struct PrefixSumTiming: Sendable {
  /// By the dense kernel and matrix products, in the scalar type of this build, the kernel built each time.
  public let denseMilliseconds: Double
  /// By prefix sums, in 64 bits.
  public let prefixMilliseconds: Double
  /// ‖difference‖ / ‖output‖ of the two.
  public let disagreement: Double
  /// Dense multiply-adds over multiply-adds and additions by prefix sums.
  public let workRatio: Double

  /// Measures the least time of several repetitions of each.
  ///
  /// - Parameters:
  ///   - site: Where the convolution stands.
  ///   - side: Side of the square image.
  ///   - compression: The family's option.
  ///   - repeats: How often each is run.
  /// - Throws: If the compression is out of range.
  public init(
    at site: ConvSite, side: Int, compression: Double, repeats: Int
  ) throws(ConfigurationError) {
    let family = try [any ConvFamily.Type]([FilterSummaryFamily.self]).family(
      named: FilterSummaryFamily.name, options: ["compression": "\(compression)", "align": "channels"])
    var layout = ParameterLayout()
    let convolution = try family.convolutions(at: [site], in: &layout)[0]
    let parameters = layout.initialized(seed: 0)
    guard let fast = PrefixSumConvolution(convolution, parameters) else {
      preconditionFailure("\(site.path) is no aligned filter summary")
    }
    var stream = RandomStream(seed: 0, purpose: "timing")
    let image = (0..<(side * side * site.inputs)).map { _ in stream.normal() }
    let x = Tensor(image.map { Scalar($0) }, shape: [1, side, side, site.inputs])
    let clock = ContinuousClock()
    var (dense, prefix) = (Double.infinity, Double.infinity)
    var (expected, found) = (convolution(x, parameters), [Double]())
    for _ in 0..<max(1, repeats) {
      dense = min(dense, clock.measure { expected = convolution(x, parameters) } / .milliseconds(1))
      prefix = min(
        prefix, clock.measure { found = fast(image, height: side, width: side) } / .milliseconds(1))
    }
    // Channels are innermost on one side and outermost on the other.
    let planes = expected.reshaped([expected.count / site.outputs, site.outputs]).transposed.scalars
    let difference = zip(planes, found).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let size = found.reduce(0) { $0 + $1 * $1 }
    let (products, additions) = fast.work(height: side, width: side)
    denseMilliseconds = dense
    prefixMilliseconds = prefix
    disagreement = (difference / size).squareRoot()
    workRatio =
      Double(convolution.multiplyAdds(site.geometry(batch: 1, height: side, width: side)).dense)
      / Double(products + additions)
  }
}
