import ConvFamilies
import Foundation
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

private func build(_ options: [String: String], _ site: ConvSite) throws -> (ParameterLayout, any Convolution)
{
  let family = try FamilyRegistry.families.family(named: "fsnet", options: options)
  var layout = ParameterLayout()
  let made = try family.made(at: [site], in: &layout)
  return (layout, made.convolutions[0])
}

private func site(_ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1) -> ConvSite {
  ConvSite(
    path: "layer2.conv", layer: 2, stage: 1, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride)
}

@Suite("Filter summaries")
struct FilterSummaryTests {
  // L = 64·576/4 = 9216; l_o = round(o·(9216 − 576)/63), so 137.14 from one to the next.
  @Test("every weight is the number of the summary that its place in the order row, column, channel says")
  func layoutOfWeights() throws {
    let (layout, convolution) = try build(["compression": "4"], site(64, 64))
    #expect(layout.entries.map(\.shape) == [[9216]])
    let counting = Parameters(
      layout: layout, values: [Tensor((0..<9216).map { Scalar($0) }, shape: [9216])])
    let kernel = convolution.kernel(counting).scalars
    for (o, start) in [(0, 0), (1, 137), (2, 274), (4, 549), (63, 8640)] {
      for (c, y, x) in [(0, 0, 0), (5, 1, 2), (63, 2, 2)] {
        let index = ((o * 64 + c) * 3 + y) * 3 + x
        #expect(kernel[index] == Scalar(start + (y * 3 + x) * 64 + c))
      }
    }
  }

  @Test("a summary is never so short that two filters are the same segment")
  func leastLength() throws {
    #expect(try build(["compression": "10000"], site(4, 6)).0.entries[0].shape == [36 + 5])
    #expect(try build(["compression": "1"], site(4, 6)).0.entries[0].shape == [216])
    let aligned = try build(["compression": "10000", "align": "channels"], site(4, 6))
    #expect(aligned.0.entries[0].shape == [36 + 5 * 4])
    #expect(try build(["locations": "learned", "compression": "9"], site(4, 1)).0.entries[0].shape == [37])
  }

  @Test("learned locations begin a quarter past whole, evenly spaced positions")
  func startingLocations() throws {
    let (layout, convolution) = try build(["locations": "learned", "compression": "2"], site(4, 6))
    // L = 108, spare 72, spacing 14.4: 0, 14, 29, 43, 58 and 71, the last position with a neighbour behind it.
    let summary = try #require(layout.ref(at: "layer2.conv.summary"))
    let counting = layout.initialized(seed: 0).replacing(
      [summary], with: [Tensor((0..<108).map { Scalar($0) }, shape: [108])])
    let kernel = convolution.kernel(counting).scalars
    for (o, start) in [0, 14, 29, 43, 58, 71].enumerated() {
      #expect(abs(kernel[o * 36] - (Scalar(start) + 0.25)) < 1e-3)
    }
  }

  // dl_o = ⟨dW[o], F[b + 1 ...] − F[b ...]⟩ and dα_o = dl_o·(L − n)·g·σ'(g·α_o), with g = 4·3/72 here.
  @Test("the derivative by a location is that of its formula")
  func locationDerivative() throws {
    let options = ["locations": "learned", "compression": "2", "location-unit": "3"]
    let (layout, convolution) = try build(options, site(4, 6))
    #expect(convolution.constants == ["layer2.conv.location_gain": 12.0 / 72])
    let point = layout.initialized(seed: 7)
    let leaves = point.leaves
    var stream = RandomStream(seed: 7, purpose: "location")
    let weights = Tensor.normal([6, 4, 3, 3], &stream)
    let found = gradients(of: convolution.kernel(leaves).dot(weights), wrt: leaves.values)
    let f = point.values[0].scalars
    let ordered = weights.permuted([0, 2, 3, 1]).scalars
    for (o, b) in [0, 14, 29, 43, 58, 71].enumerated() {
      let slope = (0..<36).reduce(Scalar(0)) { $0 + ordered[o * 36 + $1] * (f[b + $1 + 1] - f[b + $1]) }
      let s = 1 / (1 + exp(-Double(point.values[1].scalars[o]) / 6))
      let expected = slope * Scalar(72 / 6 * s * (1 - s))
      #expect(abs(found[1].scalars[o] - expected) < 1e-3 * max(1, abs(expected)))
    }
  }

  @Test(
    "an evaluation that takes every product once gives the output of the dense kernel",
    arguments: [
      (3, 4, 3, 1), (4, 6, 3, 1), (4, 6, 3, 2), (2, 5, 5, 1), (1, 3, 3, 1), (16, 32, 3, 1),
    ], [(5, 7), (6, 6)])
  func prefixSums(shape: (Int, Int, Int, Int), size: (Int, Int)) throws {
    let (inputs, outputs, kernel, stride) = shape
    let place = site(inputs, outputs, kernel: kernel, stride: stride)
    let aligned = ["compression": "4", "align": "channels"]
    let (layout, dense) = try build(aligned, place)
    let (_, fast) = try build(aligned.merging(["evaluation": "prefix"]) { $1 }, place)
    let parameters = layout.initialized(seed: 3)
    var stream = RandomStream(seed: 3, purpose: "prefix")
    // Large and one-sided, as behind a rectifier: sums along the whole image would grow.
    let images = Tensor.normal([3, size.0, size.1, inputs], &stream) + 50
    let (found, expected) = (fast(images, parameters), dense(images, parameters))
    #expect(found.shape == expected.shape)
    #expect(relativeError(found.scalars, expected.scalars) < 10 * roundingTolerance)
  }

  // 64→64 at compression 4: L = 9216 products for each of 30·30 pixels of the bordered image.
  @Test("it takes about as many fewer products as the compression says")
  func work() throws {
    let options = ["compression": "4", "align": "channels", "evaluation": "prefix"]
    let convolution = try build(options, site(64, 64)).1
    let work = convolution.multiplyAdds(convolution.site.geometry(batch: 1, height: 28, width: 28))
    #expect(work.factored == 30 * 30 * 9216)
    #expect(work.dense == 28 * 28 * 9 * 64 * 64)
    #expect(work.gradients == [[.summary]: 30 * 30 * 9216])
  }

  @Test("settings that cannot be are refused by name")
  func refusals() {
    for (options, word) in [
      (["compression": "0.5"], "compression"), (["locations": "some"], "locations"),
      (["locations": "learned", "align": "channels"], "align"),
      (["evaluation": "prefix"], "align=channels"),
      (["evaluation": "prefix", "locations": "learned"], "align=channels"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try build(options, site(4, 4)) }
      #expect(error?.description.contains(word) == true)
    }
  }
}
