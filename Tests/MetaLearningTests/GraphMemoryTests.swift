import ConvFamilies
import MetaLearning
import Networks
import Randomness
import Tensors
import Testing
import TestSupport

@Suite("How much of the inner loop is kept")
struct GraphMemoryTests {
  @Test(
    "unrolled and checkpointed meta-gradients agree for every start of the head, weights and rates",
    arguments: HeadStart.allCases, DerivativeOrder.allCases)
  func agree(start: HeadStart, order: DerivativeOrder) throws {
    for tied in [false, true] {
      for adapt in ["atoms", "all", "random:50"] {
        let tiny = try TinyLearner(adapt: adapt, start: start, order: order, tied: tied)
        for weights in stepWeightsToTry(3) {
          let (unrolled, checkpointed) = tiny.gradients(weights: weights)
          let what = "\(adapt) tied \(tied) \(weights?.values ?? [])"
          #expect(unrolled.loss == checkpointed.loss, "\(what)")
          #expect(unrolled.accuracy == checkpointed.accuracy, "\(what)")
          // To the bit, since a run may go on the other way: both add up what a tensor gets from the last step to
          // the first.
          for (i, (a, b)) in zip(unrolled.tensors, checkpointed.tensors).enumerated() {
            #expect(a.scalars == b.scalars, "\(what) \(i)")
          }
        }
      }
    }
  }

  /// Blocks read their input twice, and factored layers again.
  @Test(
    "the query of a residual net is asked in less memory, to the bit",
    arguments: FamilyRegistry.families.map { $0.name }, [false, true])
  func residual(name: String, isPrototypical: Bool) throws {
    let families = FamilyRegistry.families
    let factored = try? families.family(named: name, options: ["evaluation": "factored"])
    let family = try factored ?? families.family(named: name, options: [:])
    let kind = try #require(BackboneRegistry.backbones.first { $0.name == "resnet10" })
    let network = try Network(ways: 3) { layout throws(ConfigurationError) in
      try kind.backbone(
        filters: 8, image: ImageShape(channels: 1, side: 32), family: family, in: &layout)
    }
    let adapted =
      isPrototypical ? [] : try AdaptSelector("all").adapted(in: network.layout, withHead: true, seed: 0)
    let objective: any TaskObjective =
      isPrototypical ? FeatureObjective(network) : LinearHeadObjective(network)
    var learner = MetaLearner(
      layout: network.layout, objective: objective,
      innerLoop: InnerLoop(steps: isPrototypical ? 0 : 2, adapted: adapted, order: .second))
    var stream = RandomStream(seed: 3, purpose: "residual")
    func side(_ count: Int) -> Batch {
      Batch(images: .normal([count, 32, 32, 1], &stream), labels: (0..<count).map { $0 % 3 }, ways: 3)
    }
    let task = MetaTask(support: side(3), query: side(15))
    let point = MetaParameters(
      initial: network.layout.initialized(seed: 3),
      rates: adapted.map { _ in Tensor(repeating: 0.05, shape: [2]) })
    let unrolled = learner.metaGradient(at: point, on: task)
    learner.memory = .checkpointed
    let checkpointed = learner.metaGradient(at: point, on: task)
    #expect(unrolled.loss == checkpointed.loss)
    for (i, (a, b)) in zip(unrolled.tensors, checkpointed.tensors).enumerated() {
      #expect(a.scalars == b.scalars, "\(i)")
    }
    // What lies within a layer goes with the graph, or was never kept.
    let features = { (network: Network) in
      network.features(task.query.images, point.initial.leaves)
    }
    #expect(recordedPrimitives([features(network)]).contains(.normalise))
    #expect(!recordedPrimitives([features(network.sparing)]).contains(.normalise))
    #expect(recordedPrimitives([features(network.sparing)]).contains(.remake))
  }

  @Test("a kept loop takes the steps of one that leaves no trace", arguments: HeadStart.allCases)
  func sameSteps(start: HeadStart) throws {
    let tiny = try TinyLearner(start: start)
    let score = tiny.learner.score(from: tiny.point, on: tiny.task)
    let (unrolled, checkpointed) = tiny.gradients()
    #expect(unrolled.loss == score.loss && checkpointed.loss == score.loss)
  }
}
