internal import Kernels
public import Tensors

/// Where a convolution stands in a backbone.
public struct ConvSite: Hashable, Sendable {
  /// Prefix of its parameters' paths, for example `layer2.conv`.
  public let path: String
  /// The layer, from 1.
  public let layer: Int
  /// The stage, from 1: layers that a family may let share something; 0 for a stem in front of all stages.
  public let stage: Int
  /// The block within its stage, from 1; in a plain network every layer is a block.
  public let block: Int
  /// The convolution within its block, from 1.
  public let position: Int
  /// How many channels C it reads.
  public let inputs: Int
  /// How many channels O it makes.
  public let outputs: Int
  /// Side k of the kernel.
  public let kernel: Int
  /// Step between neighbouring outputs.
  public let stride: Int
  /// Zeros added on every side.
  public let padding: Int
  /// Whether it reads the images themselves.
  public let isStem: Bool
  /// Whether the backbone uses this one convolution in several layers, of which ``layer`` is the first.
  public let isReused: Bool

  /// A site; the padding keeps the size at stride 1.
  public init(
    path: String, layer: Int, stage: Int, block: Int = 1, position: Int = 1, inputs: Int, outputs: Int,
    kernel: Int = 3, stride: Int = 1, isStem: Bool = false, isReused: Bool = false
  ) {
    self.path = path
    self.layer = layer
    self.stage = stage
    self.block = block
    self.position = position
    self.isReused = isReused
    self.inputs = inputs
    self.outputs = outputs
    self.kernel = kernel
    self.stride = stride
    self.padding = kernel / 2
    self.isStem = isStem
  }

  /// The layer that its own parameters belong to; nil if several layers use them.
  public var owningLayer: Int? { isReused ? nil : layer }

  /// The geometry over activations of shape `[N, H, W, C]`.
  public func geometry(batch: Int, height: Int, width: Int) -> ConvGeometry {
    ConvGeometry(
      batch: batch, height: height, width: width, kernel: kernel, stride: stride, padding: padding)
  }

  /// The geometry that fits activations `[N, H, W, C]`.
  public func geometry(for x: Tensor) -> ConvGeometry {
    geometry(batch: x.shape[0], height: x.shape[1], width: x.shape[2])
  }
}
