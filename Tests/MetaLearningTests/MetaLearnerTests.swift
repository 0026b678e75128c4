import ConvFamilies
import Foundation
import MetaLearning
import Networks
import Randomness
import Synchronization
import TestSupport
import Tensors
import Testing

/// A support loss ½Σ h·(θ − c)² and query scores that are θ itself: everything has a closed form.
private struct Quadratic: TaskObjective {
  let ref: ParameterRef
  let curvature: Tensor
  let centre: Tensor

  func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    let away = parameters[ref] - centre
    return 0.5 * (curvature * away * away).sum
  }

  func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    parameters[ref].reshaped([1, 3])
  }
}

/// An objective that counts how many of its support losses' graphs are in memory at once.
private final class WatchedObjective: TaskObjective {
  private let base: any TaskObjective
  private let probes = Mutex<[LifeProbe]>([])
  private let most = Mutex(0)

  init(_ base: any TaskObjective) { self.base = base }

  var mostAlive: Int { most.withLock { $0 } }

  func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
    // A copy of the images that only this graph holds: the first convolution remembers it.
    let images = support.images.affine(scale: 1)
    let alive = probes.withLock { probes in
      probes.append(images.lifeProbe)
      return probes.count(where: \.isAlive)
    }
    most.withLock { $0 = max($0, alive) }
    return base.supportLoss(parameters, Batch(images: images, labels: support.labels, ways: support.ways))
  }

  func logits(
    for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
  ) -> Tensor {
    base.logits(for: images, given: support, parameters, statistics: statistics)
  }
}

@Suite("Meta-learning")
struct MetaLearnerTests {
  private let batch = Batch(images: Tensor(repeating: 0, shape: [1, 1, 1, 1]), labels: [1], ways: 3)

  @Test("a quadratic inner loss gives the closed form, at both orders", arguments: DerivativeOrder.allCases)
  func quadratic(order: DerivativeOrder) {
    var layout = ParameterLayout()
    let ref = layout.declare("theta", [3], .kernels, .values([0.2, -0.4, 0.7]))
    let h: [Scalar] = [1, 0.5, 2]
    let c: [Scalar] = [1, 0, -1]
    let objective = Quadratic(
      ref: ref, curvature: Tensor(h, shape: [3]), centre: Tensor(c, shape: [3]))
    let loop = InnerLoop(steps: 3, adapted: [AdaptedTensor(ref: ref, mask: nil)], order: order)
    let rates: [Scalar] = [0.1, 0.2, 0.3]
    let point = MetaParameters(
      initial: layout.initialized(seed: 0), rates: [Tensor(rates, shape: [3])])
    // θ₃ − c = Π(1 − αₜh)·(θ₀ − c).
    var theta: [Scalar] = [0.2, -0.4, 0.7]
    for rate in rates { theta = zip(theta, zip(h, c)).map { $0 - rate * $1.0 * ($0 - $1.1) } }
    let top = theta.map { Tensor($0).exponential.item }
    let slope = top.enumerated().map { $1 / top.reduce(0, +) - ($0 == 1 ? 1 : 0) }
    // Second order: dL/dθ₀ = slope·Π(1 − αₜh); first order: slope.
    let factor = h.map { h in order == .second ? rates.reduce(1) { $0 * (1 - $1 * h) } : 1 }
    let expected = zip(slope, factor).map { $0 * $1 }
    for memory in GraphMemory.allCases {
      let learner = MetaLearner(layout: layout, objective: objective, innerLoop: loop, memory: memory)
      let found = learner.metaGradient(at: point, on: MetaTask(support: batch, query: batch))
      #expect(relativeError(found.parameters[0].scalars, expected) < 10 * roundingTolerance)
      #expect(relativeError(learner.fit(point, to: batch)[ref].scalars, theta) < 10 * roundingTolerance)
    }
  }

