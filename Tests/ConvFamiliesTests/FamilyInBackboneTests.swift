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

  /// Every setting of every family in a plain and in a residual network.
  static let differentiated: [Placement] = BackboneRegistry.backbones.filter {
    ["conv4", "resnet12"].contains($0.name)
  }.flatMap { backbone in FamilyCase.all.map { Placement(family: $0, backbone: backbone) } }
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
    let leaves = network.layout.awayFromStart(seed: 1).leaves
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
  /// A weighted sum of features as a function of all parameters and the images.
  private func derivatives(_ placement: Placement, _ stream: inout RandomStream) throws
    -> DirectionalDerivatives
  {
    let network = try network(placement)
    let layout = network.layout
    let weights = Tensor.normal([3, network.backbone.features], &stream)
    return DirectionalDerivatives(
      of: { all in
        let parameters = Parameters(layout: layout, values: Array(all.dropLast()))
        return (weights * network.features(all[all.count - 1], parameters)).sum
      },
      at: layout.awayFromStart(seed: 2).values + [.normal([3, 32, 32, 3], &stream)])
  }

  @Test("second derivatives by everything are symmetric and not zero", arguments: Placement.differentiated)
  func symmetric(placement: Placement) throws {
    var stream = RandomStream(seed: 2, purpose: "symmetric \(placement.testDescription)")
    let check = try derivatives(placement, &stream)
    #expect(check.asymmetry(&stream) < 100 * roundingTolerance)
  }

  @Test(
    "first and second derivatives agree with differences",
    .enabled(
      if: MemoryLayout<Scalar>.size == 8,
      "in 32 bits kinks and rounding leave nothing to see of a whole network"),
    arguments: Placement.differentiated)
  func differences(placement: Placement) throws {
    var stream = RandomStream(seed: 3, purpose: "differences \(placement.testDescription)")
    let errors = try derivatives(placement, &stream).differenceErrors()
    #expect(errors.first < 1e-6)
    #expect(errors.second < 1e-4)
    reportFigure("first-derivative", of: placement.testDescription, Double(errors.first))
    reportFigure("second-derivative", of: placement.testDescription, Double(errors.second))
  }
}
