import ConvFamilies
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// Every registered family under both learners, adapting each of its roles in turn.
@Suite("Adaptation of every family")
struct FamilyAdaptationTests {
  private func network(_ family: any ConvFamily.Type, ways: Int?) throws -> Network {
    let made = try FamilyRegistry.families.family(named: family.name)
    return try Network(ways: ways) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 4, image: ImageShape(channels: 1, side: 12), family: made, in: &layout)
    }
  }

  /// Whether the normalisation behind a convolution cancels it: a constant that the convolution adds.
  private func isCancelled(_ entry: ParameterLayout.Entry) -> Bool {
    entry.path.hasSuffix(".conv.norm.shift")
  }

  private func check(_ network: Network, _ objective: any TaskObjective, _ selector: String, _ name: String)
    throws
  {
    let layout = network.layout
    let adapted = try AdaptSelector(selector).adapted(in: layout, withHead: false, seed: 0)
    var learner = MetaLearner(
      layout: layout, objective: objective, innerLoop: InnerLoop(steps: 2, adapted: adapted, order: .second))
    var stream = RandomStream(seed: 5, purpose: "adaptation")
    func side() -> Batch {
      Batch(images: .normal([6, 12, 12, 1], &stream), labels: [0, 0, 1, 1, 2, 2], ways: 3)
    }
    let task = MetaTask(support: side(), query: side())
    let rates = adapted.map { _ in Tensor(repeating: 0.05, shape: [2]) }
    let point = MetaParameters(initial: layout.awayFromStart(seed: 5), rates: rates)

    let moved = learner.fit(point, to: task.support)
    let refs = Set(learner.innerLoop.refs)
    for ref in layout.refs where !isCancelled(layout[ref]) {
      let stays = point.initial[ref].scalars == moved[ref].scalars
      #expect(stays != refs.contains(ref), "\(name) \(selector): \(layout[ref].path)")
    }
    let unrolled = learner.metaGradient(at: point, on: task)
    learner.memory = .checkpointed
    let checkpointed = learner.metaGradient(at: point, on: task)
    // To the bit, since a run may go on the other way.
    for (i, (a, b)) in zip(unrolled.tensors, checkpointed.tensors).enumerated() {
      #expect(a.scalars == b.scalars, "\(name) \(selector): \(i)")
    }
    // The outer loop trains everything, whatever adapts.
    for (entry, gradient) in zip(layout.entries, unrolled.parameters) where !isCancelled(entry) {
      #expect(gradient.scalars.contains { $0 != 0 }, "\(name) \(selector): \(entry.path)")
      #expect(gradient.scalars.allSatisfy { $0.isFinite }, "\(name) \(selector): \(entry.path)")
    }
  }

  @Test(
    "each role moves alone, and the exact meta-gradient reaches every parameter: MAML",
    arguments: FamilyRegistry.families.map { $0.name })
  func maml(name: String) throws {
    let family = try #require(FamilyRegistry.families.first { $0.name == name })
    let network = try network(family, ways: 3)
    for selector in network.layout.roles.map(\.rawValue) + [family.defaultAdaptation + "+head", "all"] {
      try check(network, LinearHeadObjective(network), selector, name)
    }
  }

  @Test(
    "each role moves alone, and the exact meta-gradient reaches every parameter: prototypes",
    arguments: FamilyRegistry.families.map { $0.name })
  func prototypical(name: String) throws {
    let family = try #require(FamilyRegistry.families.first { $0.name == name })
    let network = try network(family, ways: nil)
    for selector in network.layout.roles.map(\.rawValue) + [family.defaultAdaptation] {
      try check(network, FeatureObjective(network), selector, name)
    }
  }
}
