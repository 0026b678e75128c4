import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// A family that says nothing about fits.
private struct UnfittedFamily: ConvFamily {
  static let name = "unfitted"
  static let summary = "a family without a fit"
  static let options: [NamedOption] = []
  static let defaultAdaptation = "all"
  init(_ options: OptionValues) {}
  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<StandardConvolution>] {
    sites.map { .own(StandardConvolution(at: $0, in: &layout)) }
  }
}

private func network(
  _ name: String, _ options: [String: String] = [:], filters: Int = 6, ways: Int = 3
) throws -> Network {
  let all = FamilyRegistry.families + [UnfittedFamily.self]
  let family = try all.family(named: name, options: options)
  return try Network(ways: ways) { layout throws(ConfigurationError) in
    try Conv4(
      .strided, filters: filters, image: ImageShape(channels: 3, side: 16), family: family, in: &layout)
  }
}

private func convert(
  _ source: Network, _ trained: Parameters, _ name: String, _ options: [String: String] = [:]
) throws -> (Network, Conversion) {
  let target = try network(name, options)
  let start = target.layout.initialized(seed: 9)
  return (target, try Conversion(of: source, at: trained, to: target, from: start))
}

@Suite("Conversion of trained networks")
struct ConversionTests {
  @Test(
    "where a family can stand for any kernel, the fit is the network itself",
    arguments: [
      ("svd", [:]), ("svd", ["stem": "svd"]), ("svd", ["head": "svd"]), ("acdc", ["atoms": "9"]),
      ("acdc", ["atoms": "12", "stem": "atoms"]), ("fsnet", ["compression": "1", "align": "none"]),
      ("tnet", ["rank-out": "full", "rank-in": "full"]),
      ("standard", [:]), ("film", [:]), ("lora", [:]), ("lora", ["rank": "2", "stem": "lora"]),
      ("adapter", [:]),
      ("adapter", ["alignment": "off", "stem": "adapter"]),
    ] as [(String, [String: String])])
  func exact(name: String, options: [String: String]) throws {
    let source = try network("standard")
    let trained = source.layout.initialized(seed: 1)
    let (target, conversion) = try convert(source, trained, name, options)
    // Summaries overlap by at least one number per filter unless they are as long as all filters.
    #expect(conversion.totalError < 10 * Double(roundingTolerance), "\(name) \(options)")
    var stream = RandomStream(seed: 1, purpose: "conversion")
    let images = Tensor.normal([4, 16, 16, 3], &stream)
    let error = relativeError(
      target.logits(images, conversion.parameters).scalars, source.logits(images, trained).scalars)
    #expect(error < 200 * roundingTolerance, "\(name) \(options): \(error)")
  }

  @Test(
    "a network of the family is found again from its dense kernels",
    arguments: [
      ("acdc", ["atoms": "3"]), ("acdc", ["atoms": "3", "share": "net"]),
      ("acdc", ["atoms": "2", "groups": "3"]), ("acdc", ["atoms": "2", "groups": "2", "share": "net"]),
      ("svd", ["rank": "2"]), ("tnet", [:]), ("tnet", ["rank-layer": "2", "rank-height": "2"]),
      ("fsnet", ["compression": "4"]),
      ("fsnet", ["compression": "4", "align": "channels", "stem": "summary"]),
      ("fsnet", ["compression": "4", "locations": "learned"]), ("lora", ["rank": "2"]), ("adapter", [:]),
    ] as [(String, [String: String])])
  func foundAgain(name: String, options: [String: String]) throws {
    let source = try network(name, options)
    let (_, conversion) = try convert(source, source.layout.initialized(seed: 2), name, options)
    #expect(conversion.totalError < 20 * Double(roundingTolerance), "\(conversion.totalError)")
    #expect(conversion.layers.map(\.path) == (1...4).map { "layer\($0).conv" })
  }

  @Test("layers of unequal width that share coefficients are nearly found again")
  func unequalWidths() throws {
    let options = ["atoms": "2", "share": "net", "stem": "atoms"]
    let source = try network("acdc", options)
    let (_, conversion) = try convert(source, source.layout.initialized(seed: 2), "acdc", options)
    #expect(conversion.totalError < 0.02, "\(conversion.totalError)")
  }

