import ConvFamilies
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors

/// A small network of atoms, a task of three classes and where to start: what a property is tried on.
struct TinyLearner {
  let network: Network
  var learner: MetaLearner
  var point: MetaParameters
  let task: MetaTask

  /// - Parameters:
  ///   - adapt: What adapts, as in `--adapt`; the head too.
  ///   - start: Where the head starts.
  ///   - steps: Inner steps.
  ///   - order: Of the meta-gradient.
  ///   - tied: Whether all steps share a rate.
  ///   - shots: Support images of a class.
  /// - Throws: If the selector names what is not there.
  init(
    adapt: String = "atoms", start: HeadStart = .parameters, steps: Int = 3, order: DerivativeOrder = .second,
    tied: Bool = false, shots: Int = 2
  ) throws {
    let family = try FamilyRegistry.families.family(named: "acdc", options: ["evaluation": "factored"])
    network = try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
    let adapted = try AdaptSelector(adapt).adapted(in: network.layout, withHead: true, seed: 0)
    let loop = InnerLoop(steps: steps, adapted: adapted, order: order, rates: tied ? .tied : .perStep)
    learner = MetaLearner(
      layout: network.layout, objective: LinearHeadObjective(network, headStart: start), innerLoop: loop)
    var stream = RandomStream(seed: 12, purpose: "task")
    func side(_ perClass: Int) -> Batch {
      Batch(
        images: .normal([3 * perClass, 16, 16, 1], &stream), labels: (0..<3 * perClass).map { $0 % 3 },
        ways: 3)
    }
    task = MetaTask(support: side(shots), query: side(3))
    let layout = network.layout
    // No two rates are the same, so that none can stand for another.
    let rates = adapted.map {
      Tensor.uniform(0.05, 0.15, loop.rateShape(of: $0.ref, in: layout), &stream)
    }
    point = MetaParameters(initial: network.layout.initialized(seed: 12), rates: rates)
  }

  /// The gradient of a kept loop and of one that is computed again.
  func gradients(weights: StepWeights? = nil) -> (unrolled: MetaGradient, checkpointed: MetaGradient) {
    var other = learner
    other.memory = .checkpointed
    return (
      learner.metaGradient(at: point, on: task, weights: weights),
      other.metaGradient(at: point, on: task, weights: weights)
    )
  }
}

/// Weights of the steps that a test tries: the last alone, all the same, and on the way between.
func stepWeightsToTry(_ steps: Int) -> [StepWeights?] {
  [nil, StepWeights(equal: steps), StepWeights(annealed: steps, after: 1, of: 2)]
}
