import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("LoRA")
struct LowRankTests {
  private func network(_ options: [String: String] = [:]) throws -> Network {
    let family = try FamilyRegistry.families.family(named: "lora", options: options)
    return try Network(ways: nil) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
  }

  @Test("a kernel is W + (α/r) · up · down", arguments: [(1, 1.0), (2, 1.0), (3, 6.0)])
  func formula(rank: Int, scale: Double) throws {
    let network = try network(["rank": "\(rank)", "scale": "\(scale)"])
    let point = network.layout.awayFromStart(seed: 1)
    func numbers(_ name: String) throws -> [Scalar] {
      point[try #require(network.layout.ref(at: "layer2.conv." + name))].scalars
    }
    let (whole, down, up) = (try numbers("kernel"), try numbers("down"), try numbers("up"))
    let convolution = network.convolutions[1]
    let found = convolution.kernel(point)
    var expected = whole
    for o in 0..<4 {
      for tap in 0..<36 {
        for j in 0..<rank {
          expected[o * 36 + tap] += Scalar(scale) / Scalar(rank) * up[o * rank + j] * down[j * 36 + tap]
        }
      }
    }
    #expect(relativeError(found.scalars, expected) < roundingTolerance)
    // What another program must know beside the parameters.
    #expect(
      convolution.constants["layer2.conv.difference_scale"]
        == (scale == Double(rank) ? nil : scale / Double(rank)))
  }

  @Test("up belongs to a task and starts at zero, down has unit filters that the outer loop trains")
  func start() throws {
    let layout = try network(["rank": "2"]).layout
    let point = layout.initialized(seed: 2)
    #expect(layout.entries.allSatisfy { $0.isMetaTrained != $0.path.hasSuffix(".up") })
    for ref in layout.refs where layout[ref].role == .lora {
      let squares = (point[ref] * point[ref]).scalars.reduce(0, +)
      let filters = layout[ref].path.hasSuffix(".down") ? Scalar(layout[ref].shape[0]) : 0
      #expect(abs(squares - filters) < 10 * roundingTolerance)
    }
    // Three layers behind the stem: two filters of 36 numbers and four rows of two.
    #expect(layout.count(of: .lora) == 3 * (2 * 36 + 4 * 2))
  }

  @Test("at the start up alone has a gradient, and with it both: nothing stands still for ever")
  func gradients() throws {
    let network = try network()
    var stream = RandomStream(seed: 3, purpose: "lora")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    func slopes(_ point: Parameters) -> [(path: String, isZero: Bool)] {
      let leaves = point.leaves
      let x = network.features(images, leaves)
      let refs = network.layout.refs.filter { network.layout[$0].role == .lora }
      let weights = Tensor.normal(x.shape, &stream)
      return zip(refs, Tensors.gradients(of: x.dot(weights), wrt: refs.map { leaves[$0] })).map {
        (network.layout[$0].path, $1.scalars.allSatisfy { $0 == 0 })
      }
    }
    for (path, isZero) in slopes(network.layout.initialized(seed: 3)) {
      #expect(isZero == path.hasSuffix(".down"), "\(path)")
    }
    #expect(slopes(network.layout.awayFromStart(seed: 3)).allSatisfy { !$0.isZero })
  }

  @Test("a rank is cut to what a kernel can have, and values that mean nothing are refused by name")
  func ranks() throws {
    let full = try network(["rank": "full"]).layout
    let large = try network(["rank": "1000"]).layout
    #expect(full.entries.map(\.shape) == large.entries.map(\.shape))
    #expect(
      full.entries.filter { $0.role == .lora }.allSatisfy { $0.shape[$0.path.hasSuffix(".up") ? 1 : 0] == 4 })
    for (options, word) in [
      (["rank": "0"], "rank"), (["scale": "0"], "scale"), (["scale": "x"], "scale"), (["stem": "no"], "stem"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try network(options) }
      #expect(error?.description.contains(word) == true)
    }
  }
}
