internal import Episodes
package import Files
package import Formats
internal import Foundation
internal import Kernels
internal import MetaLearning
package import Networks
internal import Randomness
package import Settings
internal import Studies
internal import Tensors
internal import Training

/// Compares the meta-gradient of a plan with central differences of the loss it is the gradient of.
package struct GradientCheck: Sendable {
  private let plan: Plan
  private let families: [any ConvFamily.Type]
  private let export: String?

  /// A check of the arm that a plan would train, at its start.
  ///
  /// - Parameters:
  ///   - plan: Model, learner and data.
  ///   - families: All families.
  ///   - export: A folder to write everything to that another program needs to compute the same.
  package init(plan: Plan, families: [any ConvFamily.Type], export: String?) {
    self.plan = plan
    self.families = families
    self.export = export
  }

  /// The derivative along the gradient of some tensors, by the rules and by differences.
  package struct Row: Sendable {
    /// Which tensors move: all, those of a role, or the inner rates.
    package let group: String
    /// ‖gradient‖ of the group, which is the derivative along it.
    package let derived: Double
    /// What first order would claim for the same direction.
    package let firstOrder: Double
    /// The same by differences: the weighted mean of those that meet no kink.
    package let measured: Double
    /// Its standard error; where kinks lie in nearly every step, the spread of all.
    package let uncertainty: Double
    /// How many of the ``LineDifferences/steps`` differences meet no kink of an activation.
    package let smooth: Int

    /// Relative disagreement.
    package var error: Double { abs(measured - derived) / max(derived, 1e-12) }
    /// Whether enough steps meet no kink and the difference is known to a tenth; only then is it evidence.
    package var isConclusive: Bool {
      smooth >= LineDifferences.least && uncertainty <= 0.1 * max(abs(measured), derived)
    }
    /// Whether the difference excludes what first order would claim.
    package var tellsOrdersApart: Bool {
      abs(measured - firstOrder) > GradientCheck.tolerance * derived + 3 * uncertainty
    }
    /// Whether rule and difference agree, as far as the latter is known.
    package var agrees: Bool {
      abs(measured - derived) <= GradientCheck.tolerance * derived + 3 * uncertainty
    }
  }

  /// What was found.
  package struct Outcome: Sendable {
    /// All tensors together, then by role, then the rates.
    package let rows: [Row]
    /// ‖second − first‖/‖first‖.
    package let secondOrderShare: Double
    /// Where the files are, if they were asked for.
    package let exported: String?

    /// The rows whose differences are known well enough to be evidence.
    package var conclusive: [Row] { rows.filter(\.isConclusive) }
    /// The largest error among those.
    package var worst: Double { conclusive.map(\.error).max() ?? 0 }
  }

  /// Checks, and exports if asked.
  ///
  /// Rounding to 32 bits, curvature and the kinks of ReLU and max-pooling limit what a difference can tell, so each
  /// is stated with its uncertainty, and where kinks lie in nearly every step it is no evidence: of deep networks in 32
  /// bits often nothing can be told. The tests check the same rules in 64 bits, to 1e-9 against another program.
  ///
  /// - Returns: What was found; perhaps that differences cannot tell.
  /// - Throws: ``SelfCheckError`` if a derivative disagrees or second order is first order.
  package func run(progress: any ProgressReporter) async throws -> Outcome {
    try Gemm.prepare(workers: 1)
    let start = try RunStart(plan, families: families)
    let settled = start.settled(plan)
    let arm = try Arm(
      settled, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
    guard arm.learner.hasMetaGradient else {
      let isReptile = arm.learner.outer == .reptile
      throw ConfigurationError(
        field: isReptile ? "learner" : "inner-optimizer",
        value: isReptile ? plan.learner.rawValue : plan.innerOptimizer.rawValue,
        reason: "no gradient goes through its steps, so there is none to check",
        remedy: isReptile ? "Use learner maml" : "Use inner-optimizer sgd")
    }
    if let note = arm.budgetNote { progress.note(note) }
    let plan = settled.resolved(as: arm)
    let data = try RunData(plan, progress: progress)
    let task = try data.task(data.training.episode(0))
    let point = try start.start(of: arm, plan).point
    var learner = arm.learner
    learner.innerLoop.order = .second
    let exact = learner.metaGradient(at: point, on: task)
    let share = plan.steps > 0 ? SelfChecks.secondOrderShare(arm, point, task) : nil
    try SelfChecks.isSecondOrder(share, plan)
    if let export {
      try Export(arm: arm, plan: plan, point: point, task: task).write(to: export)
    }
    learner.innerLoop.order = .first
    let first = learner.metaGradient(at: point, on: task)
    let groups = groups(of: arm)
    var rows: [Row] = []
    for (i, group) in groups.enumerated() {
      rows.append(row(group.name, group.members, arm.network, learner, point, exact, first, task))
      progress.update(stage: "check", done: i + 1, total: groups.count, detail: group.name)
    }
    let outcome = Outcome(rows: rows, secondOrderShare: share ?? 0, exported: export)
    if let bad = rows.first(where: { $0.isConclusive && !$0.agrees }) {
      throw SelfCheckError(
        check: "meta-gradient of \(bad.group)",
        found: "\(bad.derived) by the rules, \(bad.measured) ± \(bad.uncertainty) by differences",
        expected: "agreement to \(Self.tolerance) beside three times that uncertainty",
        advice: "Differences in 32 bits may not tell; build with --traits DoublePrecision for a sharp answer")
    }
    return outcome
  }

  /// All tensors, each role's, and the rates, by position among the meta-parameters.
  private func groups(of arm: Arm) -> [(name: String, members: [Int])] {
    let layout = arm.network.layout
    let count = layout.entries.count
    let rates = plan.steps > 0 ? Array(count..<(count + arm.adaptedPaths.count)) : []
    let roles = layout.roles.map { role in
      (name: role.rawValue, members: layout.entries.indices.filter { layout.entries[$0].role == role })
    }
    return [("all", Array(0..<count) + rates)] + roles + (rates.isEmpty ? [] : [("inner rates", rates)])
  }

  /// The largest accepted relative disagreement beside the uncertainty of the difference itself.
  static let tolerance = MemoryLayout<Scalar>.size == 8 ? 1e-5 : 0.02

  private func row(
    _ name: String, _ members: [Int], _ network: Network, _ learner: MetaLearner, _ point: MetaParameters,
    _ exact: MetaGradient,
    _ first: MetaGradient, _ task: MetaTask
  ) -> Row {
    let gradient = members.map { exact.tensors[$0] }
    // What is zero but for rounding, as the gradient of a head that all classes share, has no direction.
    let whole = globalNorm(exact.tensors)
    let found = globalNorm(gradient)
    let norm = found > 8 * Double(Scalar.ulpOfOne) * whole ? found : 0
    // A gradient that is zero is checked along a random direction: the loss must not change there.
    var stream = RandomStream(seed: plan.seed, purpose: "check/" + name)
    let direction =
      norm > 0
      ? gradient
      : gradient.map { tensor in
        Tensor((0..<tensor.count).map { _ in Scalar(stream.normal()) }, shape: tensor.shape)
      }
    let length = globalNorm(direction)
    func moved(_ t: Double) -> (point: MetaParameters, place: Double) {
      var tensors = point.tensors
      var place = 0.0
      for (i, part) in zip(members, direction) {
        let there = tensors[i] + Scalar(t / length) * part
        // A few large numbers, such as rates, are rounded by a good part of so short a way.
        let (old, new, way) = (tensors[i].scalars, there.scalars, part.scalars)
        for k in new.indices { place += (Double(new[k]) - Double(old[k])) * Double(way[k]) / length }
        tensors[i] = there
      }
      let count = point.initial.values.count
      let moved = MetaParameters(
        initial: Parameters(layout: point.initial.layout, values: Array(tensors.prefix(count))),
        rates: Array(tensors.dropFirst(count)))
      return (moved, place)
    }
    let line = LineDifferences(loss: exact.loss, slope: norm) {
      let (point, place) = moved($0)
      return BranchedLoss(network, learner, point, task, place: place)
    }
    let claimed =
      zip(direction, members).reduce(0.0) { $0 + Double($1.0.dot(first.tensors[$1.1]).item) } / length
    return Row(
      group: name, derived: norm, firstOrder: claimed, measured: line.mean, uncertainty: line.uncertainty,
      smooth: line.smooth)
  }
}

extension GradientCheck.Outcome {
  /// The same as JSON, for programs.
  package var document: JSONValue {
    .members([
      "passed": .flag(!conclusive.isEmpty), "worst_error": .number(worst),
      "tolerance": .number(GradientCheck.tolerance),
      "conclusive": .integer(conclusive.count),
      "second_order_share": .number(secondOrderShare), "exported": .optional(exported),
      "groups": .list(
        rows.map {
          .members([
            "group": .text($0.group), "derived": .number($0.derived), "first_order": .number($0.firstOrder),
            "measured": .number($0.measured), "conclusive": .flag($0.isConclusive),
            "uncertainty": .number($0.uncertainty), "error": .number($0.error),
            "smooth_steps": .integer($0.smooth),
          ])
        }),
    ])
  }

  /// The same as text, for people.
  package var summaryText: String {
    func cell(_ value: Double) -> String { String(format: "%.4e", value) }
    func padded(_ text: String, _ width: Int) -> String {
      text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
    }
    let width = (rows.map(\.group.count).max() ?? 0) + 2
    let head = padded("moves", width) + padded("by rules", 12) + padded("first order", 13) + "by differences"
    let lines = rows.map { row in
      padded(row.group, width) + padded(cell(row.derived), 12) + padded(cell(row.firstOrder), 13)
        + "\(cell(row.measured)) ± \(String(format: "%.1e", row.uncertainty))"
        + (row.smooth < LineDifferences.least
          ? "  cannot tell: kinks lie in \(LineDifferences.steps - row.smooth) of \(LineDifferences.steps) steps"
          : !row.isConclusive
            ? "  cannot tell" : row.tellsOrdersApart ? "  agrees, not first order" : "  agrees")
    }
    return
      ([head] + lines + [
        "\(conclusive.count) of \(rows.count) directions agree with central differences (largest error \(cell(worst)), "
          + "accepted \(GradientCheck.tolerance) and three times ±), \(rows.count - conclusive.count) cannot tell; "
          + "\(conclusive.count(where: \.tellsOrdersApart)) exclude first order.",
        conclusive.isEmpty
          ? "So nothing can be told from differences here, neither for the gradient nor against it." : "",
        "In 64 bits differences are far sharper: build with --traits DoublePrecision.",
        "Its second-order part is \(String(format: "%.1f", 100 * secondOrderShare)) % of the first-order gradient.",
      ] + (exported.map { ["Exported to \($0)."] } ?? [])).filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
