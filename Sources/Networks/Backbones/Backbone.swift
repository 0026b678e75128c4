internal import Kernels
public import Tensors

/// A body that turns images into features; it holds no numbers.
public protocol Backbone: Sendable {
  /// Length D of a feature vector.
  var features: Int { get }
  /// Its convolutions, each once and in the order of first use, with the family that made them.
  var made: any MadeConvolutions { get }
  /// The convolutions from the images on, each once, with its geometry on one image where it is first used.
  var convolutions: [(convolution: any Convolution, geometry: ConvGeometry)] { get }
  /// Every use of a convolution on the way of an image; by default each is used once.
  var uses: [ConvolutionUse] { get }

  /// What it computes, block by block; nil, the default, where that is no chain of such blocks.
  var outline: BackboneOutline? { get }

  /// Features `[N, D]` of images `[N, H, W, C]`.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  ///   - pass: What every normalisation goes through.
  ///   - observe: Told the name of every block, from the images on, and its output `[N, H, W, C]`.
  /// - Returns: The features.
  func features(
    _ images: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass,
    observing observe: (_ block: String, _ output: Tensor) -> Void
  ) -> Tensor
}

extension Backbone {
  /// No chain of blocks that anybody else could write down.
  public var outline: BackboneOutline? { nil }

  /// Each convolution once, in its own layer.
  public var uses: [ConvolutionUse] {
    convolutions.map {
      ConvolutionUse(convolution: $0.convolution, geometry: $0.geometry, layer: $0.convolution.site.layer)
    }
  }
}

/// A convolution at work in one layer; a backbone may use the same one in several.
public struct ConvolutionUse: Sendable {
  /// The convolution, perhaps one that other layers use too.
  public let convolution: any Convolution
  /// Its geometry on one image.
  public let geometry: ConvGeometry
  /// The layer, from 1.
  public let layer: Int

  /// A convolution in a layer.
  public init(convolution: any Convolution, geometry: ConvGeometry, layer: Int) {
    self.convolution = convolution
    self.geometry = geometry
    self.layer = layer
  }
}

/// The images a network is made for.
public struct ImageShape: Hashable, Sendable {
  /// 1 for grey, 3 for colour.
  public var channels: Int
  /// Side of the square image.
  public var side: Int

  /// Square images of `side` × `side` pixels.
  public init(channels: Int, side: Int) {
    self.channels = channels
    self.side = side
  }
}
