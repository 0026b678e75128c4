import ConvFamilies
import Experiments
import Networks
import Testing

@Suite struct InspectionTests {
  private func inspect(
    filters: Int, family: String = "standard", options: [String: String] = [:], adapt: String? = nil
  ) throws -> Inspection {
    var plan = Plan()
    plan.backbone = "conv4"
    plan.channels = 3
    plan.imageSize = 84
    plan.filters = filters
    plan.family = family
    plan.options = options
    plan.adapt = adapt
    return try Inspection(plan: plan, families: FamilyRegistry.families)
  }

  // Convolutions 9·3·64 + 3·9·64·64 = 112,320; normalisation 4·2·64 = 512. Work of layer l on its side s:
  // s²·9·C·64 with s = 84, 42, 21, 10. Five ways on 64·5·5 features: 5·1600 + 5.
  @Test("Conv-4 with 64 filters has the published counts")
  func conv64() throws {
    let found = try inspect(filters: 64)
    #expect(found.rows.map(\.dense).prefix(4) == [12_192_768, 65_028_096, 16_257_024, 3_686_400])
    #expect(found.body.parameters == 112_832)
    #expect(found.body.dense == 97_164_288)
    #expect(found.body.factored == found.body.dense)
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
    #expect(found.body.dense == 27_339_264)
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
      #expect(found.body.dense == 97_164_288)
    }
  }

  // Beside the stem 1,728 and normalisation 512: one basis 32·576, and per layer one filter 576, coefficients 33·64 and
  // an inner norm of 2·33.
  @Test("shared bases on layers 2 to 4 have the counts of their definition")
  func sharedBases() throws {
    let found = try inspect(filters: 64, family: "dsb", options: ["shared": "32"], adapt: "unique")
    #expect(found.body.parameters == 28_934)
    #expect(found.adapted == 1728 + 8005)
    let roles = Dictionary(uniqueKeysWithValues: found.roles.map { ($0.role, $0.parameters) })
    #expect(
      roles == [
        "kernels": 1728, "bases": 18_432, "unique": 1728, "coefficients": 6336, "norm": 512 + 198,
        "head": 8005,
      ])
    // P·R·(9·C + O) with R = 33; the norm between them leaves no dense form.
    #expect(found.rows[1].factored == 42 * 42 * 33 * (576 + 64))
    #expect(found.rows[1].dense == found.rows[1].factored)
  }

  // Beside stem and normalisation: the core 3·32·32·3·3, two factors 64·32, two 3·3, and three numbers per layer.
  @Test("T-Net on layers 2 to 4 has the counts of its definition")
  func tucker() throws {
    let options = ["rank-layers": "3", "rank-out": "32", "rank-in": "32"]
    let found = try inspect(filters: 64, family: "tnet", options: options, adapt: "layer-factors")
    #expect(found.body.parameters == 34_011)
    #expect(found.adapted == 9 + 8005)
    let roles = Dictionary(uniqueKeysWithValues: found.roles.map { ($0.role, $0.parameters) })
    #expect(
      roles == [
        "kernels": 1728, "core": 27_648, "factors": 4096, "spatial-factors": 18, "layer-factors": 9,
        "norm": 512, "head": 8005,
      ])
    #expect(found.rows[1].factored == 42 * 42 * (64 * 32 + 9 * 32 * 32 + 32 * 64))
    #expect(found.rows[1].dense == 65_028_096)
    // At this width the default ranks are these.
    let standing = try inspect(filters: 64, family: "tnet")
    #expect(standing.roles.map(\.parameters) == found.roles.map(\.parameters))
  }

  // Factored work of a layer with P pixels: P·m·C·(9 + O).
  @Test("the factored form counts atoms and coefficients")
  func factored() throws {
    let found = try inspect(filters: 64, family: "acdc", options: ["atoms": "6"])
    #expect(found.rows[1].factored == 42 * 42 * 6 * 64 * (9 + 64))
    #expect(found.rows[0].factored == found.rows[0].dense)
  }

  @Test("a random selection counts its weights, not its tensors")
  func random() throws {
    let found = try inspect(filters: 8, adapt: "random:100")
    let body = found.roles.filter { $0.role != "head" }
    #expect(body.reduce(0) { $0 + $1.adapted } == 100)
  }
}
