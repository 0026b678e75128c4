import ConvFamilies
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// One layer that every test of this file can look into.
private let site = ConvSite(path: "layer2.conv", layer: 2, stage: 1, inputs: 4, outputs: 5)

private func build(_ options: [String: String], at sites: [ConvSite] = [site]) throws -> (
  made: any MadeConvolutions, layout: ParameterLayout, convolutions: [any Convolution]
) {
  let family = try FamilyRegistry.families.family(named: "svd", options: options)
  var layout = ParameterLayout()
  let made = try family.made(at: sites, in: &layout)
  return (made, layout, made.convolutions)
}

/// The start with some singular values in place of its own.
private func point(_ layout: ParameterLayout, _ values: [Scalar]) throws -> Parameters {
  let ref = try #require(layout.ref(at: "layer2.conv.singular"))
  return layout.initialized(seed: 1).replacing([ref], with: [Tensor(values, shape: [values.count])])
}

@Suite("Singular value factors")
struct SingularValueTests {
  @Test("at full rank it starts as the standard kernel of the same seed")
  func fullRank() throws {
    let (_, layout, convolutions) = try build([:])
    var standard = ParameterLayout()
    let dense = StandardConvolution(at: site, in: &standard)
    let expected = dense.kernel(standard.initialized(seed: 5)).scalars
    #expect(
      relativeError(convolutions[0].kernel(layout.initialized(seed: 5)).scalars, expected) < roundingTolerance
    )
  }

  @Test("the weights of the penalties are those of the reference, and each is its formula")
  func penalties() throws {
    let none = ["orthogonality": "0", "ordering": "0", "sparsity": "0"]
    func value(_ weights: [String: String], _ s: [Scalar], stretch: Scalar = 1) throws -> Double? {
      let (made, layout, _) = try build(none.merging(weights) { $1 })
      var parameters = try point(layout, s)
      let left = try #require(layout.ref(at: "layer2.conv.left"))
      parameters = parameters.replacing([left], with: [stretch * parameters[left]])
      return made.regularizer(parameters).map { Double($0.item) }
    }
    let s: [Scalar] = [3, -4, 0, 0, 0]
    #expect(try value([:], s) == nil)
    // Orthonormal at the start; with U twice as long UᵀU − I = 3·I, so ‖·‖²/r = 9.
    #expect(abs(try #require(try value(["orthogonality": "1"], s))) < 1e-5)
    #expect(abs(try #require(try value(["orthogonality": "2"], s, stretch: 2)) - 18) < 1e-3)
    // |s| = 3, 4, 0, 0, 0 rises once, by 1. |s| = 1, 3, 2, 5, 5 rises by 2 and 3.
    #expect(abs(try #require(try value(["ordering": "1"], s)) - 1) < 1e-5)
    #expect(abs(try #require(try value(["ordering": "0.5"], [1, 3, 2, 5, 5])) - 2.5) < 1e-5)
    // ‖s‖₁ = 7, ‖s‖₂ = 5.
    #expect(abs(try #require(try value(["sparsity": "1"], s)) - 1.4) < 1e-5)
    #expect(abs(try #require(try value(["sparsity": "1", "measure": "nuclear"], s)) - 7) < 1e-5)
    let family = try #require(FamilyRegistry.families.first { $0.name == "svd" })
    let defaults = Dictionary(uniqueKeysWithValues: family.options.map { ($0.name, $0.defaultValue) })
    #expect(defaults["orthogonality"] == "1" && defaults["ordering"] == "0.1")
    #expect(defaults["sparsity"] == "0.001" && defaults["energy"] == "0.99")
  }

  @Test("the penalties' gradient agrees with differences", arguments: ["hoyer", "nuclear"])
  func penaltyGradient(measure: String) throws {
    let (made, layout, _) = try build(["sparsity": "1", "ordering": "1", "measure": measure])
    // No two sizes so near, and none so near zero, that a difference crosses a kink.
    let start = try point(layout, [2, -3, 1, 1.5, 0.5])
    var stream = RandomStream(seed: 3, purpose: "penalties")
    let checker = GradientChecker()
    let error = checker.error(
      of: { values in
        made.regularizer(Parameters(layout: layout, values: values)) ?? Tensor(0)
      }, at: start.values, order: 2, &stream)
    #expect(error < checker.tolerance)
  }

  @Test(
    "pruning keeps what its rule says, and never nothing",
    arguments: [
      // Σs² = 16 + 9 + 4 + 1 + 0 = 30: 16 + 9 = 25 is 83 %, with 4 it is 97 %.
      (["energy": "0.8"], [4, 3, 2, 1, 0], [0, 1]),
      (["energy": "0.9"], [1, -3, 2, 4, 0], [1, 2, 3]),
      (["energy": "1"], [1, 1, 1, 1, 1], [0, 1, 2, 3, 4]),
      (["energy": "0"], [1, 5, 2, 4, 0], [1]),
      (["prune": "value", "threshold": "1.5"], [1, -3, 2, 4, 0], [1, 2, 3]),
      (["prune": "value", "threshold": "100"], [1, 3, 2, 4, 0], [3]),
    ] as [([String: String], [Scalar], [Int])])
  func rules(options: [String: String], values: [Scalar], kept: [Int]) throws {
    let schedule = ["prune-every": "10", "prune-after": "20"]
    let (made, layout, _) = try build(options.merging(schedule) { $1 })
    let parameters = try point(layout, values)
    let due = [19, 20, 25, 30].map { !made.keptRanks(parameters, after: $0).isEmpty }
    #expect(due == [false, true, false, true])
    #expect(made.keptRanks(parameters, after: 20) == [layout.rankRefs[0]: kept])
    let never = try build(["prune": "none"]).made
    #expect(never.keptRanks(parameters, after: 100).isEmpty)
  }

  @Test("a term counts by its size in the kernel, however that is split over its factors")
  func sizes() throws {
    let (made, layout, _) = try build(
      ["prune": "value", "threshold": "0.5", "prune-every": "1", "prune-after": "1"])
    var parameters = try point(layout, [1, 1, 1, 1, 1])
    let left = try #require(layout.ref(at: "layer2.conv.left"))
    // The third column of U a tenth as long: its term is too.
    let scales = Tensor((0..<25).map { $0 % 5 == 2 ? 0.1 : 1 }, shape: [5, 5])
    parameters = parameters.replacing([left], with: [parameters[left] * scales])
    #expect(made.keptRanks(parameters, after: 1).values.first == [0, 1, 3, 4])
  }

  // r* = O·C·k²/(O + C·k² + 1).
  @Test(
    "break-even ranks are those of the reference",
    arguments: [(64, 64, 57.5), (16, 16, 14.3), (32, 32, 28.7), (512, 512, 460.7)])
  func breakEven(inputs: Int, outputs: Int, expected: Double) throws {
    var layout = ParameterLayout()
    _ = try FamilyRegistry.families.family(named: "svd").made(
      at: [ConvSite(path: "a", layer: 1, stage: 1, inputs: inputs, outputs: outputs)], in: &layout)
    let rank = layout.ranks[0]
    #expect(abs(try #require(rank.breakEven) - expected) < 0.05)
    #expect(rank.declared == min(outputs, 9 * inputs) && rank.extent == rank.declared)
  }

  // Every 3×3 convolution behind the stem at full rank: r·(O + 9·C + 1).
  @Test(
    "full-rank factors of CIFAR ResNets hold what the reference counts",
    arguments: [("resnet20", 300_192, 267_264), ("resnet32", 515_680, 460_800)])
  func fullRankCounts(backbone: String, factored: Int, dense: Int) throws {
    func count(_ name: String) throws -> Int {
      let family = try FamilyRegistry.families.family(named: name)
      let kind = try #require(BackboneRegistry.backbones.kind(named: backbone))
      var layout = ParameterLayout()
      _ = try kind.backbone(image: ImageShape(channels: 3, side: 32), family: family, in: &layout)
      let roles: [ParameterRole] = [.kernels, .factors, .singular]
      return layout.entries.reduce(0) { $0 + (roles.contains($1.role) ? $1.shape.count : 0) }
    }
    let stem = 27 * 16
    #expect(try count("svd") - stem == factored)
    #expect(try count("standard") - stem == dense)
  }

  @Test("dropping terms that are zero changes nothing but the numbers that are held")
  func reduction() throws {
    let (_, layout, convolutions) = try build(["evaluation": "factored"])
    let whole = try point(layout, [2, 0, 1, 0, 3])
    let reduction = RankReduction(of: layout, keeping: [layout.rankRefs[0]: [0, 2, 4]])
    let lower = reduction(whole)
    #expect(lower.layout.entries.map(\.shape) == [[5, 3], [3], [3, 4, 3, 3]])
    #expect(lower.layout.count() == 3 * (5 + 36 + 1))
    var stream = RandomStream(seed: 1, purpose: "reduction")
    let x = Tensor.normal([2, 5, 5, 4], &stream)
    let expected = convolutions[0](x, whole).scalars
    #expect(relativeError(convolutions[0](x, lower).scalars, expected) < roundingTolerance)
    #expect(
      relativeError(convolutions[0].kernel(lower).scalars, convolutions[0].kernel(whole).scalars)
        < roundingTolerance)
    // Work at a rank r: P·r·(C·k² + O).
    let geometry = site.geometry(batch: 1, height: 5, width: 5)
    #expect(convolutions[0].multiplyAdds(geometry, in: lower.layout).factored == 25 * 3 * (36 + 5))
    #expect(convolutions[0].multiplyAdds(geometry).factored == 25 * 5 * (36 + 5))
  }

  @Test("a head of factors starts as the dense one, adapts as a head and is pruned with the others")
  func head() throws {
    func network(_ options: [String: String]) throws -> Network {
      let family = try FamilyRegistry.families.family(named: "svd", options: options)
      return try Network(ways: 5) { layout throws(ConfigurationError) in
        try Conv4(
          .strided, filters: 8, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
      }
    }
    let dense = try network([:])
    let factored = try network(["head": "svd", "prune": "value", "threshold": "100", "prune-after": "50"])
    let start = factored.layout.initialized(seed: 3)
    var stream = RandomStream(seed: 3, purpose: "head")
    let images = Tensor.normal([4, 16, 16, 1], &stream)
    let expected = dense.logits(images, dense.layout.initialized(seed: 3)).scalars
    #expect(relativeError(factored.logits(images, start).scalars, expected) < 20 * roundingTolerance)

    let adapted = try AdaptSelector("singular").adapted(in: factored.layout, withHead: true, seed: 0)
    let paths = adapted.map { factored.layout[$0.ref].path }
    #expect(
      Set(paths.filter { $0.hasPrefix("head") }) == ["head.left", "head.singular", "head.right", "head.bias"])
    #expect(factored.layout.count(of: .head) == 5 * (5 + 8 + 1) + 5)
    #expect(factored.layout.count(of: .singular) == 3 * 8)

    let kept = factored.keptRanks(start, after: 50)
    let lower = RankReduction(of: factored.layout, keeping: kept)(start)
    #expect(lower.layout.ranks.map(\.extent) == [1, 1, 1, 1])
    #expect(factored.headWeight(lower)?.shape == [5, 8])
    #expect(factored.regularizer(lower) != nil)
  }

  @Test("1×1 convolutions and, unless asked, the stem stay standard")
  func standardSites() throws {
    let sites = [
      ConvSite(path: "a", layer: 1, stage: 1, inputs: 3, outputs: 4, isStem: true),
      ConvSite(path: "b", layer: 2, stage: 1, inputs: 4, outputs: 4, kernel: 1),
    ]
    #expect(try build([:], at: sites).layout.roles == [.kernels])
    #expect(try build(["stem": "svd"], at: sites).layout.roles == [.factors, .singular, .kernels])
  }

  @Test("settings that cannot be are refused by name")
  func refusals() {
    for (key, value) in [
      ("rank", "0"), ("energy", "1.5"), ("prune", "yes"), ("prune-every", "0"), ("sparsity", "-1"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try build([key: value]) }
      #expect(error?.description.contains(key) == true)
    }
  }
}
