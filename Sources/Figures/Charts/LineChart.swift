/// Curves of one quantity over another, with confidence bands: what to draw, not how.
///
/// `svg()` and `png(scale:theme:)` draw the same picture from the same layout.
package struct LineChart: Equatable, Sendable {
  /// One value of a curve, with its confidence interval if it has one.
  package struct Point: Equatable, Sendable {
    /// The position along the horizontal axis.
    package var x: Double
    /// The value, along the vertical axis.
    package var y: Double
    /// The lower end of the interval.
    package var low: Double?
    /// The upper end of the interval.
    package var high: Double?

    /// Makes a point.
    ///
    /// One whose `x` or `y` is not finite is a gap in its curve; an interval with an end that is not finite is not drawn.
    package init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }

    /// Makes a point whose interval reaches equally far up and down.
    package init(x: Double, y: Double, halfWidth: Double?) {
      self.init(x: x, y: y, low: halfWidth.map { y - $0 }, high: halfWidth.map { y + $0 })
    }
  }

  /// One curve with its name.
  package struct Series: Equatable, Sendable {
    /// Its name in the legend.
    package var name: String
    /// Its points, in the order they are joined.
    package var points: [Point]

    /// A curve through points.
    package init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A labelled line from edge to edge, for example the level of chance.
  package struct Reference: Equatable, Sendable {
    /// Its value at the left edge.
    package var y: Double
    /// Its value at the right edge; a horizontal line has the same.
    package var end: Double
    /// Its meaning, shown in the legend.
    package var label: String

    /// A reference line: horizontal unless it ends elsewhere.
    package init(y: Double, end: Double? = nil, label: String) {
      self.y = y
      self.end = end ?? y
      self.label = label
    }
  }

  /// A point that stands out: it gets a ring and a few words.
  package struct Highlight: Equatable, Sendable {
    /// The number of its series.
    package var series: Int
    package var x: Double
    package var y: Double
    package var label: String

    /// From its parts.
    package init(series: Int, x: Double, y: Double, label: String) {
      self.series = series
      self.x = x
      self.y = y
      self.label = label
    }
  }

  /// How numbers lie along an axis.
  package enum Scale: Equatable, Sendable {
    /// Equal differences are equally far apart.
    case linear
    /// Equal ratios are equally far apart; points at zero and below are gaps.
    case logarithmic
  }

  /// The heading.
  package var title: String
  /// What the horizontal axis shows, with its unit.
  package var xLabel: String
  /// What the vertical axis shows, with its unit.
  package var yLabel: String
  /// The curves.
  package var series: [Series]
  /// Lines to compare with.
  package var references: [Reference]
  /// The values shown, if not all of them; curves are cut off there.
  package var yRange: ClosedRange<Double>?
  /// Where the horizontal axis has ticks, if not at round numbers.
  package var xTicks: [Double]?
  /// How numbers lie along the horizontal axis.
  package var xScale = Scale.linear
  /// How values on the vertical axis are written.
  package var yFormat: ValueFormat
  /// Points that stand out.
  package var highlights: [Highlight] = []
  /// The width of the layout; text has 12 to 17 of these units.
  package var width = 800.0
  /// The least height of the layout; a legend of many long names makes the picture taller.
  package var height = 500.0

  /// Makes a chart.
  ///
  /// - Parameters:
  ///   - title: The heading, wrapped to two lines if need be.
  ///   - xLabel: What the horizontal axis shows.
  ///   - yLabel: What the vertical axis shows.
  ///   - series: The curves, drawn in this order.
  ///   - references: Labelled lines from edge to edge.
  ///   - yRange: The values to show; nothing for all of them.
  ///   - xTicks: Where the horizontal axis has ticks; nothing for round numbers.
  ///   - yFormat: How values are written.
  package init(
    title: String, xLabel: String, yLabel: String, series: [Series], references: [Reference] = [],
    yRange: ClosedRange<Double>? = nil, xTicks: [Double]? = nil, yFormat: ValueFormat = .number
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.references = references
    self.yRange = yRange
    self.xTicks = xTicks
    self.yFormat = yFormat
  }
}
