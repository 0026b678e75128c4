import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// A family in a backbone.
struct Placement: Sendable, CustomTestStringConvertible {
  let family: FamilyCase
  let backbone: BackboneKind

  var testDescription: String { "\(family) in \(backbone.name)" }

  /// Every registered family at its defaults in every backbone, and every other setting in ResNet-12.
  static let all: [Placement] = BackboneRegistry.backbones.flatMap { backbone in
    FamilyCase.all.filter { $0.options.isEmpty || backbone.name == "resnet12" }
      .map { Placement(family: $0, backbone: backbone) }
  }
}

@Suite("Families in backbones")
struct FamilyInBackboneTests {
  private func network(_ placement: Placement) throws -> Network {
    let family = try placement.family.family()
    // 32 is the least that every backbone reads, 4 the least width whose multiples all groups of 2 divide.
    return try Network(ways: nil) { layout throws(ConfigurationError) in
      try placement.backbone.backbone(
        filters: 4, image: ImageShape(channels: 3, side: 32), family: family, in: &layout)
    }
  }

  @Test("features are finite and every parameter moves them", arguments: Placement.all)
  func moves(placement: Placement) throws {
    let network = try network(placement)
    let leaves = network.layout.initialized(seed: 1).leaves
    var stream = RandomStream(seed: 1, purpose: "placement")
    let features = network.features(.normal([3, 32, 32, 3], &stream), leaves)
    #expect(features.shape == [3, network.backbone.features])
    #expect(features.scalars.allSatisfy { $0.isFinite })
    let weights = Tensor.normal(features.shape, &stream)
    for (entry, slope) in zip(
      network.layout.entries, gradients(of: features.dot(weights), wrt: leaves.values))
    {
      #expect(slope.scalars.contains { $0 != 0 } && slope.scalars.allSatisfy { $0.isFinite }, "\(entry.path)")
    }
  }

  @Test("1×1 convolutions stay standard", arguments: Placement.all)
  func pointwise(placement: Placement) throws {
    let network = try network(placement)
    for (convolution, _) in network.backbone.convolutions where convolution.site.kernel == 1 {
      #expect(network.layout.ref(at: convolution.site.path + ".kernel") != nil, "\(convolution.site.path)")
    }
  }
}
