internal import Kernels
public import Tensors

/// A residual network of any shape, its convolutions made of any family.
///
/// - Source: He et al. 2016.
public struct ResidualNetwork: Backbone {
  private let stem: NormalisedConvolution?
  private let blocks: [ResidualBlock]
  private let shape: ResidualShape
  private let image: ImageShape
  /// Its convolutions and the family that made them.
  public let made: any MadeConvolutions
  /// Length of a feature vector: channels of the last block.
  public let features: Int

  /// Declares the network's parameters.
  ///
  /// - Parameters:
  ///   - name: What to call it in errors.
  ///   - shape: Its stages and blocks.
  ///   - image: What it reads.
  ///   - family: What its convolutions are made of.
  ///   - layout: Where the parameters are declared.
  /// - Throws: If the images are too small for its halvings, or the family cannot stand here.
  public init(
    named name: String, _ shape: ResidualShape, image: ImageShape, family: any ConvFamily,
    in layout: inout ParameterLayout
  ) throws(ConfigurationError) {
    let smallest = 1 << shape.halvings
    guard image.side >= smallest else {
      throw ConfigurationError(
        field: "image-size", value: "\(image.side)",
        reason: "\(name) halves the image \(shape.halvings) times", remedy: "Use at least \(smallest)")
    }
    let plan = ResidualSites(shape, channels: image.channels)
    made = try family.made(at: plan.sites, in: &layout)
    let byPath = Dictionary(uniqueKeysWithValues: made.convolutions.map { ($0.site.path, $0) })
    func normalised(_ use: ResidualSites.Use, slope: Double) -> NormalisedConvolution {
      guard let convolution = byPath[use.site.path] else {
        preconditionFailure("\(use.site.path) is no site of the network")
      }
      let channels: Shape = [use.site.outputs]
      return NormalisedConvolution(
        convolution: convolution, layer: use.layer, norm: use.norm,
        scale: layout.declare(use.norm + ".scale", channels, .norm, layer: use.layer, .constant(1)),
        shift: layout.declare(use.norm + ".shift", channels, .norm, layer: use.layer, .constant(0)),
        slope: Scalar(slope))
    }
    stem = plan.stem.map { normalised($0, slope: shape.slope) }
    blocks = plan.blocks.map { block in
      let last = block.uses.count - 1
      let layers = block.uses.enumerated().map { normalised($1, slope: $0 == last ? 1 : shape.slope) }
      let shortcut: ResidualBlock.Shortcut =
        switch block.shortcut {
        case .identity: .identity
        case .projection(let use): .projection(normalised(use, slope: 1))
        case .padding(let inputs, let outputs, let stride):
          .padding(ChannelPadding(from: inputs, to: outputs, stride: stride))
        }
      return ResidualBlock(layers: layers, shortcut: shortcut, slope: Scalar(shape.slope), pool: shape.pool)
    }
    self.shape = shape
    self.image = image
    features = shape.features
  }

  /// Every use of a convolution on one image: the stem, then block by block, a projection before its block.
  public var uses: [ConvolutionUse] {
    var found: [ConvolutionUse] = []
    func add(_ layer: NormalisedConvolution, side: Int) -> Int {
      let geometry = layer.convolution.site.geometry(batch: 1, height: side, width: side)
      found.append(ConvolutionUse(convolution: layer.convolution, geometry: geometry, layer: layer.layer))
      return geometry.outHeight
    }
    var side = image.side
    if let stem {
      side = add(stem, side: side)
      // Windows of 3 at stride 2 with one row of padding.
      if shape.stem == .large { side = (side - 1) / 2 + 1 }
    }
    for block in blocks {
      if case .projection(let projection) = block.shortcut { _ = add(projection, side: side) }
      side = block.layers.reduce(side) { add($1, side: $0) } / block.pool
    }
    return found
  }

  /// Each convolution once, in the order of first use.
  public var convolutions: [(convolution: any Convolution, geometry: ConvGeometry)] {
    var seen: Set<String> = []
    return uses.filter { seen.insert($0.convolution.site.path).inserted }
      .map { ($0.convolution, $0.geometry) }
  }

  /// The stem, if there is one, and the residual blocks.
  public var outline: BackboneOutline? {
    let first = stem.map {
      BackboneOutline.Block(
        "stem", [$0.outline], slope: shape.slope, hasStemPool: shape.stem == .large)
    }
    return BackboneOutline(
      (first.map { [$0] } ?? []) + blocks.enumerated().map { $1.outline(named: "block\($0 + 1)") },
      end: .means)
  }

  /// Features `[N, D]` of images `[N, H, W, C]`: means over space of the last block.
  ///
  /// - Parameters:
  ///   - images: The batch.
  ///   - parameters: Where to evaluate.
  ///   - pass: What every normalisation goes through.
  ///   - observe: Told the outputs of the stem, if there is one, and of every residual block: `stem`, `block1`, ….
  /// - Returns: The features.
  public func features(
    _ images: Tensor, _ parameters: Parameters, _ pass: inout NormalisationPass,
    observing observe: (_ block: String, _ output: Tensor) -> Void
  ) -> Tensor {
    var x = images
    if let stem {
      x = stem(x, parameters, &pass)
      if shape.stem == .large { x = x.maxPooled(window: 3, stride: 2, padding: 1) }
      observe("stem", x)
    }
    for (i, block) in blocks.enumerated() {
      x = block(x, parameters, &pass)
      observe("block\(i + 1)", x)
    }
    return x.spatialMeans
  }
}
