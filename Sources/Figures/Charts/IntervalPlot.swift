/// Estimates with their intervals, one row each: a forest plot.
package struct IntervalPlot: Picture, Sendable {
  /// One estimate.
  package struct Row: Sendable {
    package var label: String
    package var value: Double
    package var low: Double
    package var high: Double
    /// Single values behind the estimate, for example one per seed, drawn small.
    package var parts: [Double]
    /// The look of the row: the position of its series in the other charts.
    package var series: Int
    /// Words at the right edge.
    package var note: String

    package init(
      _ label: String, value: Double, low: Double, high: Double, parts: [Double] = [], series: Int,
      note: String = ""
    ) {
      self.label = label
      self.value = value
      self.low = low
      self.high = high
      self.parts = parts
      self.series = series
      self.note = note
    }
  }

  package var title: String
  package var xLabel: String
  package var rows: [Row]
  /// A vertical line, for example where there is no difference.
  package var reference: Double?
  package var format: ValueFormat
  package var width = 800.0

  package init(
    title: String, xLabel: String, rows: [Row], reference: Double? = nil, format: ValueFormat = .percent
  ) {
    self.title = title
    self.xLabel = xLabel
    self.rows = rows
    self.reference = reference
    self.format = format
  }

  package var scene: Scene { IntervalPlotLayout(self).scene }
}

/// Where everything of a forest plot goes.
private struct IntervalPlotLayout {
  private static let rowHeight = 30.0
  private static let textSize = 13.0
  private static let tickSize = 12.0

  let plot: IntervalPlot
  let heading: Heading
  let rows: [IntervalPlot.Row]
  let ticks: Ticks
  let area: Rectangle

  init(_ plot: IntervalPlot) {
    self.plot = plot
    heading = Heading(plot.title, width: plot.width)
    rows = plot.rows.filter { $0.value.isDrawable }
    let values = rows.flatMap { [$0.value, $0.low, $0.high] + $0.parts }.filter(\.isDrawable)
    let all = values + (plot.reference.map { [$0] } ?? [])
    ticks = Ticks.covering(all.min() ?? 0, all.max() ?? 1, slack: 0.15)
    let labels = rows.map { StrokeFont.width(of: $0.label, size: Self.textSize) }.max() ?? 0
    let notes = rows.map { StrokeFont.width(of: $0.note, size: Self.tickSize) }.max() ?? 0
    let left = Heading.edge + min(labels, plot.width * 0.34) + 16
    let right = plot.width - Heading.edge - (notes > 0 ? min(notes, plot.width * 0.3) + 14 : 10)
    area = Rectangle(
      left: left.rounded(), top: heading.bottom, right: max(left + 60, right).rounded(),
      bottom: heading.bottom + Double(max(1, rows.count)) * Self.rowHeight + 8)
  }

  private var range: ClosedRange<Double> {
    let all = ticks.values + rows.flatMap { [$0.value, $0.low, $0.high] + $0.parts }.filter(\.isDrawable)
    return (all.min() ?? 0)...(all.max() ?? 1)
  }

  private func x(_ value: Double) -> Double {
    area.left + (value - range.lowerBound) / (range.upperBound - range.lowerBound) * area.width
  }

  var scene: Scene {
    let height = area.bottom + Self.tickSize + 14 + 23 + Heading.edge
    var scene = Scene(width: plot.width, height: height, title: plot.title, summary: summary)
    scene.marks += heading.marks + axis
    for (i, row) in rows.enumerated() { scene.marks += marks(row, at: i) }
    return scene
  }

  private var summary: String {
    "\(plot.xLabel). "
      + rows.map { row in
        "\(row.label): \(plot.format.text(row.value)) (\(plot.format.text(row.low)) to "
          + "\(plot.format.text(row.high))) \(row.note)."
      }.joined(separator: " ")
  }

  private var axis: [Mark] {
    var marks: [Mark] = []
    let grid = Stroke(paint: .grid, width: 1)
    var free = -Double.infinity
    for tick in ticks.values {
      let column = x(tick).rounded(.down) + 0.5
      let ends = [Position(column, area.top), Position(column, area.bottom)]
      marks.append(Mark(shape: .polyline(ends), stroke: grid))
      let text = plot.format.text(tick, decimals: ticks.decimals)
      let half = StrokeFont.width(of: text, size: Self.tickSize) / 2
      guard column - half >= free else { continue }
      free = column + half + 6
      let base = Position(column, area.bottom + 10 + StrokeFont.capHeight * Self.tickSize)
      marks.append(.text(text, base, size: Self.tickSize, anchor: .middle, paint: .muted))
    }
    if let reference = plot.reference {
      let column = x(reference).rounded(.down) + 0.5
      let ends = [Position(column, area.top), Position(column, area.bottom)]
      marks.append(Mark(shape: .polyline(ends), stroke: Stroke(paint: .muted, width: 1.4)))
    }
    let label = StrokeFont.truncated(plot.xLabel, size: Self.textSize, width: plot.width - 2 * Heading.edge)
    let half = StrokeFont.width(of: label, size: Self.textSize) / 2
    // Centred under the plot as far as the edges allow.
    let middle = min(
      max((area.left + area.right) / 2, Heading.edge + half), plot.width - Heading.edge - half)
    marks.append(
      .text(label, Position(middle, area.bottom + Self.tickSize + 31), size: Self.textSize, anchor: .middle))
    return marks
  }

  private func marks(_ row: IntervalPlot.Row, at index: Int) -> [Mark] {
    let y = area.top + (Double(index) + 0.5) * Self.rowHeight + 4
    let style = SeriesStyle(index: row.series)
    let base = y + StrokeFont.capHeight * Self.textSize / 2
    let name = StrokeFont.truncated(row.label, size: Self.textSize, width: area.left - Heading.edge - 14)
    var marks = [Mark.text(name, Position(area.left - 14, base), size: Self.textSize, anchor: .end)]
    if row.low.isDrawable, row.high.isDrawable, row.low < row.high {
      let (low, high) = (x(row.low), x(row.high))
      let stroke = Stroke(paint: style.paint, width: 2.2)
      marks.append(Mark(shape: .polyline([Position(low, y), Position(high, y)]), stroke: stroke))
      for end in [low, high] {
        marks.append(
          Mark(shape: .polyline([Position(end, y - 5), Position(end, y + 5)]), stroke: stroke))
      }
    }
    for part in row.parts where part.isDrawable {
      marks.append(
        Mark(
          shape: .circle(center: Position(x(part), y + 9), radius: 2.2),
          fill: Fill(paint: style.paint, opacity: 0.6)))
    }
    let text =
      "\(row.label)\n\(plot.format.text(row.value)) (\(plot.format.text(row.low)) to "
      + "\(plot.format.text(row.high)))" + (row.note.isEmpty ? "" : "\n\(row.note)")
    marks.append(style.marker(at: Position(x(row.value), y)))
    let target = [
      Position(area.left, y - 13), Position(area.right, y - 13), Position(area.right, y + 13),
      Position(area.left, y + 13),
    ]
    marks.append(
      Mark(shape: .polygon(target), fill: Fill(paint: style.paint, opacity: 0), tooltip: text))
    if !row.note.isEmpty {
      let note = StrokeFont.truncated(
        row.note, size: Self.tickSize, width: plot.width - Heading.edge - area.right - 10)
      let position = Position(plot.width - Heading.edge, base)
      marks.append(.text(note, position, size: Self.tickSize, anchor: .end, paint: .muted))
    }
    return marks
  }
}
