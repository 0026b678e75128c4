import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Activations of every layer")
struct ActivationsTests {
  @Test("the last block makes the features and the head the logits", arguments: BackboneRegistry.backbones)
  func ends(kind: BackboneKind) throws {
    let family = try FamilyRegistry.families.family(named: "standard")
    let network = try Network(ways: 3) { layout throws(ConfigurationError) in
      try kind.backbone(
        filters: kind.defaultFilters, image: ImageShape(channels: 1, side: 32), family: family, in: &layout)
    }
    var stream = RandomStream(seed: 2, purpose: "activations")
    let images = Tensor.normal([2, 32, 32, 1], &stream)
    let point = network.layout.initialized(seed: 2)
    let found = network.activations(images, point)
    #expect(Set(found.map(\.layer)).count == found.count && found.last?.layer == "head")
    #expect(found.last?.rows.scalars == network.logits(images, point).scalars)
    #expect(found.allSatisfy { $0.rows.shape.rank == 2 && $0.rows.shape[0] == 2 })
    // Flattened or averaged over space, either keeps the sum over an image up to the number of positions.
    let features = network.features(images, point)
    let block = found[found.count - 2].rows
    let positions = Scalar(block.count / features.count)
    #expect(
      relativeError(features.rowSums.scalars, ((1 / positions) * block.rowSums).scalars)
        < 100 * roundingTolerance)
  }
}
