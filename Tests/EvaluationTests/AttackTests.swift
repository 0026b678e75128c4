import Evaluation
import MetaLearning
import Networks
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Attacks")
struct AttackTests {
  /// The gradient towards images along a random direction, and the same by central differences.
  private func check(_ images: Tensor, _ name: String, _ loss: (Tensor) -> Tensor) {
    var stream = RandomStream(seed: 6, purpose: "direction")
    let leaf = images.leaf
    let slope = gradients(of: loss(leaf), wrt: [leaf])[0]
    #expect(slope.shape == images.shape)
    let isDouble = MemoryLayout<Scalar>.size == 8
    let step: Scalar = isDouble ? 1e-5 : 2e-3
    for _ in 0..<3 {
      let direction = Tensor.normal(images.shape, &stream)
      let measured =
        (loss(images + step * direction).item - loss(images - step * direction).item) / (2 * step)
      let error = abs(measured - slope.dot(direction).item) / (slope * slope).sum.item.squareRoot()
      #expect(error < (isDouble ? 1e-5 : 0.03), "\(name): \(measured), error \(error)")
    }
  }

  private static let cases = [
    ("standard", "all", false, 2), ("acdc", "atoms", false, 2), ("acdc", "all", true, 1),
    ("dsb", "unique", false, 2), ("standard", "none", true, 0),
  ]

  @Test("gradients towards support and query images agree with differences", arguments: 0..<5)
  func gradient(item: Int) throws {
    let (family, adapt, prototypical, steps) = Self.cases[item]
    let tiny = try TinyEvaluation()
    let candidate = try tiny.candidate(
      family, adapt: adapt, prototypical: prototypical, steps: steps, isSmooth: true)
    let task = try tiny.task(tiny.episodes(1, shots: 2)[0])
    let adapted = candidate.learner.fit(candidate.point, to: task.support)
    check(task.query.images, "query of \(family)") { images in
      let query = Batch(images: images, labels: task.query.labels, ways: task.query.ways)
      return candidate.queryLoss(adapted, MetaTask(support: task.support, query: query))
    }
    check(task.support.images, "support of \(family)") { images in
      let support = Batch(images: images, labels: task.support.labels, ways: task.support.ways)
      return candidate.lossAfterAdaptation(MetaTask(support: support, query: task.query))
    }
    // The loss that is differentiated is the loss that is measured.
    let measured = candidate.learner.assess(adapted, on: task).loss
    #expect(abs(Double(candidate.lossAfterAdaptation(task).item) - measured) < 1e-5)
  }

  @Test("attacked images stay within ε and 0...1, and the loss grows", arguments: Attack.allCases)
  func bounds(attack: Attack) throws {
    let tiny = try TinyEvaluation()
    let candidate = try tiny.candidate("acdc", adapt: "atoms")
    let task = try tiny.task(tiny.episodes(1, shots: 2)[0])
    let adapted = candidate.learner.fit(candidate.point, to: task.support)
    let clean = candidate.learner.assess(adapted, on: task).loss
    func isWithin(_ attacked: Batch, _ original: Batch, _ epsilon: Scalar) -> Bool {
      zip(attacked.images.scalars, original.images.scalars).allSatisfy {
        abs($0 - $1) <= epsilon + 1e-6 && 0 <= $0 && $0 <= 1
      }
    }
    for epsilon in [0.01, 0.03, 0.1] {
      var stream = RandomStream(seed: 1, purpose: "attack")
      let query = attack.query(candidate, adapted, task, epsilon: epsilon, &stream)
      #expect(isWithin(query, task.query, Scalar(epsilon)))
      let asked = candidate.learner.assess(adapted, on: MetaTask(support: task.support, query: query)).loss
      #expect(asked > clean)
      let support = attack.support(candidate, task, epsilon: epsilon, &stream)
      #expect(isWithin(support, task.support, Scalar(epsilon)) && support.labels == task.support.labels)
      let moved = candidate.learner.fit(candidate.point, to: support)
      let after = candidate.learner.assess(moved, on: MetaTask(support: support, query: task.query)).loss
      #expect(after > clean, "\(attack) ε \(epsilon)")
    }
  }
}
