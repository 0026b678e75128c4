/// Curves of one quantity over another, with confidence bands: what to draw, not how.
///
/// `svg()` and `png(scale:theme:)` draw the same picture from the same layout.
public struct LineChart: Equatable, Sendable {
  /// One value of a curve, with its confidence interval if it has one.
  public struct Point: Equatable, Sendable {
    /// The position along the horizontal axis.
    public var x: Double
    /// The value.
    public var y: Double
    /// The lower end of the interval.
    public var low: Double?
    /// The upper end of the interval.
    public var high: Double?

    /// Makes a point.
    ///
    /// One whose `x` or `y` is not finite is a gap in its curve; an end that is not finite is no interval.
    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }

    /// Makes a point whose interval reaches equally far up and down.
    public init(x: Double, y: Double, halfWidth: Double?) {
      self.init(x: x, y: y, low: halfWidth.map { y - $0 }, high: halfWidth.map { y + $0 })
    }
  }

  /// One curve.
  public struct Series: Equatable, Sendable {
    /// What the legend calls it.
    public var name: String
    /// Its points, in the order they are joined.
    public var points: [Point]

    /// Makes a curve.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A labelled horizontal line, for example the level of chance.
  public struct Reference: Equatable, Sendable {
    /// Where it lies.
    public var y: Double
    /// What it means.
    public var label: String

    /// Makes a line.
    public init(y: Double, label: String) {
      self.y = y
      self.label = label
    }
  }

  /// How numbers lie along an axis.
  public enum Scale: Equatable, Sendable {
    /// Equal differences are equally far apart.
    case linear
    /// Equal ratios are equally far apart; points at zero and below are gaps.
    case logarithmic
  }

  /// The heading.
  public var title: String
  /// What the horizontal axis shows, with its unit.
  public var xLabel: String
  /// What the vertical axis shows, with its unit.
  public var yLabel: String
  /// The curves.
  public var series: [Series]
  /// Horizontal lines to compare with.
  public var references: [Reference]
  /// The values shown, if not all of them; curves are cut off there.
  public var yRange: ClosedRange<Double>?
  /// Where the horizontal axis has ticks, if not at round numbers.
  public var xTicks: [Double]?
  /// How numbers lie along the horizontal axis.
  public var xScale = Scale.linear
  /// How values on the vertical axis are written.
  public var yFormat: ValueFormat
  /// The width of the layout; text has 12 to 17 of these units.
  public var width = 800.0
  /// The least height of the layout; a legend of many long names makes the picture taller.
  public var height = 500.0

  /// Makes a chart.
  ///
  /// - Parameters:
  ///   - title: The heading, wrapped to two lines if need be.
  ///   - xLabel: What the horizontal axis shows.
  ///   - yLabel: What the vertical axis shows.
  ///   - series: The curves, drawn in this order.
  ///   - references: Labelled horizontal lines.
  ///   - yRange: The values to show; nothing for all of them.
  ///   - xTicks: Where the horizontal axis has ticks; nothing for round numbers.
  ///   - yFormat: How values are written.
  public init(
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
