import ConvFamilies
import Diagnostics
import Networks
import Settings
import Testing

@Suite struct InspectionTests {
  private func inspect(
    filters: Int, backbone: String = "conv4", family: String = "standard", options: [String: String] = [:],
    adapt: String? = nil
  ) throws -> Inspection {
    var plan = Plan()
    plan.backbone = backbone
    plan.channels = 3
    plan.imageSize = 84
    plan.filters = filters
    plan.family = family
    plan.options = options
    plan.adapt = adapt
    plan.head = .adapts
    return try Inspection(plan: plan, families: FamilyRegistry.families)
  }

  // Convolutions 9·3·64 + 3·9·64·64 = 112,320; normalisation 4·2·64 = 512. Work of layer l on its side s:
  // s²·9·C·64 with s = 84, 42, 21, 10. Five ways on 64·5·5 features: 5·1600 + 5.
  @Test("Conv-4 with 64 filters has the published counts")
  func conv64() throws {
    let found = try inspect(filters: 64)
    #expect(found.rows.map(\.forward.dense).prefix(4) == [12_192_768, 65_028_096, 16_257_024, 3_686_400])
    #expect(found.body.parameters == 112_832)
    #expect(found.body.forward.dense == 97_164_288)
    #expect(found.body.forward.factored == found.body.forward.dense)
    #expect(found.roles.map(\.role) == ["kernels", "norm", "head"])
    #expect(found.roles.map(\.parameters) == [112_320, 512, 8005])
    #expect(found.total.parameters == 112_832 + 8005)
    #expect(found.adapted == found.total.parameters)
  }

  // 9·3·32 + 3·9·32·32 + 4·2·32 = 28,768.
  @Test("Conv-4 with 32 filters has the published counts")
  func conv32() throws {
    let found = try inspect(filters: 32)
    #expect(found.body.parameters == 28_768)
    #expect(found.body.forward.dense == 27_339_264)
  }

  // Stem 1,728 and normalisation 512 stand; each of 3 layers has 64·64·m coefficients and 9·m atoms, and with
  // share=net there is one set of coefficients.
  @Test(
    "ACDC on layers 2 to 4 has the counts of its definition",
    arguments: [(6, 76_130, 26_978), (8, 100_760, 35_224), (9, 113_075, 39_347)])
  func acdc(_ atoms: Int, _ unshared: Int, _ shared: Int) throws {
    let options = ["atoms": "\(atoms)"]
    let own = try inspect(filters: 64, family: "acdc", options: options, adapt: "atoms")
    #expect(own.body.parameters == unshared)
    let net = try inspect(
      filters: 64, family: "acdc", options: options.merging(["share": "net"]) { $1 }, adapt: "atoms")
    #expect(net.body.parameters == shared)
    #expect(net.rows.map(\.name) == ["layer1", "layer2", "layer3", "layer4", "shared", "head"])
    for found in [own, net] {
      #expect(found.roles.first { $0.role == "atoms" }?.adapted == 27 * atoms)
      #expect(found.adapted == 27 * atoms + 8005)
      #expect(found.body.forward.dense == 97_164_288)
    }
  }

  // Factored work of a layer with P pixels: P·m·C·(9 + O).
  @Test("the factored form counts atoms and coefficients")
  func factored() throws {
    let found = try inspect(filters: 64, family: "acdc", options: ["atoms": "6"])
    #expect(found.rows[1].forward.factored == 42 * 42 * 6 * 64 * (9 + 64))
    #expect(found.rows[0].forward.factored == found.rows[0].forward.dense)
  }

  // Layer 1 has no gradient to pass on; behind it forward, towards the input and towards the kernel cost u each.
  @Test("a step on everything costs three passes per layer but the first")
  func stepOnAll() throws {
    let found = try inspect(filters: 64)
    for (i, row) in found.rows.prefix(4).enumerated() {
      #expect(row.step.dense == (i == 0 ? 2 : 3) * row.forward.dense)
      #expect(row.step.factored == row.step.dense)
    }
    #expect(found.rows.last?.step.dense == 3 * 8000)
  }

  @Test("a step on the head alone goes backward nowhere else")
  func stepOnHead() throws {
    let found = try inspect(filters: 64, adapt: "head")
    #expect(found.body.step == found.body.forward)
    #expect(found.rows.last?.step.dense == 2 * 8000)
    #expect(found.roles.allSatisfy { $0.amplification == nil })
  }

  @Test("a step on norms goes backward to the first of them, and needs no gradient of kernels")
  func stepOnNorms() throws {
    let found = try inspect(filters: 64, adapt: "norm@2-4")
    #expect(zip(found.rows, [1, 1, 2, 2]).allSatisfy { $0.step.dense == $1 * $0.forward.dense })
  }

  // In units of u, 64 to 64 channels, m = 6: forward m/9 + m/64 = 0.760, towards the input the same, towards the
  // atoms m/64 = 0.094, in all 1.61. In the first layer that adapts one way back reaches the atoms.
  @Test(
    "a step on atoms costs what the reference derives, in both evaluations", arguments: [3, 4, 6, 8, 9, 12])
  func stepOnAtoms(m: Int) throws {
    let found = try inspect(filters: 64, family: "acdc", options: ["atoms": "\(m)"], adapt: "atoms")
    let (first, later) = (found.rows[1], found.rows[2])
    #expect(found.rows[0].step == found.rows[0].forward)
    #expect(first.step.factored == 2 * first.forward.factored)
    #expect(first.step.dense == 2 * first.forward.dense)
    #expect(later.step.dense == 3 * later.forward.dense)
    let units = Double(later.step.factored) / Double(later.forward.dense)
    let published = [3: 0.81, 4: 1.08, 6: 1.61, 8: 2.15, 9: 2.42, 12: 3.23]
    #expect(abs(units - (published[m] ?? 0)) < 0.006)
  }

