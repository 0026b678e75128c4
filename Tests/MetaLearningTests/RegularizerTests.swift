import ConvFamilies
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

/// Standard kernels, with six times the mean fourth power of each added to the outer loss.
private struct RegularizedFamily: ConvFamily {
  static let name = "regularized"
  static let summary = "for tests"
  static let options: [NamedOption] = []
  static let defaultAdaptation = "all"

  init(_ options: OptionValues) {}

  func convolutions(at sites: [ConvSite], in layout: inout ParameterLayout) -> [Placed<StandardConvolution>] {
    sites.map { .own(StandardConvolution(at: $0, in: &layout)) }
  }

  func regularizer(of own: [StandardConvolution], _ parameters: Parameters) -> Tensor? {
    own.map { (6 * $0.kernel(parameters).power(4)).mean }.reduce(Tensor(0), +)
  }
}

@Suite("The regularizer in the outer loss")
struct RegularizerTests {
  private static let families: [any ConvFamily.Type] = [StandardFamily.self, RegularizedFamily.self]

  private func learner(_ family: String, _ memory: GraphMemory, prototypical: Bool = false) throws
    -> MetaLearner
  {
    let made = try Self.families.family(named: family)
    let network = try Network(ways: prototypical ? nil : 3) { layout throws(ConfigurationError) in
      try Conv4(.strided, filters: 3, image: ImageShape(channels: 1, side: 8), family: made, in: &layout)
    }
    let adapted = try AdaptSelector("all").adapted(in: network.layout, withHead: true, seed: 0)
    let objective: any TaskObjective =
      prototypical ? FeatureObjective(network) : LinearHeadObjective(network)
    return MetaLearner(
      layout: network.layout, objective: objective,
      innerLoop: InnerLoop(steps: 2, adapted: adapted, order: .second), memory: memory)
  }

  private func point(_ learner: MetaLearner) -> MetaParameters {
    MetaParameters(
      initial: learner.layout.initialized(seed: 3),
      rates: learner.innerLoop.adapted.map { _ in Tensor(repeating: 0.05, shape: [2]) })
  }

  private func tasks() -> [MetaTask] {
    var stream = RandomStream(seed: 3, purpose: "regularizer")
    func side(_ count: Int) -> Batch {
      Batch(images: .normal([count, 8, 8, 1], &stream), labels: (0..<count).map { $0 % 3 }, ways: 3)
    }
    return (0..<3).map { _ in MetaTask(support: side(3), query: side(6)) }
  }

  /// The kernels are the regularized parameters: 6·mean(w⁴) has the derivative 24·w³/count.
  @Test(
    "its gradient joins the tasks' mean once, at the initial parameters, in both memory modes",
    arguments: GraphMemory.allCases)
  func once(memory: GraphMemory) throws {
    let (plain, regularized) = (try learner("standard", memory), try learner("regularized", memory))
    let (point, tasks) = (point(regularized), tasks())
    let ours = tasks.map { regularized.metaGradient(at: point, on: $0) }
    let theirs = tasks.map { plain.metaGradient(at: point, on: $0) }
    #expect(ours.map(\.loss) == theirs.map(\.loss))
    let regularizer = try #require(regularized.regularizerGradient(at: point))
    let with = outerGradient(of: ours, adding: regularizer)
    let without = outerGradient(of: theirs, adding: nil)
    #expect(with.count == point.tensors.count)
    for (i, entry) in regularized.layout.entries.enumerated() {
      let added = (with[i] - without[i]).scalars
      guard entry.role == .kernels else {
        #expect(added.allSatisfy { $0 == 0 })
        continue
      }
      let count = Scalar(entry.shape.count)
      let expected = point.initial.values[i].scalars.map { 24 * $0 * $0 * $0 / count }
      #expect(relativeError(added, expected, floor: globalNormFloor(without[i])) < 10 * roundingTolerance)
    }
    for (a, b) in zip(with, without).dropFirst(regularized.layout.entries.count) {
      #expect(a.scalars == b.scalars)
    }
  }

  private func globalNormFloor(_ tensor: Tensor) -> Scalar { Scalar(globalNorm([tensor])) }

  @Test(
    "the outer gradient is the slope of mean task loss plus regularizer",
    arguments: GraphMemory.allCases)
  func differences(memory: GraphMemory) throws {
    let learner = try learner("regularized", memory)
    let (start, tasks) = (point(learner), tasks())
    let gradient = outerGradient(
      of: tasks.map { learner.metaGradient(at: start, on: $0) },
      adding: learner.regularizerGradient(at: start))
    let count = start.initial.values.count
    func total(_ tensors: [Tensor]) throws -> Double {
      let moved = MetaParameters(
        initial: Parameters(layout: learner.layout, values: Array(tensors.prefix(count))),
        rates: Array(tensors.dropFirst(count)))
      let losses = tasks.map { learner.assess(learner.fit(moved, to: $0.support), on: $0).loss }
      let value = try #require(learner.objective.regularizer(moved.initial)).item
      return losses.reduce(0, +) / Double(tasks.count) + Double(value)
    }
    // Along the gradient itself, where the slope is its norm; 32 bits leave a difference about 1e-3 of precision.
    let double = MemoryLayout<Scalar>.size == 8
    let norm = globalNorm(gradient)
    let step: Double = double ? 1e-6 : 3e-3
    func moved(_ t: Double) -> [Tensor] {
      zip(start.tensors, gradient).map { $0 + Scalar(t / norm) * $1 }
    }
    let measured = (try total(moved(step)) - total(moved(-step))) / (2 * step)
    #expect(abs(measured - norm) < (double ? 1e-6 : 2e-2) * norm, "\(measured) for \(norm)")
    // The regularizer's part is no rounding error of that: its own slope along the direction.
    let part = try #require(learner.regularizerGradient(at: start)).parameters
    let share = zip(part, gradient).reduce(0) { $0 + Double($1.0.dot($1.1).item) } / (norm * norm)
    #expect(share > 0.1, "the regularizer is \(share) of the slope")
  }

  @Test("a family without one adds nothing, for either learner")
  func none() throws {
    for prototypical in [false, true] {
      let plain = try learner("standard", .unrolled, prototypical: prototypical)
      #expect(plain.regularizerGradient(at: point(plain)) == nil)
      let regularized = try learner("regularized", .unrolled, prototypical: prototypical)
      let found = try #require(regularized.regularizerGradient(at: point(regularized)))
      #expect(found.value > 0)
      #expect(found.parameters.map(\.shape) == regularized.layout.entries.map(\.shape))
    }
  }

  @Test("the update takes it as part of the gradient it clips")
  func update() {
    var layout = ParameterLayout()
    _ = layout.declare("theta", [2], .kernels, .values([1, 2]))
    let start = MetaParameters(initial: layout.initialized(seed: 0), rates: [])
    let task = MetaGradient(
      loss: 0, accuracy: 0, parameters: [Tensor([3, 0], shape: [2])], rates: [])
    var optimizer = MetaOptimizer(outerRate: 0.1, logRateStep: 0, clip: 100)
    let added = RegularizerGradient(value: 1, parameters: [Tensor([0, 4], shape: [2])])
    // Two tasks of (3, 0) and once (0, 4): a norm of 5.
    let (_, norm) = optimizer.update(start, with: [task, task], regularizer: added)
    #expect(abs(norm - 5) < 1e-5)
  }
}
