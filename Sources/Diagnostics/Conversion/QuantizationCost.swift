package import Formats
package import MetaLearning
package import Networks
internal import Statistics
package import Training

/// What storing a trained network in few bits costs in accuracy and saves in size.
///
/// Every task starts from the quantized point, adapts in full precision, and is quantized again before it answers, so
/// that what answers can be stored in as few bits as what was trained.
package struct QuantizationCost: Sendable {
  /// Bits of a level.
  package let bits: Int
  /// Numbers in the network.
  package let parameters: Int
  /// What they take quantized, in numbers of 32 bits.
  package let effectiveParameters: Double
  /// Query accuracy of each task in full precision.
  package let before: [Double]
  /// Query accuracy of each task quantized.
  package let after: [Double]
  /// Tasks whose loss is not finite, in either form.
  package let nonfinite: Int

  /// Mean of after − before, negative for a loss.
  package var difference: Double { Summary(after).mean - Summary(before).mean }

  /// Assesses tasks before and after.
  ///
  /// - Parameters:
  ///   - arm: The network and its learner.
  ///   - point: Where training ended.
  ///   - tasks: What to assess on, the same for both.
  ///   - roles: What is quantized.
  ///   - bits: Bits of a level.
  ///   - workers: How many tasks run at once.
  /// - Throws: `CancellationError` if the work is interrupted.
  package init(
    of arm: Arm, at point: MetaParameters, on tasks: [MetaTask], roles: Set<ParameterRole> = [.summary],
    bits: Int = 8, workers: Int = 1
  ) async throws {
    let quantization = LinearQuantization(bits: bits)
    let start = MetaParameters(initial: quantization(point.initial, roles: roles), rates: point.rates)
    let scores = try await mapOnWorkers(tasks.count, workers: workers) { i in
      let whole = arm.learner.fit(point, to: tasks[i].support)
      let lower = quantization(arm.learner.fit(start, to: tasks[i].support), roles: roles)
      return (arm.learner.assess(whole, on: tasks[i]), arm.learner.assess(lower, on: tasks[i]))
    }
    nonfinite = scores.count { !$0.0.isFinite || !$0.1.isFinite }
    self.bits = bits
    parameters = arm.network.layout.count()
    effectiveParameters = quantization.effectiveParameters(of: arm.network.layout, roles: roles)
    before = scores.map(\.0.accuracy)
    after = scores.map(\.1.accuracy)
  }

  /// The same as JSON, for programs.
  package var document: JSONValue {
    func estimate(_ values: [Double]) -> JSONValue {
      let summary = Summary(values)
      return .members(["mean": .number(summary.mean), "ci95": .number(summary.halfWidth95 ?? 0)])
    }
    return .members([
      "bits": .integer(bits), "parameters": .integer(parameters),
      "effective_parameters": .number(effectiveParameters), "episodes": .integer(before.count),
      "accuracy_before": estimate(before), "accuracy_after": estimate(after),
    ])
  }
}
