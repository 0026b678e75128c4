import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

extension BackboneKind {
  /// The side of the smallest images it can read.
  var smallestSide: Int {
    switch name {
    case "conv4-strided": 1
    case "resnet20", "resnet32", "resnet56": 4
    case "resnet10", "resnet18", "resnet34": 8
    case "conv4", "conv6", "resnet12", "resnet12-512": 16
    default: 32
    }
  }
}

@Suite("Backbones")
struct BackboneTests {
  private func network(
    _ kind: BackboneKind, filters: Int = 2, side: Int? = nil, family: String = "standard"
  ) throws -> Network {
    let made = try FamilyRegistry.families.family(named: family)
    let image = ImageShape(channels: 3, side: side ?? kind.smallestSide)
    return try Network(ways: nil) { layout throws(ConfigurationError) in
      try kind.backbone(filters: filters, image: image, family: made, in: &layout)
    }
  }

  @Test("names are unique")
  func names() {
    #expect(Set(BackboneRegistry.backbones.map(\.name)).count == BackboneRegistry.backbones.count)
  }

  @Test("features have one row per image and the stated length", arguments: BackboneRegistry.backbones)
  func shapes(kind: BackboneKind) throws {
    // The smallest images it reads, and a size that leaves odd sides on the way.
    for side in [kind.smallestSide, 42] {
      let network = try network(kind, side: side)
      var stream = RandomStream(seed: 1, purpose: "shapes")
      let images = Tensor.normal([4, side, side, 3], &stream)
      let features = network.features(images, network.layout.initialized(seed: 1))
      #expect(features.shape == [4, network.backbone.features])
      #expect(features.scalars.allSatisfy { $0.isFinite })
    }
  }

  @Test(
    "images too small for its halvings are refused",
    arguments: BackboneRegistry.backbones.filter { $0.smallestSide > 1 })
  func tooSmall(kind: BackboneKind) throws {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try network(kind, side: kind.smallestSide - 1)
    }
    #expect(error?.field == "image-size")
  }

  @Test("every layer is counted once and in order", arguments: BackboneRegistry.backbones)
  func layers(kind: BackboneKind) throws {
    let backbone = try network(kind).backbone
    let main = backbone.uses.filter { $0.convolution.site.position > 0 }.map(\.layer)
    #expect(main == Array(1...main.count))
    #expect(backbone.uses.count { $0.convolution.site.isStem } == 1)
    let paths = backbone.convolutions.map(\.convolution.site.path)
    #expect(Set(paths).count == paths.count)
    // The number in a residual network's name counts its layers with the classifier.
    if let depth = Int(kind.name.dropFirst(6).prefix { $0.isNumber }), depth != 12 {
      #expect(main.count + 1 == depth)
    }
  }

  /// A function of all parameters and the images whose derivatives have nothing small about them.
  private func derivatives(
    _ network: Network, side: Int, _ stream: inout RandomStream
  ) -> DirectionalDerivatives {
    let images = Tensor.normal([3, side, side, 3], &stream)
    let weights = Tensor.normal([3, network.backbone.features], &stream)
    let layout = network.layout
    return DirectionalDerivatives(
      of: { all in
        let parameters = Parameters(layout: layout, values: Array(all.dropLast()))
        return (weights * network.features(all[all.count - 1], parameters)).sum
      },
      at: layout.initialized(seed: 2).values + [images])
  }

  // A symmetric second derivative is a sharp check that needs no differences, so it holds in both precisions.
  @Test("second derivatives by everything are symmetric and not zero", arguments: BackboneRegistry.backbones)
  func symmetric(kind: BackboneKind) throws {
    var stream = RandomStream(seed: 3, purpose: kind.name)
    let check = derivatives(try network(kind), side: kind.smallestSide, &stream)
    #expect(check.asymmetry(&stream) < 100 * roundingTolerance)
  }

  @Test(
    "first and second derivatives agree with differences",
    .enabled(
      if: MemoryLayout<Scalar>.size == 8,
      "in 32 bits kinks and rounding leave nothing to see of a deep network"),
    arguments: BackboneRegistry.backbones)
  func differences(kind: BackboneKind) throws {
    var stream = RandomStream(seed: 4, purpose: kind.name)
    // Few positions to normalise over would bend the function too much for any difference.
    let side = 2 * kind.smallestSide
    let errors = derivatives(try network(kind, side: side), side: side, &stream).differenceErrors()
    #expect(errors.first < 1e-6)
    #expect(errors.second < 1e-4)
  }

  @Test("a shortcut without parameters takes every second pixel and pads channels on both sides")
  func padding() throws {
    let kind = try #require(BackboneRegistry.backbones.kind(named: "resnet20"))
    let network = try network(kind, side: 8)
    // With all last norms at zero the blocks are their shortcuts, so the features are means of the stem's output
    // at every fourth pixel, in the middle two of eight channels.
    let start = network.layout.initialized(seed: 5)
    let parameters = Parameters(
      layout: network.layout,
      values: network.layout.entries.enumerated().map { i, entry in
        entry.path.hasSuffix("norm2.scale") ? Tensor(repeating: 0, shape: entry.shape) : start.values[i]
      })
    var stream = RandomStream(seed: 5, purpose: "padding")
    let images = Tensor.normal([2, 8, 8, 3], &stream)
    let features = network.features(images, parameters)
    let stem = try #require(network.backbone.uses.first?.convolution)
    let x = normalise(
      stem(images, parameters), scale: Tensor(repeating: 1, shape: [2]),
      shift: Tensor(repeating: 0, shape: [2]),
      NormaliseOptions(pool: 1))
    let picked = conv2d(
      x, Tensor([1, 0, 0, 1], shape: [2, 2, 1, 1]),
      ConvSite(path: "", layer: 1, stage: 1, inputs: 2, outputs: 2, kernel: 1, stride: 4).geometry(for: x))
    let expected = picked.spatialMeans
    for image in 0..<2 {
      let row = Array(features.scalars[(image * 8)..<(image * 8 + 8)])
      #expect(
        relativeError(Array(row[3...4]), Array(expected.scalars[(image * 2)..<(image * 2 + 2)]))
          < roundingTolerance)
      #expect(row.enumerated().allSatisfy { (3...4).contains($0) || $1 == 0 })
    }
  }

  @Test("resnet12 refuses a width that has no half")
  func oddWidth() throws {
    let kind = try #require(BackboneRegistry.backbones.kind(named: "resnet12"))
    let error = #expect(throws: ConfigurationError.self) { _ = try network(kind, filters: 3) }
    #expect(error?.field == "filters")
  }

  @Test("a reused convolution is declared once, belongs to no layer, and works in several")
  func reuse() throws {
    let kind = try #require(BackboneRegistry.backbones.kind(named: "resnet50-shared++"))
    let network = try network(kind)
    let ref = try #require(network.layout.ref(at: "stage3.shared.conv2.kernel"))
    #expect(network.layout[ref].layer == nil)
    let uses = network.backbone.uses.filter { $0.convolution.site.path == "stage3.shared.conv2" }
    #expect(uses.count == 5)
    #expect(Set(uses.map(\.layer)).count == 5)
    #expect(network.backbone.uses.count == 53)
  }
}
