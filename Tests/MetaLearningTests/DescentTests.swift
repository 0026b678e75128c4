import ConvFamilies
import Foundation
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Inner steps by other optimizers, rates by number, norms by step, and Reptile")
struct DescentTests {
  /// A support loss that is ½·Σ aᵢ·θᵢ², so that its gradient is known: aᵢ·θᵢ.
  private struct Bowl: TaskObjective {
    let ref: ParameterRef
    let weights: Tensor

    func supportLoss(_ parameters: Parameters, _ support: Batch) -> Tensor {
      (Scalar(0.5) * (weights * (parameters[ref] * parameters[ref]))).sum
    }

    func logits(
      for images: Tensor, given support: Batch, _ parameters: Parameters, statistics: StatisticsSource
    ) -> Tensor {
      let row = parameters[ref].reshaped([1, 3])
      return matmul(Tensor(repeating: 1, shape: [images.shape[0], 1]), row)
    }
  }

  private let curvature: [Double] = [1, 0.5, 4]
  private let start: [Double] = [0.8, -1.2, 0.3]
  private let task = MetaTask(
    support: Batch(images: Tensor(repeating: 0, shape: [2, 1, 1, 1]), labels: [0, 1], ways: 3),
    query: Batch(images: Tensor(repeating: 0, shape: [3, 1, 1, 1]), labels: [0, 2, 1], ways: 3))

  private func bowl(
    _ optimizer: InnerOptimizer, steps: Int = 4, rates: RatePattern = .perStep
  ) -> (learner: MetaLearner, initial: Parameters, ref: ParameterRef) {
    var layout = ParameterLayout()
    let ref = layout.declare("weights", [3], .kernels, .values(start.map { Scalar($0) }))
    let loop = InnerLoop(
      steps: steps, adapted: [AdaptedTensor(ref: ref, mask: nil)], order: .first, rates: rates,
      optimizer: optimizer)
    let objective = Bowl(ref: ref, weights: Tensor(curvature.map { Scalar($0) }, shape: [3]))
    return (
      MetaLearner(layout: layout, objective: objective, innerLoop: loop), layout.initialized(seed: 0), ref
    )
  }

  /// The steps written out, number by number; the rate of each step and number is given.
  private func expected(
    _ optimizer: InnerOptimizer, steps: Int, rate: (_ step: Int, _ number: Int) -> Double
  ) -> [Double] {
    var (theta, first, second) = (start, [0.0, 0, 0], [0.0, 0, 0])
    for t in 0..<steps {
      for i in theta.indices {
        let gradient = curvature[i] * theta[i]
        let direction: Double
        switch optimizer {
        case .descent: direction = gradient
        case .momentum:
          first[i] = 0.9 * first[i] + gradient
          direction = first[i]
        case .adam:
          first[i] = 0.9 * first[i] + 0.1 * gradient
          second[i] = 0.999 * second[i] + 0.001 * gradient * gradient
          let (m, v) = (first[i] / (1 - pow(0.9, Double(t + 1))), second[i] / (1 - pow(0.999, Double(t + 1))))
          direction = m / (v.squareRoot() + 1e-8)
        }
        theta[i] -= rate(t, i) * direction
      }
    }
    return theta
  }

  @Test(
    "each optimizer takes the steps of its formula, and the last rate goes on",
    arguments: InnerOptimizer.allCases)
  func formula(optimizer: InnerOptimizer) {
    let (learner, initial, ref) = bowl(optimizer)
    let rates: [Double] = [0.3, 0.1, 0.05, 0.2]
    let point = MetaParameters(initial: initial, rates: [Tensor(rates.map { Scalar($0) }, shape: [4])])
    for steps in [1, 4, 7] {
      let found = learner.fit(point, to: task.support, steps: steps)[ref].scalars
      let wanted = expected(optimizer, steps: steps) { t, _ in rates[min(t, 3)] }
      #expect(relativeError(found, wanted.map { Scalar($0) }) < roundingTolerance)
    }
    // What looks at the steps one by one sees the same ones.
    var visited: [[Scalar]] = []
    learner.visitSteps(from: point, on: task.support, steps: 4) { _, at, _ in visited.append(at[ref].scalars)
    }
    #expect(visited == (0...4).map { learner.fit(point, to: task.support, steps: $0)[ref].scalars })
    #expect(learner.trace(at: point, on: task).map(\.movements.count) == [1, 1, 1, 1, 0])
  }

