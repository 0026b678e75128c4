import Evaluation
import Foundation
import MetaLearning
import Networks
import TestSupport
import Tensors
import Testing

@Suite("Adaptation speed")
struct SpeedSuiteTests {
  private func result(_ candidates: [Candidate], _ tasks: TaskSource, _ suite: SpeedSuite) async throws
    -> SpeedResult
  {
    var measures: [SpeedMeasures] = []
    for candidate in candidates { measures.append(try await suite.measure(candidate, on: tasks)) }
    return SpeedResult(measures, movements: SpeedResult.commonMovements(of: [measures]))
  }

  @Test(
    "a hand-made step moves tensors and kernels by what the algebra says",
    arguments: [
      ("standard", "kernels", "kernel"), ("acdc", "atoms", "kernel"), ("acdc", "coefficients", "kernel"),
    ])
  func movement(family: String, adapt: String, role: String) async throws {
    // θ ← (1 − r)·θ, so after t steps ‖Δθ‖/‖θ‖ = 1 − (1 − r)ᵗ; kernels are linear in each of these roles.
    let candidate = try Subjects.candidate(
      family: family, options: family == "acdc" ? ["stem": "atoms"] : [:], adapt: adapt, rate: 0.25,
      decays: true)
    let found = try await result([candidate], Subjects.tasks(2), SpeedSuite(steps: 4, workers: 1))
    let expected = (0...4).map { 1 - pow(0.75, Double($0)) }
    let kernels = found.movements.filter { $0.role == role && $0.path.hasSuffix("conv") }
    #expect(kernels.count == 4 && found.movements.count > 4)
    for row in found.movements {
      #expect(row.isRelative)
      for (a, b) in zip(row.bySteps, expected) { #expect(abs(a - b) < 1e-5, "\(row.path)") }
    }
    for (step, b) in zip(found.curve, expected) { #expect(abs(step.kernelMovement - b) < 1e-5) }
  }

  @Test(
    "trainings that adapt different tensors, as random choices do, are one arm: each tensor's mean is its own"
  )
  func differentTensors() async throws {
    let tiny = try TinyEvaluation()
    let tasks = TaskSource(try tiny.episodes(2), of: tiny.store)
    let suite = SpeedSuite(steps: 2, workers: 1)
    let trainings = try ["kernels@2", "kernels@2-3", "norm@1"].map { try tiny.candidate(adapt: $0) }
    let alone = try await result([trainings[1]], tasks, suite)
    let found = try await result(trainings, tasks, suite)
    func row(_ result: SpeedResult, _ path: String) -> [Double]? {
      result.movements.first { $0.path.hasPrefix(path) && $0.role == "kernels" }?.bySteps
    }
    #expect(row(found, "layer3") == row(alone, "layer3") && row(found, "layer3") != nil)
    #expect(row(found, "layer2") != row(alone, "layer2") && row(found, "layer2") != nil)
    #expect(found.movements.contains { $0.path.hasPrefix("layer1") && $0.role == "norm" })
  }

  @Test("a kernel that normalises within itself is named so, and its scale is nothing")
  func nominal() async throws {
    let candidate = try Subjects.candidate(family: "dsb", adapt: "unique", rate: 0.25, decays: true)
    let found = try await result([candidate], Subjects.tasks(1), SpeedSuite(steps: 3, workers: 1))
    let kernels = found.movements.filter { $0.role == "nominal-kernel" }
    // The first layer is standard.
    #expect(kernels.count == 3)
    // Unique filters shrink, but each response is divided by its own deviation.
    for row in kernels { #expect(row.bySteps[3] < 0.01, "\(row.path)") }
    let tensors = found.movements.filter { $0.role == "unique" }
    for row in tensors { #expect(abs(row.bySteps[1] - 0.25) < 1e-5) }
  }

  @Test("a tensor that starts at zero is measured as it is")
  func zeroStart() async throws {
    let candidate = try Subjects.candidate(adapt: "norm", steps: 1, rate: 0.5)
    let found = try await result([candidate], Subjects.tasks(2), SpeedSuite(steps: 1, workers: 1))
    let shifts = found.movements.filter { $0.path.hasSuffix("norm.shift") }
    let scales = found.movements.filter { $0.path.hasSuffix("norm.scale") }
    #expect(shifts.count == 4 && shifts.allSatisfy { !$0.isRelative && $0.bySteps[1] > 0 })
    #expect(scales.count == 4 && scales.allSatisfy(\.isRelative))
    // Norms and the head are no kernels.
    #expect(found.curve.allSatisfy { $0.kernelMovement == 0 } && found.matched.isEmpty)
  }

  @Test("without rates nothing happens")
  func still() async throws {
    let candidate = try Subjects.candidate(rate: 0)
    let suite = SpeedSuite(steps: 3, workers: 2, rateFactors: [0.5, 1, 2])
    let tasks = Subjects.tasks(4)
    let found = try await result([candidate], tasks, suite)
    for step in found.curve {
      #expect(step.queryAccuracy == found.curve[0].queryAccuracy && step.kernelMovement == 0)
      #expect(step.supportLoss == found.curve[0].supportLoss)
    }
    #expect(found.stepsTo95Percent == nil && found.stepsTo95PercentInterval == nil)
    #expect(found.degradation == Estimate(mean: 0, ci95: 0))
    #expect(found.similarity.count == 5 && found.similarity.allSatisfy { abs($0.cka.mean - 1) < 1e-5 })
    let grid = try #require(try await suite.rateGrid([candidate], on: tasks))
    #expect(grid.tolerated == [0.5, 2] && grid.isOpenBelow && grid.isOpenAbove && grid.toleratedRange == 4)
  }

  @Test("the curve is the learner's own, with its multiply-adds, and factor 1 of the grid is the curve")
  func curve() async throws {
    let candidate = try Subjects.candidate()
    let tasks = Subjects.tasks(5)
    let suite = SpeedSuite(steps: 4, workers: 2, rateFactors: [0.25, 1, 4])
    let measures = try await suite.measure(candidate, on: tasks)
    let found = SpeedResult([measures], movements: [])
    for i in 0..<5 {
      let own = candidate.learner.adaptationCurve(at: candidate.point, on: try tasks.task(i), steps: 4)
      #expect(own.map(\.queryAccuracy) == measures.curves[i].map(\.queryAccuracy))
      #expect(own.map(\.supportLoss) == measures.curves[i].map(\.supportLoss))
    }
    // 6 support images of 1000 each.
    #expect(found.curve.map(\.macs) == [0, 6000, 12000, 18000, 24000])
    #expect(found.trainedSteps == 2 && found.curve[0].milliseconds == 0 && found.curve[4].milliseconds > 0)
    let area = found.curve.reduce(0) { $0 + $1.queryAccuracy.mean } / 5
    #expect(abs(found.areaUnderCurve.mean - area) < 1e-12)
    let grid = try #require(try await suite.rateGrid([candidate], on: tasks))
    #expect(grid.steps == [0, 1, 2, 3, 4] && grid.tasks == 5)
    for (a, b) in zip(grid.accuracy[1], found.curve) { #expect(abs(a - b.queryAccuracy.mean) < 1e-12) }
    // A factor is a factor: the same as other rates.
    let faster = try Subjects.candidate(rate: 1.2)
    let other = SpeedResult([try await suite.measure(faster, on: tasks)], movements: [])
    for (a, b) in zip(grid.accuracy[2], other.curve) { #expect(abs(a - b.queryAccuracy.mean) < 0.03) }
    #expect(Set(grid.accuracy.map { $0[0] }).count == 1)
  }

  @Test("all but the times is the same for any number of workers, and read back from a file")
  func deterministic() async throws {
    let candidate = try Subjects.candidate(family: "acdc", adapt: "atoms")
    func measured(_ workers: Int) async throws -> SpeedMeasures {
      try await SpeedSuite(steps: 3, workers: workers).measure(candidate, on: Subjects.tasks(6))
    }
    func numbers(_ result: SpeedMeasures) throws -> String {
      let summary = SpeedResult([result], movements: SpeedResult.commonMovements(of: [[result]]))
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let text = String(decoding: try encoder.encode(summary), as: UTF8.self)
      return text.replacing(#/"milliseconds[^,}]*[,}]/#, with: "")
    }
    let (one, three) = (try await measured(1), try await measured(3))
    #expect(try numbers(one) == numbers(three))
    let copy = try JSONDecoder().decode(SpeedMeasures.self, from: JSONEncoder().encode(one))
    #expect(copy.traces == one.traces)
  }

  @Test("a learner that does not step has a curve of one point")
  func noSteps() async throws {
    let candidate = try Subjects.candidate(steps: 0, ways: nil)
    let suite = SpeedSuite(steps: 10, workers: 1)
    let found = try await result([candidate], Subjects.tasks(3), suite)
    #expect(found.curve.count == 1 && found.similarity.isEmpty && found.matched.isEmpty)
    #expect(found.stepsTo95Percent == nil && found.degradation.mean == 0)
    #expect(found.areaUnderCurve.mean == found.curve[0].queryAccuracy.mean)
    #expect(try await suite.rateGrid([candidate], on: Subjects.tasks(3)) == nil)
    let measures = try await suite.measure(candidate, on: Subjects.tasks(3))
    #expect(measures.values(of: .afterOneStep) == measures.values(of: .accuracy))
  }

  @Test("seeds are averaged task by task")
  func seeds() async throws {
    let (suite, tasks) = (SpeedSuite(steps: 3, workers: 2), Subjects.tasks(6))
    let first = try await suite.measure(try Subjects.candidate(seed: 1), on: tasks)
    let second = try await suite.measure(try Subjects.candidate(seed: 2), on: tasks)
    let twice = SpeedResult([first, first], movements: [0.05])
    let once = SpeedResult([first], movements: [0.05])
    #expect(twice.areaUnderCurve == once.areaUnderCurve && twice.curve.map(\.macs) == once.curve.map(\.macs))
    #expect(twice.matched[0].accuracy == once.matched[0].accuracy)
    let both = SpeedResult([first, second], movements: [0.05])
    let means = zip(first.trainedAccuracies, second.trainedAccuracies).map { ($0 + $1) / 2 }
    #expect(both.curve[2].queryAccuracy == Estimate(means))
  }
}
