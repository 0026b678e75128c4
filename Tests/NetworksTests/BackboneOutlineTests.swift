import ConvFamilies
import Networks
import TestSupport
import Tensors
import Testing

@Suite("Backbones written down block by block")
struct BackboneOutlineTests {
  private let image = ImageShape(channels: 3, side: 32)

  private func network(_ kind: BackboneKind, _ family: String = "standard", _ pixels: PixelStatistics? = nil)
    throws -> Network
  {
    let family = try FamilyRegistry.families.family(named: family, options: [:])
    return try Network(ways: nil, pixels: pixels) { layout throws(ConfigurationError) in
      try kind.backbone(filters: 2, image: image, family: family, in: &layout)
    }
  }

  private func images(_ count: Int) -> Tensor {
    let hundredths = (0..<count * 3072).map { ($0 * 37 + $0 / 5) % 101 }
    return Tensor(hundredths.map { Scalar($0) / 101 }, shape: [count, 32, 32, 3])
  }

  /// What an outline says, by operations of tensors alone.
  private func evaluated(_ outline: BackboneOutline, _ network: Network, _ parameters: Parameters) -> Tensor {
    func normalised(_ layer: BackboneOutline.Layer, _ x: Tensor) -> Tensor {
      let y = conv2d(x, layer.convolution.kernel(parameters), layer.convolution.site.geometry(for: x))
      let own = [".scale", ".shift"].compactMap { network.layout.ref(at: layer.norm + $0) }
      return normalise(
        y, scale: parameters[own[0]], shift: parameters[own[1]], NormaliseOptions(pool: 1, slope: 1))
    }
    var x = images(3)
    for block in outline.blocks {
      let input = x
      for (i, layer) in block.layers.enumerated() {
        x = normalised(layer, x)
        if i < block.layers.count - 1 { x = x.leakyRectified(slope: Scalar(block.slope)) }
      }
      switch block.shortcut {
      case .none: break
      case .identity: x = x + input
      case .projection(let layer): x = x + normalised(layer, input)
      case .padding(let kernel, let stride):
        let site = ConvSite(
          path: "", layer: 0, stage: 0, inputs: kernel.shape[1], outputs: kernel.shape[0], kernel: 1,
          stride: stride)
        x = x + conv2d(input, kernel, site.geometry(for: input))
      }
      x = x.leakyRectified(slope: Scalar(block.slope))
      if block.pool > 1 { x = x.maxPooled(window: block.pool, stride: block.pool) }
      if block.hasStemPool { x = x.maxPooled(window: 3, stride: 2, padding: 1) }
    }
    switch outline.end {
    case .means: return x.spatialMeans
    case .positions: return x.flattenedImages
    }
  }

  private static let kinds = BackboneRegistry.backbones.filter { !$0.name.contains("101") }

  @Test(
    "an outline computes what its backbone does, and has its normalisations in their order", arguments: kinds)
  func same(kind: BackboneKind) throws {
    let network = try network(kind)
    let parameters = network.layout.initialized(seed: 3)
    let outline = try #require(network.backbone.outline)
    let wanted = network.features(images(3), parameters)
    let found = evaluated(outline, network, parameters)
    #expect(found.shape == wanted.shape)
    #expect(relativeError(found.scalars, wanted.scalars, floor: 1e-2) < 2e-3)
    // Every scale is that of the normalisation in its place: those of a pass have as many channels, and each moves
    // what comes behind it alone.
    let statistics = network.statistics(of: images(2), parameters)
    let scales = try outline.layers.map { layer in
      try #require(network.layout.ref(at: layer.norm + ".scale"))
    }
    #expect(scales.map { parameters[$0].shape } == statistics.map(\.mean.shape))
    #expect(Set(scales).count == scales.count)
  }

  @Test("kernels of atoms are the product of coefficients and atoms; others are none")
  func products() throws {
    for (family, isProduct) in [("acdc", true), ("standard", false), ("svd", false)] {
      let network = try network(BackboneRegistry.backbones.known("resnet10"), family)
      let parameters = network.layout.initialized(seed: 1)
      let products = network.convolutions.compactMap { convolution in
        convolution.product(parameters).map { (convolution, $0) }
      }
      #expect(!products.isEmpty == isProduct, "\(family)")
      for (convolution, product) in products {
        let (o, c, m) = (product.coefficients.shape[0], product.coefficients.shape[1], product.atoms.shape[0])
        let kernel = matmul(
          product.coefficients.reshaped([o * c, m]), product.atoms.reshaped([m, product.atoms.count / m]))
        #expect(relativeError(kernel.scalars, convolution.kernel(parameters).scalars, floor: 1e-6) < 1e-5)
      }
    }
  }

  @Test("a network normalises its images first, and everything that passes through it sees that")
  func pixels() throws {
    let statistics = try #require(PixelStatistics("0.5,0.4,0.3/0.25,0.5,2"))
    #expect(PixelStatistics(statistics.text) == statistics)
    let kind = try BackboneRegistry.backbones.known("conv4")
    let (plain, own) = (try network(kind), try network(kind, "standard", statistics))
    let parameters = plain.layout.initialized(seed: 5)
    let moved = Tensor(
      images(2).scalars.enumerated().map { i, value in
        (value - Scalar(statistics.mean[i % 3])) / Scalar(statistics.deviation[i % 3])
      }, shape: [2, 32, 32, 3])
    let point = Parameters(layout: own.layout, values: parameters.values)
    func near(_ a: Tensor, _ b: Tensor) -> Bool { relativeError(a.scalars, b.scalars, floor: 1e-2) < 1e-4 }
    #expect(near(own.features(images(2), point), plain.features(moved, parameters)))
    #expect(near(own.trainingFeatures(images(2), point).features, plain.features(moved, parameters)))
    for (a, b) in zip(own.statistics(of: images(2), point), plain.statistics(of: moved, parameters)) {
      #expect(near(a.mean, b.mean) && near(a.variance, b.variance))
    }
    for (a, b) in zip(own.activations(images(2), point), plain.activations(moved, parameters)) {
      #expect(near(a.rows, b.rows), "\(a.layer)")
    }
  }
}
