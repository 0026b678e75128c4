import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Where a head starts")
struct HeadStartTests {
  /// Class k is called order[k] from now on.
  private let order = [2, 0, 1]

  private func renamed(_ batch: Batch) -> Batch {
    Batch(images: batch.images, labels: batch.labels.map { order[$0] }, ways: batch.ways)
  }

  private func renamed(_ task: MetaTask) -> MetaTask {
    MetaTask(support: renamed(task.support), query: renamed(task.query))
  }

  @Test(
    "with other names of the classes a head that starts shared, or at prototypes, renames its scores and no more",
    arguments: [HeadStart.shared, .prototypes], DerivativeOrder.allCases)
  func names(start: HeadStart, derivatives: DerivativeOrder) throws {
    let tiny = try TinyLearner(adapt: "all", start: start, order: derivatives)
    let (learner, point, task) = (tiny.learner, tiny.point, tiny.task)
    let other = renamed(task)
    let (a, b) = (learner.fit(point, to: task.support), learner.fit(point, to: other.support))
    // A sum over classes runs in another order.
    let tolerance = 10 * roundingTolerance
    for ref in tiny.network.layout.refs where tiny.network.layout[ref].role != .head {
      #expect(relativeError(a[ref].scalars, b[ref].scalars) < tolerance)
    }
    let scores = learner.logits(for: task.query.images, given: task.support, a).scalars
    let others = learner.logits(for: task.query.images, given: other.support, b).scalars
    let back = scores.indices.map { others[$0 / 3 * 3 + order[$0 % 3]] }
    #expect(relativeError(back, scores) < tolerance)
    let gradient = learner.metaGradient(at: point, on: task)
    let same = learner.metaGradient(at: point, on: other)
    #expect(abs(gradient.loss - same.loss) < Double(tolerance) && gradient.accuracy == same.accuracy)
    let floor = Scalar(1e-3 * globalNorm(gradient.tensors))
    for (x, y) in zip(gradient.tensors, same.tensors) {
      #expect(relativeError(x.scalars, y.scalars, floor: floor) < tolerance)
    }
  }

  @Test("a head that starts at rows of its own is not blind to the names")
  func ownRows() throws {
    let tiny = try TinyLearner()
    let plain = tiny.learner.score(from: tiny.point, on: tiny.task).loss
    #expect(abs(plain - tiny.learner.score(from: tiny.point, on: renamed(tiny.task)).loss) > 1e-3)
  }

  @Test("before a step a shared head gives all classes the same score")
  func shared() throws {
    let tiny = try TinyLearner(start: .shared)
    let start = tiny.learner.fit(tiny.point, to: tiny.task.support, steps: 0)
    let scores = tiny.learner.logits(for: tiny.task.query.images, given: tiny.task.support, start).scalars
    for row in stride(from: 0, to: scores.count, by: 3) {
      for k in 1..<3 { #expect(abs(scores[row + k] - scores[row]) < roundingTolerance) }
    }
    #expect(!tiny.learner.objective.startsInformed)
  }

  // Scores wₖ·x + bₖ with wₖ = v + dₖ differ by (dⱼ − dₖ)·x, and Σ(pₖ − yₖ)·wₖ, what a body learns from, has no v either.
  @Test("the vector of a shared head has no effect", arguments: DerivativeOrder.allCases)
  func vector(order: DerivativeOrder) throws {
    let tiny = try TinyLearner(adapt: "all", start: .shared, order: order)
    for gradient in [tiny.gradients().unrolled, tiny.gradients(weights: StepWeights(equal: 3)).checkpointed] {
      let rounding = Double(roundingTolerance) * globalNorm(gradient.tensors)
      for (entry, part) in zip(tiny.network.layout.entries, gradient.parameters) where entry.role == .head {
        #expect(globalNorm([part]) < rounding, "\(entry.path)")
      }
    }
  }

  @Test("without steps a head at prototypes scores as the prototypical learner but for one number per image")
  func prototypes() throws {
    let tiny = try TinyLearner(start: .prototypes, steps: 0)
    #expect(tiny.learner.objective.startsInformed)
    // With the support's statistics both see the same features; otherwise one asks about the query alone and the
    // other about both sides in one batch.
    var head = tiny.learner
    head.queryStatistics = .support
    head.innerLoop.adapted = []
    let distances = MetaLearner(
      layout: head.layout, objective: FeatureObjective(tiny.network), innerLoop: head.innerLoop,
      queryStatistics: .support)
    let start = head.fit(tiny.point, to: tiny.task.support)
    let (support, query) = (tiny.task.support, tiny.task.query)
    let a = head.logits(for: query.images, given: support, start).scalars
    let b = distances.logits(for: query.images, given: support, tiny.point.initial).scalars
    // w·x + b = 2p·x − ‖p‖² = −‖x − p‖² + ‖x‖²
    for row in stride(from: 0, to: a.count, by: 3) {
      for k in 1..<3 {
        let (own, theirs) = (a[row + k] - a[row], b[row + k] - b[row])
        #expect(abs(own - theirs) < roundingTolerance * max(1, abs(b[row]), abs(a[row])))
      }
    }
    // The softmax does not see that number, so losses and gradients are the same.
    let point = MetaParameters(initial: tiny.point.initial, rates: [])
    for memory in GraphMemory.allCases {
      head.memory = memory
      let (own, theirs) = (
        head.metaGradient(at: point, on: tiny.task), distances.metaGradient(at: point, on: tiny.task)
      )
      #expect(abs(own.loss - theirs.loss) < 10 * Double(roundingTolerance) && own.accuracy == theirs.accuracy)
      let floor = Scalar(1e-3 * globalNorm(theirs.tensors))
      for (x, y) in zip(own.tensors, theirs.tensors) {
        #expect(relativeError(x.scalars, y.scalars, floor: floor) < 10 * roundingTolerance)
      }
    }
  }

  @Test("a head that starts elsewhere leaves all other parameters as they are", arguments: HeadStart.allCases)
  func rest(start: HeadStart) throws {
    let tiny = try TinyLearner(start: start)
    let begin = tiny.learner.fit(tiny.point, to: tiny.task.support, steps: 0)
    for ref in tiny.network.layout.refs {
      let stays = begin[ref].scalars == tiny.point.initial[ref].scalars
      // The bias starts at zero, so its mean is what it was.
      let mayStay = tiny.network.layout[ref].role != .head || start == .parameters
      let isBias = tiny.network.layout[ref].path == "head.bias" && start == .shared
      #expect(stays == (mayStay || isBias), "\(tiny.network.layout[ref].path)")
    }
  }
}