  @Test(
    "no neighbouring point is a better fit",
    arguments: [
      ("acdc", ["atoms": "3"]), ("acdc", ["atoms": "2", "groups": "3"]), ("svd", ["rank": "2"]),
      ("acdc", ["atoms": "3", "share": "net"]), ("fsnet", ["compression": "4"]),
      ("fsnet", ["compression": "4", "align": "channels"]),
    ] as [(String, [String: String])])
  func stationary(name: String, options: [String: String]) throws {
    let source = try network("standard")
    let trained = source.layout.initialized(seed: 3)
    let (target, conversion) = try convert(source, trained, name, options)
    #expect(conversion.totalError > 0.1)
    let leaves = conversion.parameters.leaves
    let error = zip(source.backbone.convolutions, target.backbone.convolutions).reduce(Tensor(0)) {
      let rest = $1.1.convolution.kernel(leaves) - $1.0.convolution.kernel(trained)
      return $0 + rest.dot(rest)
    }
    // At a least square the gradient by everything that was fitted vanishes, measured against the numbers fitted.
    for (entry, gradient) in zip(target.layout.entries, gradients(of: error, wrt: leaves.values)) {
      #expect(gradient.scalars.allSatisfy { abs($0) < 100 * roundingTolerance }, "\(entry.path)")
    }
  }

  @Test("the error of a cut decomposition is that of the singular values left out")
  func tail() throws {
    let source = try network("standard")
    let trained = source.layout.initialized(seed: 4)
    let whole = try convert(source, trained, "svd").1
    let cut = try convert(source, trained, "svd", ["rank": "2"]).1
    for layer in 2...4 {
      let ref = try #require(whole.parameters.layout.ref(at: "layer\(layer).conv.singular"))
      let energy = whole.parameters[ref].scalars.map { Double($0 * $0) }
      let expected = (energy.dropFirst(2).reduce(0, +) / energy.reduce(0, +)).squareRoot()
      #expect(abs(cut.layers[layer - 1].error - expected) < 1e-4)
    }
    #expect(cut.layers[0].error == 0 && cut.layers[1].kernelNumbers == 6 * 6 * 9)
  }

  @Test("norms, head and stem are copied")
  func copies() throws {
    let source = try network("standard")
    let trained = source.layout.initialized(seed: 5).mapValues { $0 + 0.5 }
    let (target, conversion) = try convert(source, trained, "svd", ["rank": "1"])
    for entry in target.layout.entries where ![.singular, .factors].contains(entry.role) {
      let here = try #require(target.layout.ref(at: entry.path))
      let there = try #require(source.layout.ref(at: entry.path))
      #expect(conversion.parameters[here].scalars == trained[there].scalars, "\(entry.path)")
    }
  }

  @Test("a head of factors is found from a dense one and back")
  func heads() throws {
    let factored = try network("svd", ["head": "svd", "rank": "2"])
    let trained = factored.layout.initialized(seed: 7)
    let (dense, back) = try convert(factored, trained, "standard")
    #expect(back.totalError == 0)
    let weight = try #require(dense.headWeight(back.parameters))
    #expect(weight.scalars == factored.headWeight(trained)?.scalars)
    let (_, again) = try convert(dense, back.parameters, "svd", ["head": "svd", "rank": "2"])
    #expect(again.layers.last?.path == "head" && again.layers.count == 5)
    #expect(again.totalError < 20 * Double(roundingTolerance))
  }

  @Test("other backbones, numbers that are not finite and families without a fit are refused")
  func refusals() throws {
    let source = try network("standard")
    let trained = source.layout.initialized(seed: 6)
    let wide = try network("svd", filters: 8)
    let other = #expect(throws: ConfigurationError.self) {
      try Conversion(of: source, at: trained, to: wide, from: wide.layout.initialized(seed: 0))
    }
    let first = try #require(other?.description)
    #expect(first.contains("[8, 3, 3, 3]") && first.contains("[6, 3, 3, 3]"), "\(first)")
    let broken = trained.mapValues { (.nan as Scalar) * $0 }
    #expect(throws: ConfigurationError.self) { try convert(source, broken, "svd") }
    let inner = try network("dsb")
    let refused = #expect(throws: ConfigurationError.self) {
      try convert(inner, inner.layout.initialized(seed: 6), "svd")
    }
    #expect(refused?.description.contains("norm=none") == true)
    let error = #expect(throws: ConfigurationError.self) { try convert(source, trained, "unfitted") }
    #expect(error?.description.contains("unfitted") == true)
  }
}
