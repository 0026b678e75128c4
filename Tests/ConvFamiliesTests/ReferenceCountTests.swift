import ConvFamilies
import Networks
import Testing

/// Rows of the reference's table over Conv-4-64 on 3-channel images: 84 pixels a side, no head.
///
/// Stem 1728 and norms 512 stand in every row. Three layers of r·(64 + 576 + 1) numbers for SVD; for FSNet of
/// L = 64·576/4 = 9216, and 64 locations each if they are learned.
@Suite("Counts of the reference: SVD and FSNet on Conv-4-64")
struct ReferenceCountTests {
  @Test(
    "total and adapted numbers",
    arguments: [
      ("svd", ["rank": "64"], 125_312, "singular", 192),
      ("svd", ["rank": "32"], 63_776, "singular", 96),
      ("svd", ["stem": "svd"], 125_312 - 1728 + 27 * (64 + 27 + 1), "singular", 192 + 27),
      ("fsnet", ["compression": "4"], 29_888, "summary", 27_648),
      ("fsnet", ["compression": "4", "locations": "learned"], 30_080, "locations", 192),
    ] as [(String, [String: String], Int, String, Int)])
  func counts(name: String, options: [String: String], total: Int, adapt: String, adapted: Int) throws {
    let family = try FamilyRegistry.families.family(named: name, options: options)
    let network = try Network(ways: 5) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 64, image: ImageShape(channels: 3, side: 84), family: family, in: &layout)
    }
    #expect(network.layout.count() - network.layout.count(of: .head) == total)
    let chosen = try AdaptSelector(adapt).adapted(in: network.layout, withHead: false, seed: 0)
    #expect(chosen.reduce(0) { $0 + $1.count(in: network.layout) } == adapted)
    #expect(type(of: family).defaultAdaptation == (name == "svd" ? "singular" : "summary"))
  }
}