  @Test("a rate for each number moves each by its own", arguments: InnerOptimizer.allCases)
  func elementwise(optimizer: InnerOptimizer) {
    let (learner, initial, ref) = bowl(optimizer, rates: .elementwise)
    let rates: [Double] = [0.3, 0.02, 0.1]
    let point = MetaParameters(initial: initial, rates: [Tensor(rates.map { Scalar($0) }, shape: [3])])
    let wanted = expected(optimizer, steps: 4) { _, i in rates[i] }
    #expect(
      relativeError(learner.fit(point, to: task.support)[ref].scalars, wanted.map { Scalar($0) })
        < roundingTolerance)
  }

  @Test("Reptile's direction is the way back from where the steps lead, and nothing for the rest")
  func reptile() throws {
    let tiny = try TinyLearner(adapt: "atoms", steps: 3)
    var learner = tiny.learner
    learner.outer = .reptile
    let found = learner.metaGradient(at: tiny.point, on: tiny.task)
    let end = learner.fit(tiny.point, to: tiny.task.support)
    let moving = Set(learner.innerLoop.refs)
    var length = 0.0
    for ref in learner.layout.refs {
      let way = moving.contains(ref) ? tiny.point.initial[ref] - end[ref] : 0 * tiny.point.initial[ref]
      #expect(found.parameters[ref.index].scalars == way.scalars, "\(learner.layout[ref].path)")
      length += globalNorm([way])
    }
    #expect(length > 0 && globalNorm(found.rates) == 0 && !learner.hasMetaGradient)
    let score = learner.score(from: tiny.point, on: tiny.task)
    #expect(found.loss == score.loss && found.accuracy == score.accuracy)
    // An outer step of size 1 by plain descent would end where the task did.
    var last = tiny.point
    last.initial = Parameters(
      layout: learner.layout, values: zip(tiny.point.initial.values, found.parameters).map { $0 - $1 })
    let reached = learner.assess(last.initial, on: tiny.task)
    #expect(abs(reached.loss - score.loss) < 1e-4)
  }

  @Test("the query meets the norms of the last step, and each version has a gradient")
  func stepNorms() throws {
    var network = try Network(ways: 3) { layout throws(ConfigurationError) in
      let family = try FamilyRegistry.families.family(named: "standard", options: [:])
      return try Conv4(
        .strided, filters: 4, image: ImageShape(channels: 1, side: 16), family: family, in: &layout)
    }
    let stepwise = network.declareStepNorms(steps: 2).map {
      StepwiseParameter(slot: $0.slot, versions: $0.versions)
    }
    #expect(stepwise.count == 8)
    let adapted = try AdaptSelector("head").adapted(in: network.layout, withHead: true, seed: 0)
    let learner = MetaLearner(
      layout: network.layout, objective: LinearHeadObjective(network),
      innerLoop: InnerLoop(steps: 2, adapted: adapted, order: .second, stepwise: stepwise))
    let initial = network.layout.awayFromStart(seed: 3)
    let point = MetaParameters(initial: initial, rates: adapted.map { _ in Tensor([0.1, 0.2], shape: [2]) })
    let tiny = try TinyLearner()
    for steps in 0...3 {
      let end = learner.fit(point, to: tiny.task.support, steps: steps)
      for item in stepwise {
        let source = steps == 0 ? item.slot : item.versions[min(steps, 2) - 1]
        #expect(end[item.slot].scalars == initial[source].scalars)
      }
    }
    let gradient = learner.metaGradient(at: point, on: tiny.task)
    for item in stepwise {
      // Behind the last step only the query reads the last version; the others shape the steps of the head.
      for ref in [item.slot] + item.versions { #expect(globalNorm([gradient.parameters[ref.index]]) > 0) }
    }
  }
}
