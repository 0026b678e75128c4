/// The shape of a convolution, passed whole so that no field can be forgotten.
///
/// Activations are `[N, H, W, C]`, channels innermost: the taps of one kernel row are then neighbours in memory, and
/// everything that treats channels alike works on whole vectors of them.
public struct ConvGeometry: Hashable, Sendable {
  /// How many images N.
  public var batch: Int
  /// Rows H of the input, in pixels.
  public var height: Int
  /// Columns W of the input, in pixels.
  public var width: Int
  /// Side k of the square kernel.
  public var kernel: Int
  /// Step between neighbouring outputs.
  public var stride: Int
  /// Zeros added on every side.
  public var padding: Int

  /// A square convolution over `[N, H, W, C]`.
  ///
  /// - Precondition: all extents are positive, the padding is not negative, and the padded image holds the kernel.
  public init(batch: Int, height: Int, width: Int, kernel: Int, stride: Int = 1, padding: Int) {
    precondition(
      batch > 0 && height > 0 && width > 0 && kernel > 0 && stride > 0 && padding >= 0
        && height + 2 * padding >= kernel && width + 2 * padding >= kernel,
      "convolution: \(batch)×\(height)×\(width), kernel \(kernel), stride \(stride), padding \(padding)")
    self.batch = batch
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// `channels` rounded up to whole vectors: what kernels that run along the channels spend their time on.
  public static func vectorised(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }

  /// The time of one dense pass (forward, towards the input or towards the kernel) by the way that is chosen for it.
  ///
  /// In multiply-adds of the direct form; ours, fitted to measured times.
  public func passCost(from inputs: Int, to outputs: Int) -> Double {
    PassWork(self, from: inputs, to: outputs, Winograd.pays(self, from: inputs, to: outputs)).total
  }

  /// The same for another number of images.
  func with(batch: Int) -> ConvGeometry {
    var part = self
    part.batch = batch
    return part
  }

  /// Numbers of one image of so many channels that goes in.
  func input(_ channels: Int) -> Int { height * width * channels }
  /// Numbers of one image of so many channels that comes out.
  func output(_ channels: Int) -> Int { outHeight * outWidth * channels }

  /// Rows Ho of the output, in pixels.
  public var outHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  /// Columns Wo of the output, in pixels.
  public var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  /// Numbers in one input channel, N·H·W.
  public var plane: Int { batch * height * width }
  /// Numbers in one output channel.
  public var outPlane: Int { batch * outHeight * outWidth }
  /// Positions k² of the kernel.
  public var taps: Int { kernel * kernel }
}
