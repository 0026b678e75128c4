public import Tensors

/// What a backbone computes, block by block, for whoever writes it down for another program.
///
/// A block is x → pool(activation(normalised(convolution(…x…)) + shortcut(x))): all convolutions but the last are
/// activated behind their normalisations, the last when the shortcut has joined.
public struct BackboneOutline: Sendable {
  /// A convolution and its normalisation.
  public struct Layer: Sendable {
    /// The convolution.
    public let convolution: any Convolution
    /// Prefix of the paths of the normalisation's scale and shift.
    public let norm: String

    /// A convolution and its normalisation.
    public init(_ convolution: any Convolution, norm: String) {
      (self.convolution, self.norm) = (convolution, norm)
    }
  }

  /// What joins before the activation.
  public enum Shortcut: Sendable {
    /// Nothing.
    case none
    /// The block's input.
    case identity
    /// A convolution of it, normalised.
    case projection(Layer)
    /// A convolution of it with a constant kernel `[O, C, 1, 1]` at a stride.
    case padding(kernel: Tensor, stride: Int)
  }

  /// Convolutions up to one activation behind a shortcut.
  public struct Block: Sendable {
    /// Its name, as for the observer of a pass.
    public let name: String
    /// Its convolutions in order.
    public let layers: [Layer]
    /// What joins.
    public let shortcut: Shortcut
    /// Slope of the activations for negative numbers.
    public let slope: Double
    /// Side and stride of the max-pooling windows at its end; 1 does not pool.
    public let pool: Int
    /// Whether windows of 3 at stride 2, with one row of padding, follow.
    public let hasStemPool: Bool

    /// A block from its parts.
    public init(
      _ name: String, _ layers: [Layer], shortcut: Shortcut = .none, slope: Double, pool: Int = 1,
      hasStemPool: Bool = false
    ) {
      (self.name, self.layers, self.shortcut) = (name, layers, shortcut)
      (self.slope, self.pool, self.hasStemPool) = (slope, pool, hasStemPool)
    }
  }

  /// What makes a vector of the last block's output.
  public enum End: Sendable {
    /// The mean over space of each channel.
    case means
    /// All numbers, by channel, then position.
    case positions
  }

  /// The blocks from the images on.
  public let blocks: [Block]
  /// What comes behind them.
  public let end: End

  /// An outline from its parts.
  public init(_ blocks: [Block], end: End) { (self.blocks, self.end) = (blocks, end) }

  /// The layers in the order of a pass: of a block the projection first, then its convolutions.
  public var layers: [Layer] {
    blocks.flatMap { block in
      if case .projection(let projection) = block.shortcut {
        [projection] + block.layers
      } else {
        block.layers
      }
    }
  }
}
