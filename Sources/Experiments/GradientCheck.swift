internal import Episodes
internal import Foundation
internal import MetaLearning
public import Networks
internal import Tensors

/// Compares the meta-gradient of a plan with central differences of the loss it is the gradient of.
public struct GradientCheck: Sendable {
  private let plan: Plan
  private let families: [any ConvFamily.Type]
  private let export: String?

  /// A check of the arm that a plan would train, at its start.
  ///
  /// - Parameters:
  ///   - plan: Model, learner and data.
  ///   - families: All families.
  ///   - export: A folder to write everything to that another program needs to compute the same.
  public init(plan: Plan, families: [any ConvFamily.Type], export: String?) {
    self.plan = plan
    self.families = families
    self.export = export
  }

  /// One tensor's derivative along its own gradient, by the rules and by differences.
  public struct Row: Sendable {
    /// Path of a parameter, or `rate:` and a path.
    public let path: String
    /// ‖gradient‖, which is the derivative along it.
    public let derived: Double
    /// The same by the central difference that is known best.
    public let measured: Double
    /// How well it is known: its distance from a difference of half the step, and rounding of the loss.
    public let uncertainty: Double

    /// Relative disagreement.
    public var error: Double { abs(measured - derived) / max(derived, 1e-12) }
    /// Whether the difference is known to a tenth: only then does it say anything.
    public var isConclusive: Bool { uncertainty <= 0.1 * max(measured, derived) }
    /// Whether rule and difference agree, as far as the latter is known.
    public var agrees: Bool { abs(measured - derived) <= GradientCheck.tolerance * derived + 2 * uncertainty }
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// One row per parameter and rate.
    public let rows: [Row]
    /// ‖second − first‖/‖first‖.
    public let secondOrderShare: Double
    /// Where the files are, if they were asked for.
    public let exported: String?

    /// The rows whose differences are known well enough to say anything.
    public var conclusive: [Row] { rows.filter(\.isConclusive) }
    /// The largest error among those.
    public var worst: Double { conclusive.map(\.error).max() ?? 0 }
  }