  // In units of u, 64 to 64 channels. R = 33 filters, one of them the layer's own: forward R/64 + R/576 = 0.573, towards
  // the input the same; coefficients R/576, unique filters 1/64, shared ones 32/64. Ranks of 32: forward
  // 32/576 + 32·32/64² + 32/576 = 0.361; whatever makes up the kernel in the middle 0.25.
  @Test(
    "a step on parts of shared bases and Tucker tensors costs what the reference derives",
    arguments: [
      ("dsb", "coefficients", 1.20), ("dsb", "unique", 1.16), ("dsb", "unique+norm", 1.16),
      ("dsb", "bases", 1.65),
      ("tnet", "layer-factors", 0.97), ("tnet", "layer-factors+spatial-factors", 0.97),
      ("tnet", "core", 0.97),
      ("tnet", "factors", 0.83),
    ])
  func stepOnParts(family: String, adapt: String, units: Double) throws {
    let found = try inspect(filters: 64, family: family, adapt: adapt)
    let later = found.rows[2]
    #expect(abs(Double(later.step.factored) / Double(21 * 21 * 36_864) - units) < 0.006)
    // An inner norm leaves no dense form; without one it costs as much as any.
    #expect(later.forward.dense == (family == "dsb" ? later.forward.factored : 21 * 21 * 36_864))
  }

  @Test("shared coefficients count as adapting from the first layer that uses them")
  func stepOnShared() throws {
    let found = try inspect(
      filters: 64, family: "acdc", options: ["share": "net"], adapt: "coefficients")
    #expect(zip(found.rows, [1, 2, 3, 3]).allSatisfy { $0.step.dense == $1 * $0.forward.dense })
  }

  // AᵀA ≈ (2·O/m)·I with coefficients of variance 2/(C·m): 64·64·m numbers leave an error of about a per cent.
  @Test("atoms amplify a step by 2·O/m, kernels and coefficients over unit atoms by 1", arguments: [3, 6, 8])
  func amplification(m: Int) throws {
    let found = try inspect(filters: 64, family: "acdc", options: ["atoms": "\(m)"], adapt: "all")
    func measured(_ role: String) -> Amplification? { found.roles.first { $0.role == role }?.amplification }
    let expected = 128 / Double(m)
    let atoms = try #require(measured("atoms"))
    #expect(abs(atoms.mean - expected) < 0.05 * expected)
    #expect(atoms.lowest <= atoms.mean && atoms.mean <= atoms.highest)
    #expect(abs((measured("coefficients")?.mean ?? 0) - 1) < 0.05)
    #expect(measured("kernels")?.mean == 1)
    #expect(measured("norm") == nil)
  }

  @Test("single weights of kernels amplify by 1")
  func randomAmplification() throws {
    let found = try inspect(filters: 16, adapt: "random:2000")
    let kernels = try #require(found.roles.first { $0.role == "kernels" }?.amplification)
    #expect(abs(kernels.mean - 1) < 1e-6)
  }

  @Test("singular values amplify by 1 and a summary by how often its numbers are used")
  func factorAmplification() throws {
    let singular = try inspect(filters: 32, family: "svd", adapt: "singular")
    let values = try #require(singular.roles.first { $0.role == "singular" }?.amplification)
    #expect(abs(values.mean - 1) < 0.01)
    // 32·32·9 taps over a quarter as many numbers, rounded up.
    let summary = try inspect(filters: 32, family: "fsnet", options: ["compression": "4"], adapt: "summary")
    let numbers = try #require(summary.roles.first { $0.role == "summary" }?.amplification)
    #expect(abs(numbers.mean - 4) < 0.2)
  }

  // Features of 64 channels, averaged over space: the matrix forward and towards both of its factors, and so the head, which
  // adapts too.
  @Test("a matrix behind the features is a row of its own, in numbers and in work")
  func alignment() throws {
    let found = try inspect(filters: 16, backbone: "conv4-strided", family: "adapter", adapt: "adapter")
    #expect(found.rows.map(\.name) == ["layer1", "layer2", "layer3", "layer4", "alignment", "head"])
    let row = found.rows[4]
    #expect(row.parameters == 256 && row.forward.dense == 256 && row.step.dense == 3 * 256)
    #expect(found.rows[5].step.dense == 3 * found.rows[5].forward.dense)
    // Three layers of 16 × 16, and the matrix.
    #expect(found.roles.first { $0.role == "adapter" }?.adapted == 4 * 256)
    // Beside a frozen kernel: forward and towards the input through both, and towards the matrix.
    let layer = found.rows[2]
    #expect(layer.step.factored == 2 * layer.forward.factored + layer.forward.dense / 9)
    let still = try inspect(filters: 16, backbone: "conv4-strided", family: "adapter", adapt: "head")
    #expect(still.rows[4].step == still.rows[4].forward)
  }

  @Test("a random selection counts its weights, not its tensors")
  func random() throws {
    let found = try inspect(filters: 8, adapt: "random:100")
    let body = found.roles.filter { $0.role != "head" }
    #expect(body.reduce(0) { $0 + $1.adapted } == 100)
  }
}
