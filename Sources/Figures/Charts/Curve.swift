/// One series made ready for drawing: cut where a point is missing, and styled.
struct Curve {
  let name: String
  let style: SeriesStyle
  /// The stretches between gaps, each with at least one point.
  let runs: [[LineChart.Point]]

  init(_ series: LineChart.Series, index: Int) {
    name = series.name
    style = SeriesStyle(index: index)
    var runs: [[LineChart.Point]] = [[]]
    for point in series.points {
      if point.x.isDrawable, point.y.isDrawable {
        runs[runs.count - 1].append(point)
      } else {
        runs.append([])
      }
    }
    self.runs = runs.filter { !$0.isEmpty }
  }

  var points: [LineChart.Point] { runs.flatMap(\.self) }

  /// Every number on the vertical axis that the curve needs to have room for.
  var extent: [Double] {
    points.flatMap { point in [point.y] + (point.interval.map { [$0.low, $0.high] } ?? []) }
  }

  /// The stretches of neighbouring points that have intervals.
  var bands: [[LineChart.Point]] {
    runs.flatMap { run in run.split { $0.interval == nil }.map(Array.init) }
  }

  /// The points that get a marker: all of a few, about a dozen of many.
  var marked: [LineChart.Point] {
    let points = points
    let step = points.count <= 24 ? 1 : (points.count + 11) / 12
    // Where curves run side by side, markers at the same points would cover each other.
    let offset = step > 1 ? style.index * step / 8 % step : 0
    return stride(from: offset, to: points.count, by: step).map { points[$0] }
  }
}

extension LineChart.Point {
  /// The interval, if it is complete and can be drawn.
  var interval: (low: Double, high: Double)? {
    guard let low, let high, low.isDrawable, high.isDrawable else { return nil }
    return (min(low, high), max(low, high))
  }
}
