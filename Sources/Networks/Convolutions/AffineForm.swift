internal import Kernels
public import Tensors

/// What a convolution is on one batch: y[o] = (kernel ∗ x)[o] + bias[o].
///
/// For most families the kernel is a function of the parameters alone and there is no bias. A convolution that
/// normalises within itself becomes affine only when a batch has fixed its statistics, so its form holds on that
/// batch and on no other.
public struct AffineForm: Sendable {
  /// The dense kernel on this batch, `[O, C, k, k]`.
  public let kernel: Tensor
  /// `[O]`; nil for none.
  public let bias: Tensor?

  /// A dense kernel and what is added to each output channel.
  public init(kernel: Tensor, bias: Tensor? = nil) {
    self.kernel = kernel
    self.bias = bias
  }

  /// The output that the form stands for.
  ///
  /// - Parameters:
  ///   - x: The input of the convolution.
  ///   - geometry: Its geometry.
  /// - Returns: The output of the convolution.
  public func callAsFunction(_ x: Tensor, _ geometry: ConvGeometry) -> Tensor {
    let y = conv2d(x, kernel, geometry)
    guard let bias else { return y }
    let ones = Tensor.ones(behind: geometry)
    return y + conv2d(ones, bias.reshaped([bias.count, 1, 1, 1]), geometry.pointwise)
  }
}

extension ConvGeometry {
  /// The geometry of a 1×1 convolution that follows this one.
  public var pointwise: ConvGeometry {
    ConvGeometry(batch: batch, height: outHeight, width: outWidth, kernel: 1, padding: 0)
  }

  /// The geometry of a 1×1 convolution that precedes this one.
  public var pointwiseBefore: ConvGeometry {
    ConvGeometry(batch: batch, height: height, width: width, kernel: 1, padding: 0)
  }
}

extension Tensor {
  /// One channel of ones with the extents of a convolution's output.
  static func ones(behind geometry: ConvGeometry) -> Tensor {
    Tensor(repeating: 1, shape: [geometry.batch, geometry.outHeight, geometry.outWidth, 1])
  }

  /// The mean of each channel of a convolution's output, and the mean of its squared distance from that.
  ///
  /// - Parameter geometry: The convolution's geometry.
  /// - Returns: Two tensors `[O]`.
  public func channelStatistics(_ geometry: ConvGeometry) -> (mean: Tensor, variance: Tensor) {
    // The gradient of a 1×1 kernel on ones sums over all positions.
    let ones = Tensor.ones(behind: geometry)
    let share = 1 / Scalar(geometry.outPlane)
    func means(_ y: Tensor) -> Tensor {
      let sums = conv2dKernel(ones, y, geometry.pointwise)
      return share * sums.reshaped([sums.count])
    }
    let mean = means(self)
    let column = mean.reshaped([mean.count, 1, 1, 1])
    let centred = self - conv2d(ones, column, geometry.pointwise)
    return (mean, means(centred * centred))
  }
}
