import ConvFamilies
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Training while ranks fall")
struct PruningTests {
  private let options = [
    "prune": "value", "threshold": "0.001", "prune-every": "1", "prune-after": "1", "orthogonality": "0",
    "ordering": "0", "sparsity": "0", "evaluation": "factored",
  ]

  private func network() throws -> Network {
    let family = try FamilyRegistry.families.family(named: "svd", options: options)
    return try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
  }

  private func task(_ index: UInt64) -> MetaTask {
    var stream = RandomStream(seed: 1, purpose: "task", index: index)
    func side(_ perClass: Int) -> Batch {
      Batch(
        images: images(3 * perClass, &stream), labels: (0..<(3 * perClass)).map { $0 % 3 }, ways: 3)
    }
    return MetaTask(support: side(2), query: side(2))
  }

  private func images(_ count: Int, _ stream: inout RandomStream) -> Tensor {
    Tensor.normal([count, 16, 16, 1], &stream)
  }

  /// The start with the last two terms of every layer at zero in all three factors.
  private func start(
    _ network: Network, _ adapted: [AdaptedTensor], _ rates: RatePattern
  ) throws -> MetaParameters {
    let begin = network.layout.initialized(seed: 4)
    let layout = network.layout
    let values = layout.refs.map { ref -> Tensor in
      let entry = layout[ref]
      guard let axis = entry.ranks.keys.first else { return begin[ref] }
      let inner = entry.shape.extents[(axis + 1)...].reduce(1, *)
      let mask = (0..<entry.shape.count).map { Scalar(($0 / inner) % entry.shape[axis] < 2 ? 1 : 0) }
      return begin[ref] * Tensor(mask, shape: entry.shape)
    }
    return MetaParameters(
      initial: Parameters(layout: layout, values: values),
      rates: adapted.map { Tensor(repeating: 0.1, shape: rates == .perStep ? [2] : layout[$0.ref].shape) })
  }

  @Test(
    "a pruned network trains on as the whole one whose dropped terms are zero",
    arguments: ["singular", "all", "random:40"], [RatePattern.perStep, .elementwise])
  func goesOn(selector: String, rates: RatePattern) throws {
    let network = try network()
    let adapted = try AdaptSelector(selector).adapted(in: network.layout, withHead: true, seed: 2)
    let learner = MetaLearner(
      layout: network.layout, objective: LinearHeadObjective(network),
      innerLoop: InnerLoop(steps: 2, adapted: adapted, order: .second, rates: rates))
    var whole = try start(network, adapted, rates)
    var wholeOptimizer = MetaOptimizer(outerRate: 0.01, logRateStep: 0.1, clip: 10)
    func step(_ learner: MetaLearner, _ point: MetaParameters, _ optimizer: inout MetaOptimizer, _ index: Int)
      -> MetaParameters
    {
      let gradients = (0..<2).map { learner.metaGradient(at: point, on: task(UInt64(2 * index + $0))) }
      return optimizer.update(point, with: gradients).0
    }
    for index in 0..<2 { whole = step(learner, whole, &wholeOptimizer, index) }

    let kept = network.keptRanks(whole.initial, after: 2)
    let reduction = RankReduction(of: network.layout, keeping: kept)
    #expect(reduction.layout.ranks.map(\.kept) == [[0, 1], [0, 1], [0, 1]])
    let pruned = reduction(learner)
    var point = reduction(whole, of: learner.innerLoop)
    var optimizer = reduction(wholeOptimizer, of: learner.innerLoop)
    #expect(optimizer.state.updates == 2)
    #expect(optimizer.state.first.map(\.count) == point.tensors.map(\.count))
    for index in 2..<5 {
      whole = step(learner, whole, &wholeOptimizer, index)
      point = step(pruned, point, &optimizer, index)
    }
    let lower = reduction(whole, of: learner.innerLoop)
    // Adam divides by the size of what may be a sum that cancels, so rounding grows faster here than elsewhere.
    for (entry, (a, b)) in zip(point.initial.layout.entries, zip(point.tensors, lower.tensors)) {
      #expect(relativeError(a.scalars, b.scalars) < 500 * roundingTolerance, "\(entry.path)")
    }
    for (a, b) in zip(point.rates, lower.rates) {
      #expect(relativeError(a.scalars, b.scalars) < 500 * roundingTolerance)
    }
  }
}
