import Foundation

/// Where everything of a line chart goes: the plot, its axes and its legend.
struct LineChartLayout {
  static let tickSize = 12.0
  static let labelSize = 13.0
  private static let edge = 20.0

  let chart: LineChart
  let curves: [Curve]
  let references: [LineChart.Reference]
  let heading: Heading
  let xTicks: [Tick]
  let yTicks: [Tick]
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  let legend: Legend
  let legendIsBeside: Bool
  let plot: Rectangle
  let height: Double

  struct Tick: Equatable {
    let value: Double
    let text: String
  }

  /// Whether there is nothing to draw.
  var isEmpty: Bool { curves.allSatisfy(\.runs.isEmpty) }

  init(_ chart: LineChart) {
    self.chart = chart
    let curves = chart.series.enumerated().map { Curve($1.shown(on: chart.xScale), index: $0) }
    self.curves = curves
    let isEmpty = curves.allSatisfy(\.runs.isEmpty)

    let shown = chart.yRange.flatMap { range in
      range.lowerBound.isDrawable && range.upperBound.isDrawable && range.lowerBound < range.upperBound
        ? range : nil
    }
    references = chart.references.filter { line in
      [line.y, line.end].allSatisfy { $0.isDrawable && shown?.contains($0) != false }
    }
    (yRange, yTicks) = Self.yAxis(
      curves.flatMap(\.extent) + references.flatMap { [$0.y, $0.end] }, shown: shown, format: chart.yFormat,
      isEmpty: isEmpty)
    let positions = curves.flatMap { $0.points.map(\.x) }
    (xRange, xTicks) =
      chart.xScale == .linear
      ? Self.xAxis(positions, ticks: chart.xTicks) : Self.logarithmicAxis(positions, ticks: chart.xTicks)

    heading = Heading(chart.title, width: chart.width)
    legend = Legend(entries: Self.entries(curves, references, isEmpty: isEmpty))
    let widestTick = yTicks.map { StrokeFont.width(of: $0.text, size: Self.tickSize) }.max() ?? 0
    let left = Self.edge + (chart.yLabel.isEmpty ? 0 : Self.labelSize + 10) + widestTick + 10
    let top = heading.bottom
    let axisBelow = Self.tickSize + 14 + (chart.xLabel.isEmpty ? 0 : Self.labelSize + 10)

    let roomBeside = chart.height - top - axisBelow - Self.edge
    // A narrow picture has no room for anything beside the plot.
    let isNarrow = chart.width < 560 && !legend.entries.isEmpty
    legendIsBeside = legend.isBeside(height: roomBeside) && !isNarrow
    let lastTick = xTicks.last.map { StrokeFont.width(of: $0.text, size: Self.tickSize) / 2 } ?? 0
    var right = chart.width - max(Self.edge, lastTick + 8)
    var legendHeight = 0.0
    if legendIsBeside {
      if !legend.entries.isEmpty { right = chart.width - Self.edge - legend.widthBeside - 14 }
    } else {
      legendHeight = Double(legend.grid(width: right - left).rows) * Legend.rowHeight + 12
    }
    // A legend may not squeeze the plot below three fifths of the picture: the picture grows instead.
    let plotHeight = max(roomBeside - legendHeight, min(roomBeside, 0.6 * chart.height))
    plot = Rectangle(
      left: left.rounded(), top: top, right: max(left + 40, right).rounded(),
      bottom: (top + plotHeight).rounded())
    height = (plot.bottom + axisBelow + legendHeight + Self.edge).rounded()
  }

  func position(_ x: Double, _ y: Double) -> Position {
    let (low, high) = (chart.xScale.position(xRange.lowerBound), chart.xScale.position(xRange.upperBound))
    return Position(
      plot.left + (chart.xScale.position(x) - low) / (high - low) * plot.width,
      plot.bottom - (y - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound) * plot.height)
  }

  private static func yAxis(
    _ values: [Double], shown: ClosedRange<Double>?, format: ValueFormat, isEmpty: Bool
  ) -> (ClosedRange<Double>, [Tick]) {
    let low = shown?.lowerBound ?? values.min() ?? 0
    let high = shown?.upperBound ?? values.max() ?? 1
    let ticks = Ticks.covering(low, high, slack: 0.15)
    let visible = ticks.values.filter { shown?.contains($0) != false }
    let texts = visible.map { Tick(value: $0, text: format.text($0, decimals: ticks.decimals)) }
    return (shown ?? range(ticks.values + [low, high]), isEmpty ? [] : texts)
  }

  private static func xAxis(_ values: [Double], ticks: [Double]?) -> (ClosedRange<Double>, [Tick]) {
    guard let low = values.min(), let high = values.max() else { return (0...1, []) }
    let given = ticks.map(Ticks.init(at:)).flatMap { $0.values.isEmpty ? nil : $0 }
    let ticks = given ?? (low == high ? Ticks(at: [low]) : Ticks.covering(low, high))
    let texts = ticks.values.map { value in
      Tick(value: value, text: ValueFormat.number.text(value, decimals: ticks.decimals))
    }
    return (range(ticks.values + (given == nil ? [] : [low, high])), texts)
  }

  private static func logarithmicAxis(
    _ values: [Double], ticks given: [Double]?
  ) -> (ClosedRange<Double>, [Tick]) {
    guard let low = values.min(), let high = values.max() else { return (0.1...1, []) }
    let range = low < high ? low...high : low / 2...high * 2
    let wanted = given?.filter { $0 > 0 && range.contains($0) } ?? []
    let ticks = wanted.isEmpty ? Ticks.logarithmic(range) : Ticks(at: wanted).values
    return (range, ticks.map { Tick(value: $0, text: ValueFormat.number.text($0)) })
  }

  /// The range of values, never of width 0.
  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    guard low < high else { return (low - max(1, abs(low) / 10))...(high + max(1, abs(high) / 10)) }
    return low...high
  }

  private static func entries(
    _ curves: [Curve], _ references: [LineChart.Reference], isEmpty: Bool
  ) -> [Legend.Entry] {
    if isEmpty { return [] }
    let named = curves.filter { !$0.name.isEmpty && !$0.runs.isEmpty }
    return named.map { Legend.Entry(text: $0.name, kind: .curve($0.style)) }
      + references.enumerated().filter { !$0.element.label.isEmpty }.map {
        Legend.Entry(text: $0.element.label, kind: .reference($0.offset))
      }
  }
}

extension LineChart.Scale {
  /// Where a number lies, before it is fitted to the plot.
  func position(_ x: Double) -> Double { self == .linear ? x : log10(x) }
}

extension LineChart.Series {
  /// The series with gaps where a scale cannot show a point.
  fileprivate func shown(on scale: LineChart.Scale) -> LineChart.Series {
    guard scale == .logarithmic else { return self }
    return .init(name, points.map { $0.x > 0 ? $0 : .init(x: .nan, y: $0.y) })
  }
}
