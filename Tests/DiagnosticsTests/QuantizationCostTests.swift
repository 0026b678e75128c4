import ConvFamilies
import Diagnostics
import MetaLearning
import Networks
import Randomness
import Settings
import Tensors
import TestSupport
import Testing
import Training

@Suite("What quantization costs")
struct QuantizationCostTests {
  private func arm() throws -> Arm {
    var plan = Plan()
    plan.family = "fsnet"
    plan.options = ["compression": "4"]
    plan.filters = 8
    plan.imageSize = 16
    plan.ways = 3
    return try Arm(
      plan, family: "fsnet", options: plan.options, adapt: nil, families: FamilyRegistry.families)
  }

  private func tasks(_ count: Int) -> [MetaTask] {
    var stream = RandomStream(seed: 1, purpose: "tasks")
    func side(_ perClass: Int, _ means: [Tensor]) -> Batch {
      let labels = (0..<(3 * perClass)).map { $0 % 3 }
      let pixels = labels.flatMap { label in
        (means[label] + 0.3 * Tensor.normal([256], &stream)).scalars
      }
      return Batch(images: Tensor(pixels, shape: [labels.count, 16, 16, 1]), labels: labels, ways: 3)
    }
    return (0..<count).map { _ in
      let means = (0..<3).map { _ in Tensor.normal([256], &stream) }
      return MetaTask(support: side(2, means), query: side(8, means))
    }
  }

  // Three layers of L = max(72 + 7, 8·72/4) = 144 numbers; stem 72, norms 64, head 3·8 + 3 or so stay in 32 bits.
  @Test("eight bits change next to nothing, one bit a lot, and the size is what the formula says")
  func cost() async throws {
    let arm = try arm()
    let point = arm.start(seed: 2, rate: 0.2)
    let tasks = tasks(12)
    let fine = try await QuantizationCost(of: arm, at: point, on: tasks, workers: 2)
    let layout = arm.network.layout
    #expect(layout.count(of: .summary) == 3 * 144 && fine.parameters == layout.count())
    #expect(fine.effectiveParameters == Double(layout.count() - 432) + Double(3 * (8 * 144 + 64)) / 32)
    #expect(fine.before.count == 12 && abs(fine.difference) < 0.05)
    #expect(fine.before.reduce(0, +) / 12 > 0.45)
    // Without any role nothing changes at all.
    let nothing = try await QuantizationCost(of: arm, at: point, on: tasks, roles: [])
    #expect(nothing.before == nothing.after && nothing.before == fine.before)
    #expect(nothing.effectiveParameters == Double(layout.count()))
    // Norms and head in one bit: two values are left of each.
    let coarse = try await QuantizationCost(of: arm, at: point, on: tasks, roles: [.summary, .head], bits: 1)
    #expect(coarse.after != coarse.before)
    #expect(coarse.effectiveParameters < fine.effectiveParameters)
  }
}
