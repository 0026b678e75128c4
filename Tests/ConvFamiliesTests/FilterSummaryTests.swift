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
  let convolutions = try family.convolutions(at: [site], in: &layout)
  return (layout, convolutions[0])
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
    "prefix sums give the output of the dense kernel",
    arguments: [
      (3, 4, 3, 1), (4, 6, 3, 1), (4, 6, 3, 2), (2, 5, 5, 1), (1, 3, 3, 1), (16, 32, 3, 1),
    ], [(5, 7), (6, 6)])
  func prefixSums(shape: (Int, Int, Int, Int), size: (Int, Int)) throws {
    let (inputs, outputs, kernel, stride) = shape
    let (height, width) = size
    let place = site(inputs, outputs, kernel: kernel, stride: stride)
    let (layout, convolution) = try build(["compression": "4", "align": "channels"], place)
    let parameters = layout.initialized(seed: 3)
    let fast = try #require(PrefixSumConvolution(convolution, parameters))
    var stream = RandomStream(seed: 3, purpose: "prefix")
    let image = (0..<(height * width * inputs)).map { _ in stream.normal() }
    let found = fast(image, height: height, width: width)
    let expected = direct(
      convolution.kernel(parameters).scalars.map { Double($0) }, image, height, width, place)
    let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(found.count == expected.count)
    #expect(error < 1e-11 * expected.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// The definition: y[o, i, j] = Σ W[o, c, a, b]·x[i·s + a − p, j·s + b − p, c].
  private func direct(
    _ kernel: [Double], _ image: [Double], _ height: Int, _ width: Int, _ place: ConvSite
  ) -> [Double] {
    let g = place.geometry(batch: 1, height: height, width: width)
    var result: [Double] = []
    for o in 0..<place.outputs {
      for i in 0..<g.outHeight {
        for j in 0..<g.outWidth {
          var sum = 0.0
          for a in 0..<g.kernel {
            for b in 0..<g.kernel {
              let (y, x) = (i * g.stride + a - g.padding, j * g.stride + b - g.padding)
              guard 0 <= y, y < height, 0 <= x, x < width else { continue }
              for c in 0..<place.inputs {
                sum +=
                  kernel[((o * place.inputs + c) * g.kernel + a) * g.kernel + b]
                  * image[(y * width + x) * place.inputs + c]
              }
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  // 64→64 at compression 4: L/C = 144 blocks, so 144·64 of 9·64·64 products per pixel, on the padded image.
  @Test("prefix sums take about as many fewer products as the compression says")
  func work() throws {
    let (layout, convolution) = try build(["compression": "4", "align": "channels"], site(64, 64))
    let fast = try #require(PrefixSumConvolution(convolution, layout.initialized(seed: 0)))
    let (products, additions) = fast.work(height: 28, width: 28)
    #expect(products == 30 * 30 * 144 * 64)
    #expect(additions == 30 * 30 * 144 + 2 * 3 * 64 * 28 * 28)
    let dense = convolution.multiplyAdds(convolution.site.geometry(batch: 1, height: 28, width: 28)).dense
    #expect(Double(dense) / Double(products + additions) > 3)
  }

  @Test("without aligned, fixed locations there are no prefix sums")
  func notAligned() throws {
    for options in [["compression": "4"], ["locations": "learned"]] {
      let (layout, convolution) = try build(options, site(7, 6))
      #expect(PrefixSumConvolution(convolution, layout.initialized(seed: 0)) == nil)
    }
  }

  @Test("settings that cannot be are refused by name")
  func refusals() {
    for (options, word) in [
      (["compression": "0.5"], "compression"), (["locations": "some"], "locations"),
      (["locations": "learned", "align": "channels"], "align"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try build(options, site(4, 4)) }
      #expect(error?.description.contains(word) == true)
    }
  }
}
