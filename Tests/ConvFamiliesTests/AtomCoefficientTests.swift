import ConvFamilies
import Foundation
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("ACDC")
struct AtomCoefficientTests {
  private let image = ImageShape(channels: 1, side: 16)

  private func network(_ family: String, _ options: [String: String] = [:]) throws -> Network {
    let made = try FamilyRegistry.families.family(named: family, options: options)
    return try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: image, family: made, in: &layout)
    }
  }

  @Test(
    "with the nine unit kernels as atoms it is the standard convolution, to the second derivative",
    arguments: [
      "dense", "factored",
    ])
  func identity(evaluation: String) throws {
    let standard = try network("standard")
    let acdc = try network("acdc", ["atoms": "9", "stem": "atoms", "evaluation": evaluation])
    let theirs = standard.layout.initialized(seed: 1)
    let unit = Tensor((0..<81).map { $0 / 9 == $0 % 9 ? 1 : 0 }, shape: [9, 3, 3])
    // The coefficients are the kernel itself: A[o, c, j] = W[o, c, j / 3, j mod 3].
    let ours = Parameters(
      layout: acdc.layout,
      values: try acdc.layout.entries.map { entry in
        if entry.role == .atoms { return unit }
        let path = entry.path.replacingOccurrences(of: "coefficients", with: "kernel")
        return theirs[try #require(standard.layout.ref(at: path))].reshaped(entry.shape)
      })
    var stream = RandomStream(seed: 1, purpose: "identity")
    let images = Tensor.normal([6, 16, 16, 1], &stream)
    let labels = [0, 1, 2, 0, 1, 2]

    func derivatives(_ network: Network, _ parameters: Parameters, _ role: ParameterRole) -> [Tensor] {
      let leaves = parameters.leaves
      let refs = network.layout.refs.filter { network.layout[$0].role == role }
      let loss = crossEntropy(network.logits(images, leaves), labels)
      let first = gradients(of: loss, wrt: refs.map { leaves[$0] }, differentiable: true)
      let norm = first.reduce(Tensor(0)) { $0 + $1.dot($1) }
      return [loss] + first + gradients(of: norm, wrt: refs.map { leaves[$0] })
    }
    let expected = derivatives(standard, theirs, .kernels)
    for (a, b) in zip(derivatives(acdc, ours, .coefficients), expected) {
      #expect(relativeError(a.scalars, b.scalars) < 50 * roundingTolerance)
    }
  }

  @Test("sharing declares coefficients once, as wide as the widest layer")
  func sharing() throws {
    let none = try network("acdc", ["share": "none"]).layout
    let net = try network("acdc", ["share": "net"]).layout
    #expect(none.entries.count { $0.role == .coefficients } == 3)
    #expect(net.entries.filter { $0.role == .coefficients }.map(\.shape) == [[4, 4, 6]])
    let withStem = try network("acdc", ["share": "net", "stem": "atoms"]).layout
    #expect(withStem.entries.filter { $0.role == .coefficients }.map(\.shape) == [[4, 4, 6]])
    #expect(withStem.entries.count { $0.role == .atoms } == 4)
  }

  @Test("the gradient of shared coefficients is the sum over their uses")
  func sharedGradient() throws {
    let shared = try network("acdc", ["share": "net"])
    let apart = try network("acdc", ["share": "none"])
    let point = shared.layout.initialized(seed: 2)
    let copy = Parameters(
      layout: apart.layout,
      values: try apart.layout.entries.map { entry in
        let path = entry.role == .coefficients ? "shared.coefficients" : entry.path
        return point[try #require(shared.layout.ref(at: path))]
      })
    var stream = RandomStream(seed: 2, purpose: "shared")
    let images = Tensor.normal([3, 16, 16, 1], &stream)
    func gradient(_ network: Network, _ parameters: Parameters) -> [Tensor] {
      let leaves = parameters.leaves
      let refs = network.layout.refs.filter { network.layout[$0].role == .coefficients }
      return gradients(
        of: crossEntropy(network.logits(images, leaves), [0, 1, 2]), wrt: refs.map { leaves[$0] })
    }
    let sum = gradient(apart, copy).reduce(Tensor(repeating: 0, shape: [4, 4, 6])) { $0 + $1 }
    #expect(relativeError(gradient(shared, point)[0].scalars, sum.scalars) < 10 * roundingTolerance)
  }

  @Test("group sizes that do not divide a layer, unknown options and words are refused by name")
  func refusals() throws {
    for (options, word) in [
      (["groups": "3"], "groups"), (["atoms": "0"], "atoms"), (["share": "all"], "share"),
      (["atmos": "6"], "atmos"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try network("acdc", options) }
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test("every file of the families' folder is in the registry, but for parts of a family")
  func registered() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/ConvFamilies")
    let registry = try String(contentsOf: folder.appendingPathComponent("Registry.swift"), encoding: .utf8)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: /struct (\w+): ConvFamily/) {
        #expect(registry.contains("\(match.1).self"), "\(file): \(match.1) is not registered")
      }
    }
  }
}
