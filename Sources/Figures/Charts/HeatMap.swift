/// Numbers in a grid of shaded cells: rows of conditions, columns of arms.
package struct HeatMap: Picture, Sendable {
  /// One row of cells.
  package struct Row: Sendable {
    package var label: String
    /// One value per column; nil where nothing was measured.
    package var values: [Double?]
    /// What a cell says when pointed at, one per column.
    package var notes: [String]
    /// Whether there is a gap above this row.
    package var startsGroup: Bool

    package init(_ label: String, _ values: [Double?], notes: [String] = [], startsGroup: Bool = false) {
      self.label = label
      self.values = values
      self.notes = notes
      self.startsGroup = startsGroup
    }
  }

  package var title: String
  /// The headings of the columns.
  package var columns: [String]
  /// What the rows and the columns stand for, written on the axes.
  package var rowLabel: String
  package var columnLabel: String
  package var rows: [Row]
  /// What the shades mean, with the unit.
  package var valueLabel: String
  package var format: ValueFormat
  /// The decimals of the numbers in the cells.
  package var decimals: Int
  package var width = 800.0

  package init(
    title: String, rowLabel: String = "", columnLabel: String = "", columns: [String], rows: [Row],
    valueLabel: String, format: ValueFormat = .percent, decimals: Int = 3
  ) {
    self.title = title
    self.rowLabel = rowLabel
    self.columnLabel = columnLabel
    self.columns = columns
    self.rows = rows
    self.valueLabel = valueLabel
    self.format = format
    self.decimals = decimals
  }

  package var scene: Scene { HeatMapLayout(self).scene }
}

/// Where everything of a heat map goes.
private struct HeatMapLayout {
  private static let textSize = 12.0
  private static let cellHeight = 24.0
  private static let groupGap = 8.0

  let map: HeatMap
  let heading: Heading
  let range: ClosedRange<Double>
  let left: Double
  let cellWidth: Double
  let columnsUp: Bool
  let top: Double
  let cellSize: Double

  init(_ map: HeatMap) {
    self.map = map
    heading = Heading(map.title, width: map.width)
    let values = map.rows.flatMap(\.values).compactMap(\.self).filter(\.isDrawable)
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    range = low < high ? low...high : low...(low + 1)
    let labels = map.rows.map { StrokeFont.width(of: $0.label, size: Self.textSize) }.max() ?? 0
    let labelRoom = min(labels, map.width * 0.36)
    left = (Heading.edge + (map.rowLabel.isEmpty ? 0 : 22) + labelRoom + 12).rounded()
    let count = Double(max(1, map.columns.count))
    cellWidth = max(18, (map.width - left - Heading.edge) / count)
    let widest = map.columns.map { StrokeFont.width(of: $0, size: Self.textSize) }.max() ?? 0
    columnsUp = widest > cellWidth - 8
    let header = columnsUp ? min(widest, 170) + 12 : Self.textSize + 14
    top = heading.bottom + (map.columnLabel.isEmpty ? 0 : 22) + header
    // Numbers shrink with narrow cells, but stay legible.
    let room = cellWidth - 6
    let number = values.map { StrokeFont.width(of: Self.number($0, map), size: 1) }.max() ?? 1
    cellSize = min(Self.textSize, room / number)
  }

  private static func number(_ value: Double, _ map: HeatMap) -> String {
    // The unit is in the legend; cells have room for digits only.
    let text = map.format.text(value, decimals: map.decimals)
    return text.hasSuffix("%") ? String(text.dropLast()) : text
  }

  private func rowTop(_ row: Int) -> Double {
    let gaps = map.rows.prefix(row + 1).dropFirst().count { $0.startsGroup }
    return top + Double(row) * Self.cellHeight + Double(gaps) * Self.groupGap
  }

  private var bottom: Double { map.rows.isEmpty ? top : rowTop(map.rows.count - 1) + Self.cellHeight }

  var scene: Scene {
    let height = (bottom + 34 + 12 + 20 + Heading.edge + 12).rounded()
    var scene = Scene(width: map.width, height: height, title: map.title, summary: summary)
    scene.marks += heading.marks + labels
    for (row, line) in map.rows.enumerated() {
      for (column, value) in line.values.enumerated() {
        scene.marks += cell(value, line, row, column)
      }
    }
    scene.marks += legend
    return scene
  }

  private var summary: String {
    let rows = map.rows.map { row in
      let cells = zip(map.columns, row.values).map { column, value in
        "\(column) \(value.map { map.format.text($0) } ?? "not measured")"
      }
      return "\(row.label): \(cells.joined(separator: ", "))."
    }
    return "\(map.valueLabel). " + rows.joined(separator: " ")
  }

