extension LineChart {
  /// The chart as a self-contained SVG file, in light or dark as the reader prefers.
  package func svg() -> String { scene.svg() }

  /// The chart as the bytes of a PNG file.
  ///
  /// - Parameters:
  ///   - scale: Pixels for each unit of the layout; 2 gives 1600 × 1000.
  ///   - theme: Light or dark.
  /// - Returns: The same bytes for the same chart.
  /// - Throws: if the picture would be absurdly large or the encoder fails.
  package func png(scale: Double = 2, theme: Theme = .light) throws(FigureError) -> [UInt8] {
    try scene.png(scale: scale, theme: theme)
  }

  /// The chart as shapes, which every output is drawn from.
  package var scene: Scene { LineChartLayout(self).scene }
}

extension LineChartLayout {
  /// The chart as shapes, from the back to the front.
  var scene: Scene {
    var scene = Scene(width: chart.width, height: height, title: chart.title, summary: summary)
    scene.marks += axes + titles
    if isEmpty {
      let middle = Position((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2)
      scene.marks.append(.text("No data", middle, size: 16, anchor: .middle, paint: .muted))
      return scene
    }
    scene.marks += curves.flatMap(bands) + references.indices.map(referenceLine) + curves.flatMap(lines)
    scene.marks += legendMarks + curves.flatMap(markers) + highlightMarks
    scene.marks += curves.flatMap(hoverTargets)
    return scene
  }

  private var summary: String {
    let lines = curves.compactMap { curve -> String? in
      guard let first = curve.points.first, let last = curve.points.last else { return nil }
      return "\(curve.name): \(chart.yFormat.text(first.y)) at \(ValueFormat.number.text(first.x))"
        + " to \(chart.yFormat.text(last.y)) at \(ValueFormat.number.text(last.x))."
    }
    let axes = "\(chart.yLabel.isEmpty ? "Values" : chart.yLabel) over \(chart.xLabel)."
    return ([axes] + (lines.isEmpty ? ["No data."] : lines)).joined(separator: " ")
  }

  // MARK: Frame

  private var axes: [Mark] {
    var marks: [Mark] = []
    let half = StrokeFont.capHeight * Self.tickSize / 2
    for tick in yTicks {
      // Lines of whole thickness stay crisp when they lie in the middle of a unit.
      let y = crisp(position(xRange.lowerBound, tick.value).y)
      let ends = [Position(plot.left, y), Position(plot.right, y)]
      marks.append(Mark(shape: .polyline(ends), stroke: Stroke(paint: .grid, width: 1)))
      let position = Position(plot.left - 10, y + half)
      marks.append(.text(tick.text, position, size: Self.tickSize, anchor: .end, paint: .muted))
    }
    let bottom = crisp(plot.bottom)
    let axis = Stroke(paint: .muted, width: 1)
    let ends = [Position(plot.left, bottom), Position(plot.right, bottom)]
    marks.append(Mark(shape: .polyline(ends), stroke: axis))
    let widest = xTicks.map { StrokeFont.width(of: $0.text, size: Self.tickSize) }.max() ?? 0
    var free = -Double.infinity
    for tick in xTicks {
      let x = crisp(position(tick.value, yRange.lowerBound).x)
      marks.append(Mark(shape: .polyline([Position(x, bottom), Position(x, bottom + 5)]), stroke: axis))
      // Of labels too close together only some are written.
      guard x - widest / 2 >= free else { continue }
      free = x + widest / 2 + 6
      let position = Position(x, bottom + 10 + StrokeFont.capHeight * Self.tickSize)
      marks.append(.text(tick.text, position, size: Self.tickSize, anchor: .middle, paint: .muted))
    }
    return marks
  }

  private var titles: [Mark] {
    var marks = heading.marks
    let x = StrokeFont.truncated(chart.xLabel, size: Self.labelSize, width: plot.width)
    let middle = (plot.left + plot.right) / 2
    marks.append(
      .text(x, Position(middle, plot.bottom + Self.tickSize + 31), size: Self.labelSize, anchor: .middle))
    let y = StrokeFont.truncated(chart.yLabel, size: Self.labelSize, width: plot.height)
    let position = Position(30, (plot.top + plot.bottom) / 2)
    marks.append(.text(y, position, size: Self.labelSize, anchor: .middle, upwards: true))
    return marks
  }

  private func crisp(_ x: Double) -> Double { x.rounded(.down) + 0.5 }

  // MARK: Data

  private func bands(_ curve: Curve) -> [Mark] {
    curve.bands.flatMap { run -> [Mark] in
      let intervals = run.compactMap { point in
        point.interval.map { (x: point.x, low: $0.low, high: $0.high) }
      }
      if intervals.count == 1 {
        let bar = intervals.map { [position($0.x, $0.low), position($0.x, $0.high)] }
        return bar.flatMap(plot.clip).map {
          Mark(shape: .polyline($0), stroke: Stroke(paint: curve.style.paint, width: 1.6))
        }
      }
      let upper = intervals.map { position($0.x, $0.high) }
      let lower = intervals.reversed().map { position($0.x, $0.low) }
      let outline = plot.clipVertically(polygon: upper + lower)
      return [Mark(shape: .polygon(outline), fill: Fill(paint: curve.style.paint, opacity: 0.16))]
    }
  }

  private func referenceLine(_ index: Int) -> Mark {
    let ends = [references[index].y, references[index].end].map { position(xRange.lowerBound, $0).y }
    // Only a level line can be crisp.
    let (left, right) = ends[0] == ends[1] ? (crisp(ends[0]), crisp(ends[0])) : (ends[0], ends[1])
    return Mark(
      shape: .polyline([Position(plot.left, left), Position(plot.right, right)]),
      stroke: Legend.referenceStroke(index))
  }

  private func lines(_ curve: Curve) -> [Mark] {
    var stroke = curve.style.stroke
    // A dense curve would fill its own zigzags with a thick pen.
    if curve.points.count > 150 { stroke.width = 1.4 }
    return curve.runs.flatMap { run in plot.clip(polyline: run.map { position($0.x, $0.y) }) }
      .map { Mark(shape: .polyline($0), stroke: stroke) }
  }

  private func markers(_ curve: Curve) -> [Mark] {
    curve.marked.map { position($0.x, $0.y) }.filter(plot.contains).map { curve.style.marker(at: $0) }
  }

  /// Invisible discs over the points, so that a pointer finds also those without a marker.
  ///
  /// Of very many points only the marked ones have a disc: the others could not be told apart.
  private func hoverTargets(_ curve: Curve) -> [Mark] {
    (curve.points.count <= 200 ? curve.points : curve.marked).compactMap { point in
      let center = position(point.x, point.y)
      guard plot.contains(center) else { return nil }
      let x = ValueFormat.number.text(point.x)
      var text = "\(curve.name)\n\(chart.xLabel) \(x): \(chart.yFormat.text(point.y))"
      if let (low, high) = point.interval {
        text += " (\(chart.yFormat.text(low)) to \(chart.yFormat.text(high)))"
      }
      return Mark(
        shape: .circle(center: center, radius: 8), fill: Fill(paint: curve.style.paint, opacity: 0),
        tooltip: text)
    }
  }

  /// Rings around the points that stand out, with their words above them, or below where there is no room.
  private var highlightMarks: [Mark] {
    chart.highlights.flatMap { highlight -> [Mark] in
      guard curves.indices.contains(highlight.series), highlight.x.isDrawable, highlight.y.isDrawable else {
        return []
      }
      let center = position(highlight.x, highlight.y)
      guard plot.contains(center) else { return [] }
      let paint = curves[highlight.series].style.paint
      let half = StrokeFont.width(of: highlight.label, size: Self.tickSize) / 2
      let x = min(max(center.x, plot.left + half + 2), plot.right - half - 2)
      let isHigh = center.y - plot.top < 30
      let y = center.y + (isHigh ? 16 + StrokeFont.capHeight * Self.tickSize : -14)
      return [
        Mark(shape: .circle(center: center, radius: 9), stroke: Stroke(paint: paint, width: 2)),
        .text(highlight.label, Position(x, y), size: Self.tickSize, anchor: .middle),
      ]
    }
  }

  // MARK: Legend

  private var legendMarks: [Mark] {
    guard legendIsBeside else {
      let below = height - 20 - Double(legend.grid(width: plot.width).rows) * Legend.rowHeight
      return legend.marksBelow(at: Position(plot.left, below), width: plot.width)
    }
    let ends = legend.entries.map { entry in end(of: entry) }
    let positions = Legend.spread(
      ends.map(\.y), spacing: Legend.rowHeight, within: plot.top...plot.bottom)
    let x = plot.right + 14
    return zip(legend.entries, zip(ends, positions)).flatMap { entry, line in
      var marks = legend.marks(of: entry, at: Position(x, line.1))
      let leader = [line.0, Position(x - 4, line.1)]
      if case .curve(let style) = entry.kind, plot.right - line.0.x < 60, abs(line.0.y - line.1) > 1.5 {
        let stroke = Stroke(paint: style.paint, width: 1, opacity: 0.55)
        marks.insert(Mark(shape: .polyline(leader), stroke: stroke), at: 0)
      }
      return marks
    }
  }

  /// Where the curve or line of an entry ends, moved into the plot.
  private func end(of entry: Legend.Entry) -> Position {
    var end = Position(plot.right, plot.bottom)
    switch entry.kind {
    case .reference(let index): end.y = position(0, references[index].end).y
    case .curve(let style):
      if let last = curves[style.index].points.last { end = position(last.x, last.y) }
    }
    return Position(end.x, min(max(end.y, plot.top), plot.bottom))
  }
}

extension LineChart: Picture {
  /// Narrower is a little lower too, so that curves keep their slopes.
  package func fitted(to width: Double) -> LineChart {
    var copy = self
    copy.width = width
    copy.height = min(height, max(340, height * width / self.width * 1.6))
    return copy
  }
}
