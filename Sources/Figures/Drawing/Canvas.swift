/// Pixels to draw a scene on.
package struct Canvas {
  package let width: Int
  package let height: Int
  private let scale: Double
  private let theme: Theme
  /// Red, green and blue of each pixel, row by row, from 0 to 255.
  private var values: [Float]

  /// Draws a scene.
  package init(_ scene: Scene, scale: Double, theme: Theme) {
    width = max(1, Int((scene.width * scale).rounded()))
    height = max(1, Int((scene.height * scale).rounded()))
    self.scale = scale
    self.theme = theme
    let paper = theme.color(.paper)
    values = [Float](repeating: 0, count: width * height * 3)
    for i in 0..<width * height {
      values[3 * i] = Float(paper.red)
      values[3 * i + 1] = Float(paper.green)
      values[3 * i + 2] = Float(paper.blue)
    }
    for mark in scene.marks { draw(mark) }
  }

  /// The picture as bytes, three a pixel.
  package var bytes: [UInt8] { values.map { UInt8(min(max($0, 0), 255) + 0.5) } }

  private mutating func draw(_ mark: Mark) {
    if let fill = mark.fill, fill.opacity > 0 { draw(mark.shape, fill: fill) }
    guard let stroke = mark.stroke else { return }
    switch mark.shape {
    case .polyline(let points): draw(line: points, stroke)
    case .polygon(let points): draw(line: points + points.prefix(2), stroke)
    case .circle(let center, let radius):
      draw(line: SeriesStyle.regular(center, corners: 48, radius: radius, turned: 0, closed: true), stroke)
    case .text: break
    }
  }

  private mutating func draw(_ shape: Shape, fill: Fill) {
    switch shape {
    case .polyline: break
    case .polygon(let points):
      let points = points.map(scaled)
      var mask = coverage(around: points, margin: 1)
      mask.addPolygon(points)
      blend(mask, fill.paint, opacity: fill.opacity)
    case .circle(let center, let radius):
      let center = scaled(center)
      var mask = coverage(around: [center], margin: radius * scale + 1)
      mask.addDisc(center: center, radius: radius * scale)
      blend(mask, fill.paint, opacity: fill.opacity)
    case .text(let label): draw(label, fill)
    }
  }

  private mutating func draw(line points: [Position], _ stroke: Stroke) {
    let thickness = stroke.width * scale
    let points = points.map(scaled)
    var mask = coverage(around: points, margin: thickness / 2 + 1)
    for piece in dashes(points, stroke.dash.map { $0 * scale }) {
      mask.addStroke(piece, thickness: thickness)
    }
    blend(mask, stroke.paint, opacity: stroke.opacity)
  }

  private mutating func draw(_ label: Label, _ fill: Fill) {
    let shift =
      switch label.anchor {
      case .start: 0.0
      case .middle: -label.width / 2
      case .end: -label.width
      }
    let strokes = StrokeFont.strokes(of: label.text, size: label.size, bold: label.bold).map { stroke in
      stroke.map { p in
        let (x, y) = label.upwards ? (p.y, -(p.x + shift)) : (p.x + shift, p.y)
        return scaled(Position(label.position.x + x, label.position.y + y))
      }
    }
    let thickness = StrokeFont.thickness(size: label.size, bold: label.bold) * scale
    // One mask for the whole line: strokes that cross are not painted twice.
    var mask = coverage(around: strokes.flatMap(\.self), margin: thickness / 2 + 1)
    for stroke in strokes { mask.addStroke(stroke, thickness: thickness) }
    blend(mask, fill.paint, opacity: fill.opacity)
  }

  private func scaled(_ p: Position) -> Position { Position(p.x * scale, p.y * scale) }

  private func coverage(around points: [Position], margin: Double) -> Coverage {
    Coverage(around: points, margin: margin, canvasWidth: width, canvasHeight: height)
  }

  private mutating func blend(_ mask: Coverage, _ paint: Paint, opacity: Double) {
    let color = theme.color(paint)
    let channels = [Float(color.red), Float(color.green), Float(color.blue)]
    for row in 0..<mask.height {
      for column in 0..<mask.width {
        let share = min(1, mask.values[row * mask.width + column]) * Float(opacity)
        guard share > 0 else { continue }
        let pixel = 3 * ((row + mask.top) * width + column + mask.left)
        for k in 0..<3 { values[pixel + k] += share * (channels[k] - values[pixel + k]) }
      }
    }
  }
}

/// The inked pieces of a dashed line.
private func dashes(_ points: [Position], _ pattern: [Double]) -> [[Position]] {
  guard !pattern.isEmpty, pattern.allSatisfy({ $0 > 0 }) else { return [points] }
  var pieces: [[Position]] = []
  var (index, left) = (0, pattern[0])
  var current = Array(points.prefix(1))
  for (a, b) in zip(points, points.dropFirst()) {
    let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
    var done = 0.0
    while length - done > left {
      done += left
      let p = Position(a.x + (b.x - a.x) * done / length, a.y + (b.y - a.y) * done / length)
      if index % 2 == 0 { pieces.append(current + [p]) }
      current = [p]
      index += 1
      left = pattern[index % pattern.count]
    }
    left -= length - done
    if index % 2 == 0 { current.append(b) } else { current = [b] }
  }
  if index % 2 == 0 { pieces.append(current) }
  return pieces
}
