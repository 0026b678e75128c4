internal import Episodes
package import Files
package import Formats
internal import Kernels
package import Networks
internal import Results
package import Settings
internal import Statistics
internal import Studies
internal import Training

/// A finished run's network stored in few bits: what it costs on the run's own test episodes.
package struct QuantizationReport: Sendable {
  private let name: String
  private let cost: QuantizationCost
  private let roles: [String]
  private let comparison: PairedComparison

  /// Assesses the chosen arm of a run before and after.
  ///
  /// - Parameters:
  ///   - folder: The run's folder.
  ///   - place: Where its images are now, if it is said.
  ///   - bits: Bits of a level, 1...16.
  ///   - roles: What is quantized; nil for the filter summaries where there are any, else for everything but the
  ///     normalisation.
  ///   - threads: Workers; nil for one per core.
  ///   - families: All families.
  ///   - progress: Receives reports on the work.
  /// - Throws: If the run cannot be read, its images are others now, or the network has no such role.
  package init(
    of folder: String, imagesAt place: DataPlace = DataPlace(), bits: Int, roles: [String]?, threads: Int?,
    families: [any ConvFamily.Type],
    progress: any ProgressReporter
  ) async throws {
    guard (1...16).contains(bits) else {
      throw ConfigurationError(
        field: "bits", value: "\(bits)", reason: "a level has 1 to 16 bits", remedy: "Use for example 8")
    }
    let run = try TrainedRun.all(in: folder, imagesAt: place, families: families)[0]
    let chosen = try Self.roles(roles, of: run.arm.network.layout)
    var plan = run.plan
    plan.threads = threads
    try Gemm.prepare(workers: plan.workers)
    let data = try RunData(plan, trainedIn: run.folder, being: run.data, progress: progress)
    let tasks = try data.test.episodes.map(data.task)
    cost = try await QuantizationCost(
      of: run.arm, at: run.point, on: tasks, roles: Set(chosen), bits: bits, workers: plan.workers)
    guard cost.nonfinite == 0 else {
      throw SelfCheckError(
        check: "finite numbers",
        found: "losses that are not finite on \(cost.nonfinite) of \(tasks.count) test episodes",
        expected: "finite losses on all of them",
        advice:
          "Evaluate the run to see which they are: \(RunFolder.evaluation(of: run.folder)); or train again")
    }
    name = run.arm.name
    self.roles = chosen.map(\.rawValue)
    comparison = PairedComparison(cost.after, cost.before)
  }

  private static func roles(
    _ names: [String]?, of layout: ParameterLayout
  ) throws(ConfigurationError) -> [ParameterRole] {
    guard let names else {
      return layout.roles.contains(.summary) ? [.summary] : layout.roles.filter { $0 != .norm }
    }
    return try names.map { name throws(ConfigurationError) in
      if let role = layout.roles.first(where: { $0.rawValue == name }) { return role }
      throw ConfigurationError(
        field: "roles", value: name, reason: "the network has no such role",
        remedy: "Use some of \(layout.roles.map(\.rawValue).joined(separator: ", "))")
    }
  }

  /// The same as JSON, for programs.
  package var document: JSONValue {
    guard case .object(let members) = cost.document else { return cost.document }
    let interval = comparison.interval95.map { [$0.lowerBound, $0.upperBound] } ?? []
    return .object(
      [.init("arm", .text(name)), .init("roles", .list(roles.map { .text($0) }))] + members + [
        .init("difference", .number(comparison.meanDifference)),
        .init("difference_ci95", .list(interval.map { .number($0) })), .init("p", .number(comparison.p)),
      ])
  }

  /// The same as text, for people.
  package var text: String {
    func row(_ label: String, _ accuracies: [Double], _ numbers: String) -> [String] {
      let summary = Summary(accuracies)
      return [
        label,
        "\(TextTable.fixed(100 * summary.mean, 2)) ± \(TextTable.fixed(100 * (summary.halfWidth95 ?? 0), 2)) %",
        numbers,
      ]
    }
    let table = TextTable(
      ["\(name)", "test accuracy", "numbers of 32 bits"],
      [
        row("as trained", cost.before, "\(cost.parameters)"),
        row("\(cost.bits) bits", cost.after, TextTable.fixed(cost.effectiveParameters, 1)),
      ])
    let interval = comparison.interval95.map {
      ", 95 % interval \(TextTable.fixed(100 * $0.lowerBound, 2)) to \(TextTable.fixed(100 * $0.upperBound, 2))"
    }
    return """
      \(table.text)

      Quantized: \(roles.joined(separator: ", ")). On the same \(cost.before.count) episodes \
      \(TextTable.fixed(100 * comparison.meanDifference, 2)) points\(interval ?? ""), p \
      \(TextTable.fixed(comparison.p, 4)).
      """
  }
}
