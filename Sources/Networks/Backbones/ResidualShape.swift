internal import Tensors

/// What distinguishes one residual network from another.
public struct ResidualShape: Sendable {
  /// What stands in front of the stages.
  public enum Stem: Sendable {
    /// Nothing: the first block reads the images.
    case none
    /// A 3×3 convolution at stride 1, for small images.
    case small
    /// A 7×7 convolution at stride 2, then max-pooling 3×3 at stride 2.
    case large
  }

  /// What a block adds to its result where width or size change.
  public enum Shortcut: Sendable {
    /// A 1×1 convolution and a normalisation (option B).
    case projection
    /// Every second pixel, and zeros for the new channels on both sides: no parameters (option A).
    case padding
  }

  /// Which convolutions the blocks of a stage behind its first have in common; every use has its own norm.
  public enum Reuse: Sendable {
    /// None.
    case none
    /// The 3×3 convolution.
    case spatial
    /// The 3×3 and the last 1×1 convolution.
    case spatialAndLast
  }

  /// Blocks of one width.
  public struct Stage: Sendable {
    /// Channels of its 3×3 convolutions.
    public let width: Int
    /// How many blocks the stage has, at least 1.
    public let blocks: Int
    /// Stride of its first block.
    public let stride: Int
  }

  /// In front of the stages.
  public var stem: Stem
  /// Channels of the stem.
  public var stemWidth: Int
  /// The stages in order.
  public var stages: [Stage]
  /// Sides of the kernels of a block, in order.
  public var kernels: [Int]
  /// Channels out of a block, in widths of its stage.
  public var expansion = 1
  /// Where width or size change.
  public var shortcut = Shortcut.projection
  /// Slope of the activations for negative numbers.
  public var slope: Double = 0
  /// Side of the max-pooling windows at the end of a block; 1 does not pool.
  public var pool = 1
  /// What blocks of a stage have in common.
  public var reuse = Reuse.none

  /// Length of a feature vector.
  var features: Int { (stages.last?.width ?? stemWidth) * expansion }

  /// How often the side of an image is halved.
  var halvings: Int {
    (stem == .large ? 2 : 0) + stages.count { $0.stride == 2 }
      + (pool == 2 ? stages.reduce(0) { $0 + $1.blocks } : 0)
  }
}

extension ResidualShape {
  /// ResNet-12 of few-shot learning: four blocks of three convolutions, leaky ReLU 0.1, pooling after each block.
  ///
  /// DropBlock is left out: a backbone here is a function of images and parameters alone.
  ///
  /// - Parameter widths: Channels of the four blocks.
  /// - Returns: The shape.
  /// - Source: Lee et al. 2019 (MetaOptNet; 64-160-320-640), Oreshkin et al. 2018 (TADAM; 64-128-256-512).
  static func twelve(widths: [Int]) -> ResidualShape {
    ResidualShape(
      stem: .none, stemWidth: 0, stages: widths.map { Stage(width: $0, blocks: 1, stride: 1) },
      kernels: [3, 3, 3], slope: 0.1, pool: 2)
  }

  /// ResNet-18 and -34: four stages of basic blocks, each twice as wide as the one before.
  ///
  /// - Source: He et al. 2016, table 1.
  static func basic(blocks: [Int], width: Int, stem: Stem) -> ResidualShape {
    ResidualShape(
      stem: stem, stemWidth: width, stages: doubling(blocks, width), kernels: [3, 3])
  }

  /// ResNet-20, -32, -56 for small images: three stages of n basic blocks, shortcuts without parameters.
  ///
  /// - Source: He et al. 2016, section 4.2, option A.
  static func small(blocks: Int, width: Int) -> ResidualShape {
    ResidualShape(
      stem: .small, stemWidth: width, stages: doubling([blocks, blocks, blocks], width), kernels: [3, 3],
      shortcut: .padding)
  }

  /// ResNet-50 and -101: bottleneck blocks, stride in the 3×3 convolution; optionally with shared convolutions.
  ///
  /// Shared are the blocks behind the first of a stage: their 3×3 convolution acts as a filter basis, and the 1×1
  /// convolutions around it as coefficients of each block.
  ///
  /// - Source: He et al. 2016, table 1; Kang and Kim 2021 (Deeply Shared Filter Bases) for the shared forms.
  static func bottleneck(blocks: [Int], width: Int, reuse: Reuse = .none) -> ResidualShape {
    ResidualShape(
      stem: .large, stemWidth: width, stages: doubling(blocks, width), kernels: [1, 3, 1], expansion: 4,
      reuse: reuse)
  }

  private static func doubling(_ blocks: [Int], _ width: Int) -> [Stage] {
    blocks.enumerated().map { i, count in
      Stage(width: width << i, blocks: count, stride: i == 0 ? 1 : 2)
    }
  }
}
