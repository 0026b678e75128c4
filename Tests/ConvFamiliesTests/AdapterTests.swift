import ConvFamilies
import Kernels
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Adapters")
struct AdapterTests {
  private func network(_ family: String = "adapter", _ options: [String: String] = [:], ways: Int? = 3) throws
    -> Network
  {
    let family = try FamilyRegistry.families.family(named: family, options: options)
    return try Network(ways: ways) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
  }

  @Test(
    "a convolution is that of its kernel and a 1×1 convolution at the same stride",
    arguments: [(3, 1), (3, 2), (5, 2), (7, 2), (1, 1)], ["dense", "factored"])
  func residual(size: (kernel: Int, stride: Int), evaluation: String) throws {
    let family = try FamilyRegistry.families.family(
      named: "adapter", options: ["stem": "adapter", "evaluation": evaluation])
    let site = ConvSite(
      path: "a", layer: 1, stage: 1, inputs: 3, outputs: 5, kernel: size.kernel, stride: size.stride,
      isStem: true)
    var layout = ParameterLayout()
    let convolution = try family.made(at: [site], in: &layout).convolutions[0]
    let point = layout.awayFromStart(seed: 1)
    let whole = point[try #require(layout.ref(at: "a.kernel"))]
    let matrix = point[try #require(layout.ref(at: "a.adapter"))]
    var stream = RandomStream(seed: 1, purpose: "adapter")
    // Even and odd extents: a stride meets both borders.
    let x = Tensor.normal([2, 9, 8, 3], &stream)
    let beside = ConvGeometry(batch: 2, height: 9, width: 8, kernel: 1, stride: size.stride, padding: 0)
    let expected =
      conv2d(x, whole, site.geometry(for: x)) + conv2d(x, matrix.reshaped([5, 3, 1, 1]), beside)
    #expect(relativeError(convolution(x, point).scalars, expected.scalars) < roundingTolerance)
  }

  @Test("a task starts at the standard network, to the bit, and all matrices belong to it")
  func start() throws {
    let (ours, theirs) = (try network("adapter", ["evaluation": "dense"]), try network("standard"))
    let point = ours.layout.initialized(seed: 2)
    var stream = RandomStream(seed: 2, purpose: "adapter")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    #expect(
      ours.logits(images, point).scalars
        == theirs.logits(images, theirs.layout.initialized(seed: 2)).scalars)
    #expect(ours.layout.entries.allSatisfy { $0.isMetaTrained == ($0.role != .adapter) })
    #expect(ours.layout.count(of: .adapter) == 3 * 16 + 16)
  }

  @Test("features pass through the alignment, whoever asks for them", arguments: [nil, 3])
  func alignment(ways: Int?) throws {
    let network = try network(ways: ways)
    let ref = try #require(network.alignment)
    let start = network.layout.initialized(seed: 3)
    // The channels in reverse order.
    let reversal = Tensor((0..<16).map { $0 / 4 + $0 % 4 == 3 ? 1 : 0 }, shape: [4, 4])
    let point = start.replacing([ref], with: [reversal])
    var stream = RandomStream(seed: 3, purpose: "alignment")
    let images = Tensor.normal([5, 16, 16, 1], &stream)
    let before = network.features(images, start).scalars
    let after = network.features(images, point).scalars
    for row in 0..<5 {
      #expect(Array(after[(4 * row)..<(4 * row + 4)]) == before[(4 * row)..<(4 * row + 4)].reversed())
    }
    let layers = network.activations(images, point)
    #expect(layers.map(\.layer).contains("alignment"))
    #expect(layers.first { $0.layer == "alignment" }?.rows.scalars == after)
    if ways != nil { #expect(layers.last?.rows.scalars == network.logits(images, point).scalars) }
  }

  @Test("the alignment can be left out, and no other family has one")
  func without() throws {
    let plain = try network("adapter", ["alignment": "off"])
    #expect(plain.alignment == nil && plain.layout.count(of: .adapter) == 3 * 16)
    for family in FamilyRegistry.families where family.name != "adapter" {
      #expect(try network(family.name).alignment == nil)
    }
  }

  @Test("a kernel without a centre tap is refused by name")
  func even() throws {
    let family = try FamilyRegistry.families.family(named: "adapter")
    let site = ConvSite(path: "odd.one", layer: 1, stage: 1, inputs: 2, outputs: 2, kernel: 2)
    let error = #expect(throws: ConfigurationError.self) {
      var layout = ParameterLayout()
      _ = try family.made(at: [site], in: &layout)
    }
    #expect(error?.description.contains("odd.one") == true)
  }

  @Test("film is the standard network with its normalisations as what adapts")
  func film() throws {
    let (ours, theirs) = (try network("film"), try network("standard"))
    #expect(ours.layout.entries.map(\.path) == theirs.layout.entries.map(\.path))
    #expect(
      ours.layout.initialized(seed: 4).values.map(\.scalars)
        == theirs.layout.initialized(seed: 4).values.map(\.scalars))
    let family = FamilyRegistry.families.first { $0.name == "film" }
    #expect(family?.defaultAdaptation == "norm")
  }
}
