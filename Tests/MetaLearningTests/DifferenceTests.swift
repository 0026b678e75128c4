import ConvFamilies
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// What a task adds to dense kernels, from where every task starts.
@Suite("Differences of a task's own")
struct DifferenceTests {
  private func learner(_ name: String, steps: Int) throws -> (MetaLearner, MetaParameters, MetaTask) {
    let family = try FamilyRegistry.families.family(named: name)
    let network = try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 4, image: ImageShape(channels: 1, side: 12), family: family, in: &layout)
    }
    let adapted = try AdaptSelector(name).adapted(in: network.layout, withHead: false, seed: 0)
    var stream = RandomStream(seed: 5, purpose: "difference")
    func side() -> Batch {
      Batch(images: .normal([6, 12, 12, 1], &stream), labels: [0, 0, 1, 1, 2, 2], ways: 3)
    }
    let task = MetaTask(support: side(), query: side())
    let rates = adapted.map { _ in Tensor(repeating: 0.05, shape: [steps]) }
    return (
      MetaLearner(
        layout: network.layout, objective: LinearHeadObjective(network),
        innerLoop: InnerLoop(steps: steps, adapted: adapted, order: .second)),
      MetaParameters(initial: network.layout.initialized(seed: 5), rates: rates), task
    )
  }

  /// The paths in which two points differ.
  private func moved(_ a: Parameters, _ b: Parameters) -> Set<String> {
    Set(a.layout.refs.filter { a[$0].scalars != b[$0].scalars }.map { a.layout[$0].path })
  }

  @Test("the first inner step moves up alone, the second down too, and kernels stay", arguments: [1, 2])
  func lowRank(steps: Int) throws {
    let (learner, point, task) = try learner("lora", steps: steps)
    let found = moved(point.initial, learner.fit(point, to: task.support))
    let expected = (2...4).flatMap { layer in
      (steps == 1 ? ["up"] : ["up", "down"]).map { "layer\(layer).conv.\($0)" }
    }
    #expect(found == Set(expected))
  }

  @Test(
    "the outer loop trains kernels, down and norms, and leaves what is a task's own",
    arguments: ["lora", "adapter"])
  func outer(name: String) throws {
    for steps in [1, 2] {
      let (learner, point, task) = try learner(name, steps: steps)
      let gradient = learner.metaGradient(at: point, on: task)
      for (entry, slope) in zip(learner.layout.entries, gradient.parameters) {
        #expect(slope.scalars.contains { $0 != 0 }, "\(steps) \(entry.path)")
      }
      var optimizer = MetaOptimizer(outerRate: 1e-2, logRateStep: 0, clip: 10)
      let (next, _) = optimizer.update(point, with: [gradient])
      let own = learner.layout.entries.filter { $0.path.hasSuffix(".up") || $0.role == .adapter }.map(\.path)
      #expect(
        moved(point.initial, next.initial) == Set(learner.layout.entries.map(\.path)).subtracting(own))
    }
  }
}
