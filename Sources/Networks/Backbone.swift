public import Tensors

/// A body that turns images into features; it holds no numbers.
public protocol Backbone: Sendable {
  /// Length D of a feature vector.
  var features: Int { get }
  /// What made its convolutions.
  var family: any ConvFamily { get }
  /// The convolutions from the images on, each with its geometry on one image.
  var convolutions: [(convolution: any Convolution, geometry: ConvGeometry)] { get }

  /// Features `[N, D]` of images `[C, N, H, W]`, normalised by the batch's own statistics.
  func callAsFunction(_ images: Tensor, _ parameters: Parameters) -> Tensor
}

/// The images a network is made for.
public struct ImageShape: Hashable, Sendable {
  /// 1 for grey, 3 for colour.
  public var channels: Int
  /// Side of the square image.
  public var side: Int

  /// Square images.
  public init(channels: Int, side: Int) {
    self.channels = channels
    self.side = side
  }
}
