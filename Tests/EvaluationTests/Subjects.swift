import ConvFamilies
import Evaluation
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors

/// A support loss of ½‖θ‖² over what adapts, so that a step with rate r is θ ← (1 − r)·θ whatever the images; scores
/// are those of the network.
struct DecayObjective: TaskObjective {
  let network: Network
  let refs: [ParameterRef]

  func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    refs.reduce(Tensor(0)) { $0 + 0.5 * (parameters[$1] * parameters[$1]).sum }
  }

  func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    network.logits(images, parameters, statistics: statistics)
  }
}

/// Tiny networks and tasks.
enum Subjects {
  static let side = 16

  static func network(_ family: String = "standard", _ options: [String: String] = [:], ways: Int? = 3) throws
    -> Network
  {
    let made = try FamilyRegistry.families.family(named: family, options: options)
    return try Network(ways: ways) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 4, image: ImageShape(channels: 1, side: side), family: made, in: &layout)
    }
  }

  static func candidate(
    _ name: String = "one", family: String = "standard", options: [String: String] = [:],
    adapt: String = "all",
    steps: Int = 2, rate: Scalar = 0.3, ways: Int? = 3, seed: UInt64 = 1, decays: Bool = false
  ) throws -> Candidate {
    let network = try network(family, options, ways: ways)
    let adapted =
      steps == 0
      ? [] : try AdaptSelector(adapt).adapted(in: network.layout, withHead: ways != nil && !decays, seed: 0)
    var objective: any TaskObjective = LinearHeadObjective(network)
    if ways == nil { objective = FeatureObjective(network) }
    if decays { objective = DecayObjective(network: network, refs: adapted.map(\.ref)) }
    let learner = MetaLearner(
      layout: network.layout, objective: objective,
      innerLoop: InnerLoop(steps: steps, adapted: adapted, order: .first))
    let point = MetaParameters(
      initial: network.layout.initialized(seed: seed),
      rates: adapted.map { _ in Tensor(repeating: rate, shape: [max(1, steps)]) })
    return Candidate(name: name, network: network, learner: learner, point: point, macsPerImageStep: 1000)
  }

  /// Tasks of three classes, each a random picture and noisy copies of it.
  static func tasks(_ count: Int, ways: Int = 3) -> TaskSource {
    TaskSource(count: count) { index in
      var stream = RandomStream(seed: 3, purpose: "task", index: UInt64(index))
      let plane = side * side
      let classes = (0..<ways).map { _ in (0..<plane).map { _ in stream.normal() } }
      func batch(_ images: Int) -> Batch {
        let labels = (0..<ways * images).map { $0 / images }
        let pixels = labels.flatMap { label in classes[label].map { Scalar($0 + 0.7 * stream.normal()) } }
        return Batch(
          images: Tensor(pixels, shape: [labels.count, side, side, 1]), labels: labels, ways: ways)
      }
      return MetaTask(support: batch(2), query: batch(4))
    }
  }
}
