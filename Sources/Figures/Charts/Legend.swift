import Foundation

/// The names of curves and reference lines beside samples of how they are drawn.
///
/// Short names stand to the right of the plot, each as near as possible to the end of its curve. Long or many
/// names go below the plot in columns.
package struct Legend {
  struct Entry {
    enum Kind {
      case curve(SeriesStyle)
      /// The number of the reference line.
      case reference(Int)
    }
    let text: String
    let kind: Kind
  }

  static let sampleWidth = 30.0
  static let rowHeight = 19.0
  static let textSize = 13.0

  /// How a reference line is drawn: all in one colour, each with dashes of its own.
  static func referenceStroke(_ index: Int) -> Stroke {
    Stroke(paint: .muted, width: 1.4, dash: referenceDashes[index % referenceDashes.count])
  }

  private static let referenceDashes: [[Double]] = [[6, 5], [1.5, 4], [12, 4, 1.5, 4]]
  private static let gap = 8.0
  private static let columnGap = 26.0
  private static let widestBeside = 170.0

  let entries: [Entry]

  private var widestText: Double {
    entries.map { StrokeFont.width(of: $0.text, size: Self.textSize) }.max() ?? 0
  }

  /// Whether the entries stand beside a plot of this height.
  func isBeside(height: Double) -> Bool {
    widestText <= Self.widestBeside && Double(entries.count) * Self.rowHeight <= height
  }

  /// The width of the column beside the plot.
  var widthBeside: Double { Self.sampleWidth + Self.gap + widestText }

  /// The rows and columns below a plot, when this width is there for them.
  func grid(width: Double) -> (rows: Int, columns: Int, columnWidth: Double) {
    let widest = min(width, Self.sampleWidth + Self.gap + widestText + Self.columnGap)
    let columns = max(1, min(entries.count, Int(width / max(1, widest))))
    return ((entries.count + columns - 1) / columns, columns, widest)
  }

  /// Entries in columns, with the first in the upper left corner.
  func marksBelow(at corner: Position, width: Double) -> [Mark] {
    let (rows, _, columnWidth) = grid(width: width)
    let space = columnWidth - Self.sampleWidth - Self.gap
    return entries.enumerated().flatMap { i, entry in
      let x = corner.x + Double(i / rows) * columnWidth
      let y = corner.y + (Double(i % rows) + 0.5) * Self.rowHeight
      return marks(of: entry, at: Position(x, y), width: space)
    }
  }

  /// One sample with its name, centred on the height of a position.
  func marks(of entry: Entry, at position: Position, width: Double = widestBeside) -> [Mark] {
    let end = Position(position.x + Self.sampleWidth, position.y)
    let text = StrokeFont.truncated(entry.text, size: Self.textSize, width: width)
    let baseLine = position.y + StrokeFont.capHeight * Self.textSize / 2
    let label = Mark.text(text, Position(end.x + Self.gap, baseLine), size: Self.textSize)
    switch entry.kind {
    case .reference(let index):
      return [Mark(shape: .polyline([position, end]), stroke: Self.referenceStroke(index)), label]
    case .curve(let style):
      let middle = Position(position.x + Self.sampleWidth / 2, position.y)
      // Two halves from the middle outwards, so that the dashes lie evenly around the marker.
      return [
        Mark(shape: .polyline([middle, position]), stroke: style.stroke),
        Mark(shape: .polyline([middle, end]), stroke: style.stroke),
        style.marker(at: middle, tooltip: entry.text), label,
      ]
    }
  }

  /// Heights as near as possible to the wanted ones, at least `spacing` apart and within limits.
  ///
  /// Entries that would collide form a block around the mean of what they want.
  package static func spread(_ wanted: [Double], spacing: Double, within limits: ClosedRange<Double>)
    -> [Double]
  {
    var blocks: [(mean: Double, count: Double)] = []
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    for (rank, i) in order.enumerated() {
      // Less its rank's share of the spacing, each entry wants the position where its block begins.
      blocks.append((wanted[i] - Double(rank) * spacing, 1))
      while blocks.count > 1, blocks[blocks.count - 1].mean < blocks[blocks.count - 2].mean {
        let (upper, lower) = (blocks[blocks.count - 2], blocks.removeLast())
        let count = upper.count + lower.count
        blocks[blocks.count - 1] = ((upper.mean * upper.count + lower.mean * lower.count) / count, count)
      }
    }
    let starts = blocks.flatMap { [Double](repeating: $0.mean, count: Int($0.count)) }
    let last = limits.upperBound - Double(wanted.count - 1) * spacing
    var positions = wanted
    for (rank, i) in order.enumerated() {
      positions[i] = max(limits.lowerBound, min(last, starts[rank])) + Double(rank) * spacing
    }
    return positions
  }
}

extension Mark {
  /// A line of text in one colour.
  static func text(
    _ text: String, _ position: Position, size: Double, anchor: Label.Anchor = .start, bold: Bool = false,
    upwards: Bool = false, paint: Paint = .ink
  ) -> Mark {
    let label = Label(
      text: text, position: position, size: size, anchor: anchor, bold: bold, upwards: upwards)
    return Mark(shape: .text(label), fill: Fill(paint: paint))
  }
}
