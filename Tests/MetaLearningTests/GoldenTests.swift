import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("Meta-gradients against PyTorch in 64 bits")
struct GoldenTests {
  /// The oracle in 32 bits stays within 1e-5 of its own answers in 64.
  private let tolerance: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-9 : 1e-4
  /// In 32 bits rounding grows with depth; in 64 there is room for it.
  private let deepTolerance: Scalar = MemoryLayout<Scalar>.size == 8 ? 1e-9 : 1e-3

  @Test("all cases are there")
  func present() {
    #expect(GoldenCase.all.count == 61)
  }

  @Test("weights of the steps are those that the cases write")
  func weights() throws {
    let all = GoldenCase.all.compactMap { $0.stepWeights() }
    #expect(all.count == 4)
    for (rule, written) in all {
      #expect(rule.values.count == written.count)
      // A few roundings of numbers below one.
      for (a, b) in zip(rule.values, written) { #expect(abs(a - b) < 1e-15) }
    }
  }

  /// Where a gradient is zero but for rounding in 64 bits, as for a shift that a normalisation cancels, the size of all
  /// gradients together is what rounding is compared with.
  private func floor(_ expected: Tensor, _ size: Scalar) -> Scalar {
    globalNorm([expected]) < 1e-12 ? size : 0
  }

  @Test(
    "loss, gradients by every parameter and rate, and adapted parameters agree", arguments: GoldenCase.all,
    GraphMemory.allCases)
  func agrees(golden: GoldenCase, memory: GraphMemory) throws {
    let network = try golden.network()
    let tolerance = golden.text("backbone").isEmpty ? tolerance : deepTolerance
    var learner = try golden.learner(network)
    learner.memory = memory
    let point = try golden.point(learner)
    let task = try golden.task()
    let adaptedPaths = golden.text("adapted").split(separator: ",").map(String.init)
    #expect(Set(learner.innerLoop.refs.map { network.layout[$0].path }) == Set(adaptedPaths))

    let result = learner.metaGradient(at: point, on: task, weights: golden.stepWeights()?.rule)
    #expect(abs(result.loss - Double(try golden.tensor("loss").item)) < Double(tolerance))
    let size = Scalar(globalNorm(result.parameters))
    var worst: Scalar = 0
    for (entry, gradient) in zip(network.layout.entries, result.parameters) {
      let expected = try golden.tensor("gradient/" + entry.path)
      let error = relativeError(gradient.scalars, expected.scalars, floor: floor(expected, size))
      #expect(error < tolerance, "\(golden) \(entry.path): \(error)")
      worst = max(worst, error)
    }
    let adapted = learner.fit(point, to: task.support)
    for (ref, gradient) in zip(learner.innerLoop.refs, result.rates) {
      let path = network.layout[ref].path
      let expected = try golden.tensor("gradient.rates/" + path)
      let error = relativeError(gradient.scalars, expected.scalars, floor: floor(expected, size))
      #expect(error < tolerance, "\(golden) rate of \(path): \(error)")
      let end = try golden.tensor("adapted/" + path)
      let moved = relativeError(adapted[ref].scalars, end.scalars)
      #expect(moved < tolerance, "\(golden) adapted \(path): \(moved)")
      worst = max(worst, error, moved)
    }
    reportFigure("golden", of: "\(golden) \(memory)", Double(worst))
  }
}
