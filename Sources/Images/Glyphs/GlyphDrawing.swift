import Randomness

/// How far one image of a character may vary.
struct Handwriting {
  /// How far a whole stroke varies, in units of the character's size.
  var strokeStray = 0.1

  /// How far each control point varies in addition.
  var pointStray = 0.1

  /// Least and greatest size in pixels.
  var size = (13.0, 20.0)

  /// How much the width may differ from the height, as a share.
  var stretch = 0.2

  /// Greatest slant: how far the top moves sideways against the bottom.
  var slant = 0.3

  /// Greatest tilt of the line of writing.
  var tilt = 0.2

  /// How far the centre varies, in pixels.
  var shift = 2.5

  /// Least and greatest half thickness of the pen, in pixels.
  var pen = (0.6, 1.2)

  /// An image of the character, with random variation in every part.
  ///
  /// - Returns: `[28, 28]`, dark ink on white paper.
  func write(_ glyph: Glyph, _ stream: inout RandomStream) -> [UInt8] {
    let size = stream.uniform(size.0, size.1)
    let stretch = stream.uniform(-stretch, stretch)
    let slant = stream.uniform(-slant, slant)
    let tilt = stream.uniform(-tilt, tilt)
    let centre = Point(
      x: 13.5 + stream.uniform(-shift, shift), y: 13.5 + stream.uniform(-shift, shift))
    let pen = stream.uniform(pen.0, pen.1)
    let strokes = glyph.strokes.map { stroke in
      let stray = Point(
        x: stream.uniform(-strokeStray, strokeStray), y: stream.uniform(-strokeStray, strokeStray))
      let points = stroke.points.map { point in
        let x = point.x + stray.x + stream.uniform(-pointStray, pointStray)
        let y = point.y + stray.y + stream.uniform(-pointStray, pointStray)
        let wide = x * (1 + stretch) - slant * y
        let high = y * (1 - stretch) + tilt * x
        return Point(x: centre.x + size * wide, y: centre.y + size * high)
      }
      return Stroke(points: points)
    }
    return draw(strokes, pen: pen)
  }
}

/// Side of a glyph image in pixels.
let glyphSide = 28

/// Strokes drawn with a round pen, edges softened over one pixel.
///
/// - Returns: `[28, 28]`: 255 on paper, 0 under full ink.
func draw(_ strokes: [Stroke], pen: Double) -> [UInt8] {
  var nearest = [Double](repeating: 1e9, count: glyphSide * glyphSide)
  let reach = pen + 1
  for stroke in strokes {
    let line = stroke.polyline()
    for (a, b) in zip(line, line.dropFirst()) {
      for y in pixels(min(a.y, b.y) - reach, max(a.y, b.y) + reach) {
        for x in pixels(min(a.x, b.x) - reach, max(a.x, b.x) + reach) {
          let distance = squaredDistance(Point(x: Double(x), y: Double(y)), a, b)
          nearest[y * glyphSide + x] = min(nearest[y * glyphSide + x], distance)
        }
      }
    }
  }
  return nearest.map { squared in
    let cover = min(1, max(0, pen + 0.5 - squared.squareRoot()))
    return UInt8(255 - Int(cover * 255 + 0.5))
  }
}

/// The rows or columns of the image between two coordinates.
private func pixels(_ low: Double, _ high: Double) -> ClosedRange<Int> {
  let last = glyphSide - 1
  let first = Int(min(Double(last), max(0, low)))
  return first...max(first, Int(min(Double(last), max(0, high))))
}

/// The squared distance of a point from the straight line between two others.
private func squaredDistance(_ p: Point, _ a: Point, _ b: Point) -> Double {
  let (along, from) = (b - a, p - a)
  let length = along.x * along.x + along.y * along.y
  var t = 0.0
  if length > 0 { t = min(1, max(0, (from.x * along.x + from.y * along.y) / length)) }
  let (dx, dy) = (from.x - t * along.x, from.y - t * along.y)
  return dx * dx + dy * dy
}
