internal import Evaluation
internal import Figures
internal import Results

/// The pictures of adaptation and accuracy.
enum Charts {
  /// Query accuracy of every curve over steps, time or multiply-adds.
  static func adaptation(
    _ curves: [ArmCurve], _ axis: ArmCurve.Axis, references: [LineChart.Reference] = []
  ) -> LineChart {
    LineChart(
      title: axis == .steps
        ? "Adaptation on the test episodes"
        : axis == .ms ? "Adaptation against time" : "Adaptation against arithmetic",
      xLabel: axis.label, yLabel: "query accuracy",
      series: curves.map { curve in
        .init(
          curve.arm,
          curve.points.map { point in
            .init(x: axis.position(point) ?? .nan, y: point.accuracy.mean, halfWidth: point.accuracy.ci95)
          })
      },
      references: references, xTicks: axis == .steps ? ticks(curves) : nil, yFormat: .percent)
  }

  /// Every step if there are few; otherwise nil, for automatic ticks.
  private static func ticks(_ curves: [ArmCurve]) -> [Double]? {
    let steps = Set(curves.flatMap { $0.points.map(\.step) }).sorted()
    return steps.count <= 16 ? steps.map(Double.init) : nil
  }

  /// Any quantity over numbers, one line per arm; arms without a point keep their colour.
  static func lines(
    _ title: String, _ arms: [RunResult.ArmResult], xLabel: String, yLabel: String,
    xScale: LineChart.Scale = .linear, format: ValueFormat = .percent,
    points: (RunResult.ArmResult) -> [LineChart.Point]
  ) -> LineChart {
    let series = arms.map { LineChart.Series($0.name, points($0)) }
    let positions = Set(series.flatMap { $0.points.map(\.x) }).sorted()
    var chart = LineChart(
      title: title, xLabel: xLabel, yLabel: yLabel, series: series,
      xTicks: positions.count <= 12 && positions.allSatisfy(isShort) ? positions : nil, yFormat: format)
    chart.xScale = xScale
    return chart
  }

  /// Whether a number has few digits, so that it can stand at an axis.
  private static func isShort(_ x: Double) -> Bool { abs(1000 * x - (1000 * x).rounded()) < 1e-9 }

  /// Every arm's accuracy with its interval, its seeds as small points.
  static func accuracies(_ result: RunResult) -> IntervalPlot {
    IntervalPlot(
      title: "Test accuracy", xLabel: "query accuracy, with 95 % interval",
      rows: result.arms.enumerated().map { i, arm in
        let accuracy = arm.test.accuracy
        return .init(
          arm.name, value: accuracy.mean, low: accuracy.mean - accuracy.ci95,
          high: accuracy.mean + accuracy.ci95,
          parts: arm.seeds.count > 1 ? arm.seeds.map(\.accuracy.mean) : [], series: i,
          note: Wording.percent(accuracy))
      })
  }

  /// Every arm's difference to the reference.
  static func differences(_ result: RunResult) -> IntervalPlot? {
    let index = Dictionary(
      result.arms.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = result.findings.compactMap { finding -> IntervalPlot.Row? in
      guard let accuracy = finding.accuracy else { return nil }
      return .init(
        finding.arm.name, value: 100 * accuracy.mean, low: 100 * accuracy.low, high: 100 * accuracy.high,
        series: index[finding.arm.name] ?? 0,
        note: accuracy.isSignificant ? "significant" : "not significant")
    }
    guard !rows.isEmpty else { return nil }
    return IntervalPlot(
      title: "Difference to \(Wording.list(result.references.map(\.name)))",
      xLabel: "points of accuracy, "
        + (result.findings.compactMap(\.accuracy).first?.words ?? "95 % interval"),
      rows: rows, reference: 0, format: .number)
  }
}