  private func cell(_ value: Double?, _ line: HeatMap.Row, _ row: Int, _ column: Int) -> [Mark] {
    let (x, y) = (left + Double(column) * cellWidth, rowTop(row))
    let corners = [
      Position(x + 1, y + 1), Position(x + cellWidth - 1, y + 1),
      Position(x + cellWidth - 1, y + Self.cellHeight - 1), Position(x + 1, y + Self.cellHeight - 1),
    ]
    let middle = Position(x + cellWidth / 2, y + Self.cellHeight / 2 + StrokeFont.capHeight * cellSize / 2)
    let name = map.columns.indices.contains(column) ? map.columns[column] : ""
    guard let value, value.isDrawable else {
      let tooltip = "\(line.label)\n\(name): not measured"
      return [
        Mark(
          shape: .polygon(corners), stroke: Stroke(paint: .grid, width: 1),
          fill: Fill(paint: .paper), tooltip: tooltip),
        .text("–", middle, size: cellSize, anchor: .middle, paint: .muted),
      ]
    }
    let shade = ColorScale.index(of: value, in: range)
    let note = line.notes.indices.contains(column) ? "\n" + line.notes[column] : ""
    let text = "\(line.label)\n\(name): \(map.format.text(value))\(note)"
    return [
      Mark(shape: .polygon(corners), fill: Fill(paint: .scale(shade)), tooltip: text),
      .text(Self.number(value, map), middle, size: cellSize, anchor: .middle, paint: .onScale(shade)),
    ]
  }

  private var labels: [Mark] {
    var marks: [Mark] = []
    let edge = Heading.edge + (map.rowLabel.isEmpty ? 0 : 22)
    for (i, row) in map.rows.enumerated() {
      let y = rowTop(i) + Self.cellHeight / 2 + StrokeFont.capHeight * Self.textSize / 2
      let text = StrokeFont.truncated(row.label, size: Self.textSize, width: left - 11 - edge)
      marks.append(.text(text, Position(left - 10, y), size: Self.textSize, anchor: .end))
    }
    for (i, column) in map.columns.enumerated() {
      let x = left + (Double(i) + 0.5) * cellWidth
      if columnsUp {
        let text = StrokeFont.truncated(column, size: Self.textSize, width: 170)
        let position = Position(x + StrokeFont.capHeight * Self.textSize / 2, top - 8)
        marks.append(.text(text, position, size: Self.textSize, upwards: true))
      } else {
        marks.append(.text(column, Position(x, top - 8), size: Self.textSize, anchor: .middle))
      }
    }
    if !map.columnLabel.isEmpty {
      let position = Position(left + Double(map.columns.count) * cellWidth / 2, heading.bottom + 12)
      marks.append(.text(map.columnLabel, position, size: 13, anchor: .middle, paint: .muted))
    }
    if !map.rowLabel.isEmpty {
      let position = Position(Heading.edge + 10, (top + bottom) / 2)
      marks.append(.text(map.rowLabel, position, size: 13, anchor: .middle, upwards: true, paint: .muted))
    }
    return marks
  }

  /// A bar of all shades with its ends and its meaning.
  private var legend: [Mark] {
    let (y, width) = (bottom + 34, min(240, map.width - 2 * Heading.edge - 40))
    // It stands under the cells where there is room for its words, else at the left edge.
    let words = StrokeFont.width(of: map.valueLabel, size: Self.textSize)
    let x = left + max(width, words) <= map.width - Heading.edge ? left : Heading.edge
    let step = width / Double(ColorScale.count)
    var marks = (0..<ColorScale.count).map { i -> Mark in
      let (a, b) = (x + Double(i) * step, x + Double(i + 1) * step + (i + 1 < ColorScale.count ? 0.5 : 0))
      let corners = [Position(a, y), Position(b, y), Position(b, y + 10), Position(a, y + 10)]
      return Mark(shape: .polygon(corners), fill: Fill(paint: .scale(i)))
    }
    let base = y + 26
    let ends = [range.lowerBound, range.upperBound].map { map.format.text($0, decimals: map.decimals) }
    marks.append(.text(ends[0], Position(x, base), size: Self.textSize, paint: .muted))
    marks.append(.text(ends[1], Position(x + width, base), size: Self.textSize, anchor: .end, paint: .muted))
    let label = StrokeFont.truncated(
      map.valueLabel, size: Self.textSize, width: map.width - x - Heading.edge)
    marks.append(.text(label, Position(x, y - 6), size: Self.textSize, paint: .muted))
    return marks
  }
}