  private func subject(_ adapt: String, steps: Int = 2) throws -> (MetaLearner, MetaParameters, MetaTask) {
    let family = try FamilyRegistry.families.family(named: "acdc", options: ["evaluation": "factored"])
    let network = try Network(ways: 3) { layout throws(ConfigurationError) in
      try Conv4(.pooled, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
    let adapted = try AdaptSelector(adapt).adapted(in: network.layout, withHead: true, seed: 0)
    let learner = MetaLearner(
      layout: network.layout, objective: LinearHeadObjective(network),
      innerLoop: InnerLoop(steps: steps, adapted: adapted, order: .second))
    var stream = RandomStream(seed: 8, purpose: "task")
    func side(_ count: Int) -> Batch {
      Batch(
        images: .normal([3 * count, 16, 16, 1], &stream), labels: (0..<3 * count).map { $0 / count }, ways: 3)
    }
    let task = MetaTask(support: side(1), query: side(2))
    let rates = adapted.map { _ in Tensor(repeating: 0.1, shape: [steps]) }
    return (learner, MetaParameters(initial: network.layout.initialized(seed: 8), rates: rates), task)
  }

  @Test(
    "unrolled and checkpointed meta-gradients are the same bits",
    arguments: ["atoms", "all", "norm", "random:50"])
  func memories(adapt: String) throws {
    var (learner, point, task) = try subject(adapt, steps: 3)
    let unrolled = learner.metaGradient(at: point, on: task)
    learner.memory = .checkpointed
    let checkpointed = learner.metaGradient(at: point, on: task)
    // A run may go on the other way.
    #expect(unrolled.loss == checkpointed.loss)
    #expect(unrolled.tensors.map(\.scalars) == checkpointed.tensors.map(\.scalars))
  }

  @Test("checkpointing holds one step's graph, unrolling holds them all")
  func memoryOfSteps() throws {
    let (learner, point, task) = try subject("all", steps: 6)
    for (memory, most) in [(GraphMemory.unrolled, 6), (.checkpointed, 1)] {
      let watched = WatchedObjective(learner.objective)
      let watching = MetaLearner(
        layout: learner.layout, objective: watched, innerLoop: learner.innerLoop, memory: memory)
      _ = watching.metaGradient(at: point, on: task)
      #expect(watched.mostAlive == most, "\(memory)")
    }
  }

  @Test("frozen parameters do not move, masked ones move where the mask says")
  func frozen() throws {
    let (learner, point, task) = try subject("random:50")
    let moved = learner.fit(point, to: task.support)
    let adapted = Dictionary(uniqueKeysWithValues: learner.innerLoop.adapted.map { ($0.ref, $0.mask) })
    for ref in learner.layout.refs {
      let (a, b) = (point.initial[ref].scalars, moved[ref].scalars)
      guard let mask = adapted[ref] else {
        #expect(a == b)
        continue
      }
      guard let mask else { continue }
      for (i, allowed) in mask.scalars.enumerated() where allowed == 0 { #expect(a[i] == b[i]) }
    }
  }

  @Test("first order is the plain gradient at the adapted point")
  func firstOrder() throws {
    var (learner, point, task) = try subject("all")
    learner.innerLoop.order = .first
    let found = learner.metaGradient(at: point, on: task).parameters
    let adapted = learner.fit(point, to: task.support).leaves
    let scores = learner.logits(for: task.query.images, given: task.support, adapted)
    let plain = gradients(of: crossEntropy(scores, task.query.labels), wrt: adapted.values)
    for (a, b) in zip(found, plain) { #expect(relativeError(a.scalars, b.scalars) < 10 * roundingTolerance) }
  }

  @Test("work that is cancelled begins no further task, even with more workers than threads")
  func cancelled() async throws {
    let begun = Atomic(0)
    let work = Task {
      try await mapOnWorkers(1000, workers: 1000) { _ in
        begun.add(1, ordering: .relaxed)
        usleep(20_000)
      }
    }
    // From outside of the threads that compute, as a signal does: they are all busy.
    Thread.detachNewThread {
      usleep(50_000)
      work.cancel()
    }
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(begun.load(ordering: .relaxed) < 500)
  }

  @Test("results come in index order and are the same bits for any number of workers")
  func workers() async throws {
    let (learner, point, task) = try subject("atoms")
    func run(_ workers: Int) async throws -> [[Scalar]] {
      try await mapOnWorkers(5, workers: workers) { i in
        var moved = point
        moved.rates = moved.rates.map { $0.affine(scale: Scalar(i + 1)) }
        return learner.metaGradient(at: moved, on: task).parameters.flatMap(\.scalars)
      }
    }
    let one = try await run(1)
    let three = try await run(3)
    #expect(one == three)
  }

  @Test(
    "one task that several workers share has the same bits as on one, in residual nets too",
    arguments: ["resnet12", "conv4"])
  func shared(backbone: String) async throws {
    var stream = RandomStream(seed: 3, purpose: "shared task")
    let network = try Network(ways: 2) { layout throws(ConfigurationError) in
      let family = try FamilyRegistry.families.family(named: "standard")
      return try BackboneRegistry.backbones.known(backbone).backbone(
        filters: 32, image: ImageShape(channels: 3, side: 32), family: family, in: &layout)
    }
    func side(_ count: Int) -> Batch {
      Batch(images: .normal([count, 32, 32, 3], &stream), labels: (0..<count).map { $0 % 2 }, ways: 2)
    }
    let task = MetaTask(support: side(2), query: side(8))
    let adapted = try AdaptSelector("all").adapted(in: network.layout, withHead: true, seed: 0)
    let learner = MetaLearner(
      layout: network.layout, objective: LinearHeadObjective(network),
      innerLoop: InnerLoop(steps: 1, adapted: adapted, order: .second))
    let rates = adapted.map { _ in Tensor(repeating: 0.1, shape: [1]) }
    let point = MetaParameters(initial: network.layout.initialized(seed: 0), rates: rates)
    var found: [[Scalar]] = []
    for workers in [1, 2, 5] {
      found += try await mapOnWorkers(1, workers: workers) { _ in
        learner.metaGradient(at: point, on: task).parameters.flatMap(\.scalars)
      }
    }
    #expect(found[0].contains { $0 != 0 } && found[0] == found[1] && found[0] == found[2])
  }

  @Test("the prototypical support loss leaves each image out of its own prototype")
  func leaveOneOut() throws {
    let network = try Network(ways: nil) { layout throws(ConfigurationError) in
      let family = try FamilyRegistry.families.family(named: "standard")
      return try Conv4(
        .strided, filters: 3, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
    var stream = RandomStream(seed: 9, purpose: "prototypes")
    let labels = [0, 0, 0, 1, 1, 1]
    let support = Batch(images: .normal([6, 16, 16, 1], &stream), labels: labels, ways: 2)
    let point = network.layout.initialized(seed: 9)
    let x = network.features(support.images, point).scalars
    // Distances by hand: image i to the mean of every class without image i.
    let scores = (0..<6).flatMap { i in
      (0..<2).map { k -> Scalar in
        let others = (0..<6).filter { labels[$0] == k && $0 != i }
        return -(0..<3).reduce(Scalar(0)) { sum, d in
          let mean = others.reduce(Scalar(0)) { $0 + x[$1 * 3 + d] } / Scalar(others.count)
          return sum + (x[i * 3 + d] - mean) * (x[i * 3 + d] - mean)
        }
      }
    }
    let expected = crossEntropy(Tensor(scores, shape: [6, 2]), labels).item
    let found = FeatureObjective(network).supportLoss(point, support).item
    #expect(abs(found - expected) < 100 * roundingTolerance)
  }

  @Test("Adam moves by its step size against a constant gradient")
  func adam() {
    var adam = Adam()
    var x = [Tensor([1, -2], shape: [2])]
    for _ in 0..<3 { x = adam.update(x, gradients: [Tensor([0.5, -4], shape: [2])], rates: [0.1]) }
    // With a constant gradient m̂/√v̂ is its sign.
    #expect(relativeError(x[0].scalars, [0.7, -1.7]) < 1e-5)
    #expect(adam.updates == 3)
  }
}
