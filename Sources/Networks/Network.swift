public import Tensors

/// A backbone and, for learners that classify by a linear layer, a task head.
public struct Network: Sendable {
  /// All parameters of both.
  public private(set) var layout: ParameterLayout
  /// From images to features.
  public let backbone: any Backbone
  private let head: (weight: ParameterRef, bias: ParameterRef)?

  /// Builds a backbone and, if asked, declares `head.weight [ways, D]` and `head.bias [ways]`.
  ///
  /// - Parameters:
  ///   - ways: Classes of the head; nil for no head.
  ///   - makeBackbone: Declares the backbone's parameters in the layout it is given.
  /// - Throws: What `makeBackbone` throws.
  public init(
    ways: Int?, backbone makeBackbone: (inout ParameterLayout) throws(ConfigurationError) -> any Backbone
  ) throws(ConfigurationError) {
    var layout = ParameterLayout()
    backbone = try makeBackbone(&layout)
    if let ways {
      let deviation = 1 / Double(backbone.features).squareRoot()
      head = (
        layout.declare("head.weight", [ways, backbone.features], .head, .normal(deviation: deviation)),
        layout.declare("head.bias", [ways], .head, .constant(0))
      )
    } else {
      head = nil
    }
    self.layout = layout
  }

  /// The network after a reduction of ranks: the same places, other extents.
  public func lowered(by reduction: RankReduction) -> Network {
    var lower = self
    lower.layout = reduction.layout
    return lower
  }

  /// Features `[N, D]` of images `[N, H, W, C]`.
  public func features(_ images: Tensor, _ parameters: Parameters) -> Tensor { backbone(images, parameters) }

  /// What the family of the backbone's convolutions adds to the outer loss, of shape `[]`; nil if nothing.
  public func regularizer(_ parameters: Parameters) -> Tensor? {
    backbone.family.regularizer(of: backbone.convolutions.map(\.convolution), parameters)
  }

  /// Class scores `[N, ways]` of images `[N, H, W, C]` by the linear head.
  ///
  /// - Precondition: the network has a head.
  public func logits(_ images: Tensor, _ parameters: Parameters) -> Tensor {
    guard let head else { preconditionFailure("logits of a network without a head") }
    let x = features(images, parameters)
    let ones = Tensor(repeating: 1, shape: [x.shape[0], 1])
    let bias = parameters[head.bias]
    return matmul(x, parameters[head.weight], transposeB: true)
      + matmul(ones, bias.reshaped([1, bias.count]))
  }
}
