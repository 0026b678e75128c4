import ConvFamilies
import Networks
import Tensors
import Testing

@Suite("What adapts")
struct AdaptSelectorTests {
  private func layout(_ family: String = "acdc") throws -> ParameterLayout {
    let made = try FamilyRegistry.families.family(named: family)
    return try Network(ways: 5) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 8, image: ImageShape(channels: 1, side: 28), family: made, in: &layout)
    }.layout
  }

  private func paths(_ text: String, withHead: Bool = false, family: String = "acdc") throws -> [String] {
    let layout = try layout(family)
    return try AdaptSelector(text).adapted(in: layout, withHead: withHead, seed: 1).map {
      layout[$0.ref].path
    }
  }

  @Test("roles, sums and layers select what they say")
  func selections() throws {
    #expect(try paths("atoms") == (2...4).map { "layer\($0).conv.atoms" })
    #expect(try paths("atoms@3-4") == ["layer3.conv.atoms", "layer4.conv.atoms"])
    #expect(try paths("atoms@2+head") == ["layer2.conv.atoms", "head.weight", "head.bias"])
    #expect(try paths("norm@1") == ["layer1.norm.scale", "layer1.norm.shift"])
    #expect(try paths("all") == layout().entries.map(\.path))
    #expect(try paths("none").isEmpty)
    #expect(try paths("none", withHead: true) == ["head.weight", "head.bias"])
    #expect(try paths("kernels", family: "standard") == (1...4).map { "layer\($0).conv.kernel" })
  }

  @Test("random:K adapts exactly K weights of the body, the same for the same seed")
  func random() throws {
    let layout = try layout()
    let adapted = try AdaptSelector("random:100").adapted(in: layout, withHead: false, seed: 1)
    #expect(adapted.reduce(0) { $0 + $1.count(in: layout) } == 100)
    #expect(adapted.allSatisfy { layout[$0.ref].role != .head })
    let again = try AdaptSelector("random:100").adapted(in: layout, withHead: false, seed: 1)
    #expect(adapted.map { $0.mask?.scalars } == again.map { $0.mask?.scalars })
    let other = try AdaptSelector("random:100").adapted(in: layout, withHead: false, seed: 2)
    #expect(adapted.map { $0.mask?.scalars } != other.map { $0.mask?.scalars })
  }

  @Test(
    "what does not exist is refused, with what does",
    arguments: [
      ("bases", "atoms"), ("atoms@1", "layers"), ("random:999999", "weights"), ("random:0", "positive"),
      ("atoms@4-3", "layers"), ("+", "term"), ("none+head", "none"), ("none@3", "layers"),
      ("norm+atoms@1", "atoms"), ("norm@2-9", "last"), ("random:10+random:10", "once"),
    ])
  func refusals(text: String, word: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try paths(text) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test("a standard network has no atoms, and the error lists its roles")
  func contradiction() throws {
    let error = #expect(throws: ConfigurationError.self) { try paths("atoms", family: "standard") }
    #expect(error?.description.contains("kernels, norm, head") == true)
  }
}
