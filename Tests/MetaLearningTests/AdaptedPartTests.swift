import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("Parts of what adapts")
struct AdaptedPartTests {
  private static let selectors = ["atoms", "all", "norm", "random:50", "atoms+norm@2-3"]

  @Test("they divide what adapts as their names say", arguments: selectors)
  func partition(adapt: String) throws {
    let learner = try TinyLearner(adapt: adapt).learner
    let everything = Array(learner.innerLoop.refs.indices)
    let roles = Set(learner.innerLoop.refs.map { learner.layout[$0].role })
    #expect(learner.positions(of: .all) == everything)
    #expect(learner.positions(of: .nothing).isEmpty)
    let head = learner.positions(of: .head)
    #expect(head.allSatisfy { learner.layout[learner.innerLoop.refs[$0]].path.hasPrefix("head.") })
    #expect((head + learner.positions(of: .body)).sorted() == everything)
    #expect(roles.flatMap { learner.positions(of: .only($0)) }.sorted() == everything)
    for role in roles {
      let only = learner.positions(of: .only(role))
      #expect(!only.isEmpty && only.allSatisfy { learner.layout[learner.innerLoop.refs[$0]].role == role })
      #expect((only + learner.positions(of: .without(role))).sorted() == everything)
      let layers = Set(only.map { learner.layout[learner.innerLoop.refs[$0]].layer })
      for case let layer? in layers {
        let one = learner.positions(of: .only(role, layer: layer))
        #expect(one.allSatisfy { learner.layout[learner.innerLoop.refs[$0]].layer == layer })
        #expect((one + learner.positions(of: .without(role, layer: layer))).sorted() == everything)
      }
      if !layers.contains(nil) {
        #expect(layers.flatMap { learner.positions(of: .only(role, layer: $0)) }.sorted() == only)
      }
    }
  }

  @Test(
    "a learner lists each of its parts once, with a name of its own", arguments: selectors, [false, true])
  func names(adapt: String, byLayer: Bool) throws {
    let learner = try TinyLearner(adapt: adapt).learner
    let parts = learner.parts(byLayer: byLayer)
    #expect(Set(parts).count == parts.count)
    #expect(Set(parts.map(\.description)).count == parts.count)
    #expect(parts.prefix(4).map(\.description) == ["all", "none", "head", "body"])
    #expect(parts.contains { $0.description.contains("@") } == byLayer)
  }

  @Test("a learner without steps has no parts, one without a head neither head nor body")
  func few() throws {
    let tiny = try TinyLearner(steps: 0)
    #expect(tiny.learner.parts().isEmpty)
    let network = try GoldenCase.all.first { !$0.hasHead }?.network()
    let bare = try #require(network)
    let adapted = try AdaptSelector("norm").adapted(in: bare.layout, withHead: true, seed: 0)
    let learner = MetaLearner(
      layout: bare.layout, objective: FeatureObjective(bare),
      innerLoop: InnerLoop(steps: 1, adapted: adapted, order: .second))
    #expect(learner.parts().map(\.description) == ["all", "none", "only:norm", "without:norm"])
  }

  @Test(
    "all of what adapts is the whole learner, to the bit, and nothing of it is the start",
    arguments: selectors, HeadStart.allCases)
  func ends(adapt: String, start: HeadStart) throws {
    let tiny = try TinyLearner(adapt: adapt, start: start)
    let support = tiny.task.support
    func values(_ parameters: Parameters) -> [[Scalar]] { parameters.values.map(\.scalars) }
    let whole = tiny.learner.adapting(only: tiny.learner.positions(of: .all), at: tiny.point)
    #expect(
      values(whole.learner.fit(whole.point, to: support)) == values(tiny.learner.fit(tiny.point, to: support))
    )
    let (a, b) = (
      whole.learner.metaGradient(at: whole.point, on: tiny.task),
      tiny.learner.metaGradient(at: tiny.point, on: tiny.task)
    )
    #expect(a.loss == b.loss && a.tensors.map(\.scalars) == b.tensors.map(\.scalars))
    let none = tiny.learner.adapting(only: [], at: tiny.point)
    #expect(
      values(none.learner.fit(none.point, to: support))
        == values(tiny.learner.fit(tiny.point, to: support, steps: 0)))
  }

  @Test(
    "a part moves its own tensors from the start and no others", arguments: HeadStart.allCases, [false, true])
  func moves(start: HeadStart, tied: Bool) throws {
    let tiny = try TinyLearner(adapt: "atoms+norm", start: start, tied: tied)
    let begin = tiny.learner.fit(tiny.point, to: tiny.task.support, steps: 0)
    for part in tiny.learner.parts(byLayer: true) {
      let positions = tiny.learner.positions(of: part)
      let (learner, point) = tiny.learner.adapting(only: positions, at: tiny.point)
      #expect(point.rates.map(\.scalars) == positions.map { tiny.point.rates[$0].scalars })
      let end = learner.fit(point, to: tiny.task.support)
      let own = Set(positions.map { tiny.learner.innerLoop.refs[$0] })
      // As long as the head stands still, a shared one sends no gradient to the body.
      let isBlind = start == .shared && positions == tiny.learner.positions(of: .body)
      for ref in tiny.network.layout.refs where !own.contains(ref) || !isBlind && part == .all {
        #expect((begin[ref].scalars != end[ref].scalars) == own.contains(ref), "\(part)")
      }
    }
  }
}