  /// Checks, and exports if asked.
  ///
  /// Rounding to 32 bits, curvature and the kinks of ReLU and max-pooling limit what a difference can tell, so each
  /// is stated with its uncertainty. The tests check the same rules in 64 bits, to 1e-9 against another program.
  ///
  /// - Throws: ``SelfCheckError`` if a derivative disagrees or second order is first order.
  public func run(progress: any ProgressReporter) async throws -> Outcome {
    let arm = try Arm(plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    let data = try RunData(plan, progress: progress)
    let task = try data.task(data.training.episode(0))
    let rate: Double = if case .fixed(let rate) = plan.innerRate { rate } else { RateSweep.start }
    let point = arm.start(seed: plan.seed, rate: rate)
    var learner = arm.learner
    learner.innerLoop.order = .second
    let exact = learner.metaGradient(at: point, on: task)
    let share = plan.steps > 0 ? SelfChecks.secondOrderShare(arm, point, task) : 0
    try SelfChecks.isSecondOrder(share, plan)
    if let export {
      try Export(arm: arm, plan: plan, point: point, task: task).write(to: export)
    }
    let paths = arm.network.layout.entries.map(\.path) + arm.adaptedPaths.map { "rate:" + $0 }
    var rows: [Row] = []
    for (i, path) in paths.enumerated() where plan.steps > 0 || i < point.initial.values.count {
      progress.update(stage: "check", done: i + 1, total: paths.count, detail: path)
      rows.append(row(path, i, learner, point, exact, task))
    }
    let outcome = Outcome(rows: rows, secondOrderShare: share, exported: export)
    if let bad = outcome.conclusive.first(where: { !$0.agrees }) {
      throw SelfCheckError(
        check: "meta-gradient", found: "\(bad.path): \(bad.derived) by the rules, \(bad.measured) by differences",
        expected: "agreement to \(Self.tolerance), beside an uncertainty of \(bad.uncertainty)",
        advice: "Report this: the derivative rules are wrong")
    }
    guard 2 * outcome.conclusive.count >= rows.count else {
      throw SelfCheckError(
        check: "meta-gradient", found: "only \(outcome.conclusive.count) of \(rows.count) differences known to a tenth",
        expected: "at least half", advice: "Use fewer inner steps or a smaller inner-rate, or another seed")
    }
    return outcome
  }

  /// The largest accepted relative disagreement beside the uncertainty of the difference itself.
  static let tolerance = MemoryLayout<Scalar>.size == 8 ? 1e-5 : 0.01

  private func row(
    _ path: String, _ index: Int, _ learner: MetaLearner, _ point: MetaParameters, _ exact: MetaGradient,
    _ task: MetaTask
  ) -> Row {
    let gradient = exact.tensors[index]
    let norm = globalNorm([gradient])
    guard norm > 0 else { return Row(path: path, derived: 0, measured: 0, uncertainty: 0) }
    let direction = gradient.affine(scale: Scalar(1 / norm))
    func loss(_ t: Double) -> Double {
      var tensors = point.tensors
      tensors[index] = tensors[index] + Scalar(t) * direction
      let count = point.initial.values.count
      let moved = MetaParameters(
        initial: Parameters(layout: point.initial.layout, values: Array(tensors.prefix(count))),
        rates: Array(tensors.dropFirst(count)))
      return learner.assess(learner.fit(moved, to: task.support), on: task).loss
    }
    func difference(_ h: Double) -> Double { (loss(h) - loss(-h)) / (2 * h) }
    // Long steps meet curvature and kinks of ReLU and pooling, short ones the rounding of the loss. Halve the step
    // from a loss change of a few percent down, and keep the difference that moved least.
    let double = MemoryLayout<Scalar>.size == 8
    let rounding = (double ? 1e-15 : 5e-7) * max(1, exact.loss)
    let longest = min(0.03 / norm, 0.05 * max(globalNorm([point.tensors[index]]), 0.1))
    var best = (measured: Double.nan, uncertainty: Double.infinity)
    var previous = difference(longest)
    for halving in 1...(double ? 16 : 9) {
      let step = longest / Double(1 << halving)
      let now = difference(step)
      let uncertainty = abs(now - previous) + rounding / step
      if uncertainty < best.uncertainty { best = (now, uncertainty) }
      previous = now
    }
    return Row(path: path, derived: norm, measured: best.measured, uncertainty: best.uncertainty)
  }
}

extension GradientCheck.Outcome {
  /// For programs.
  public var document: JSONValue {
    .members([
      "passed": .flag(true), "worst_error": .number(worst), "tolerance": .number(GradientCheck.tolerance),
      "conclusive": .integer(conclusive.count),
      "second_order_share": .number(secondOrderShare), "exported": .optional(exported),
      "tensors": .list(
        rows.map {
          .members([
            "path": .text($0.path), "derived": .number($0.derived), "measured": .number($0.measured),
            "uncertainty": .number($0.uncertainty), "error": .number($0.error),
          ])
        }),
    ])
  }

  /// For people.
  public var summaryText: String {
    func cell(_ value: Double) -> String { String(format: "%.4e", value) }
    let width = rows.map(\.path.count).max() ?? 0
    let lines = rows.map { row in
      row.path.padding(toLength: width, withPad: " ", startingAt: 0)
        + "  \(cell(row.derived))  \(cell(row.measured)) ± \(String(format: "%.1e", row.uncertainty))"
        + (row.isConclusive ? "" : "  not known well enough")
    }
    let head = "tensor".padding(toLength: width, withPad: " ", startingAt: 0) + "  by rules    by differences"
    return ([head] + lines + [
      "The meta-gradient agrees with central differences in \(conclusive.count) of \(rows.count) tensors "
        + "(the others' differences are too uncertain); largest error \(cell(worst)).",
      "Its second-order part is \(String(format: "%.1f", 100 * secondOrderShare)) % of the first-order gradient.",
    ] + (exported.map { ["Exported to \($0)."] } ?? [])).joined(separator: "\n")
  }
}
