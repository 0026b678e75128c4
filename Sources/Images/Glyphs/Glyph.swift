import Randomness

/// A point of the drawing plane, x to the right and y downwards.
struct Point: Hashable {
  var x: Double
  var y: Double

  static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
}

/// One movement of the pen: cubic curves end to end, 3n + 1 control points.
struct Stroke: Hashable {
  var points: [Point]

  /// The ends of all curves, where another stroke may begin.
  var joints: [Point] { stride(from: 0, to: points.count, by: 3).map { points[$0] } }

  /// Points along the curves, close enough that straight lines between them look round.
  func polyline(steps: Int = 10) -> [Point] {
    var result = [points[0]]
    for start in stride(from: 0, to: points.count - 1, by: 3) {
      for step in 1...steps {
        let t = Double(step) / Double(steps)
        let s = 1 - t
        let (a, b, c, d) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
        let (p, q, r, u) = (points[start], points[start + 1], points[start + 2], points[start + 3])
        result.append(
          Point(x: a * p.x + b * q.x + c * r.x + d * u.x, y: a * p.y + b * q.y + c * r.y + d * u.y))
      }
    }
    return result
  }
}

/// A character of an unknown alphabet: the strokes every writer of it has in mind.
///
/// Only + − × ÷ of IEEE doubles in a fixed order are used here and in drawing, so every machine makes the
/// same strokes and the same bytes.
struct Glyph: Hashable {
  /// In a box of size 1 around the origin.
  let strokes: [Stroke]

  /// Invents a character.
  ///
  /// - Parameters:
  ///   - stream: Where chance comes from.
  ///   - relative: A character that this one resembles: all but one of its strokes are taken over.
  init(_ stream: inout RandomStream, resembling relative: Glyph?) {
    var strokes: [Stroke]
    if let relative {
      strokes = relative.strokes
      let position = stream.below(strokes.count)
      let isAdded = strokes.count < 3 && stream.below(3) == 0
      if !isAdded { strokes.remove(at: position) }
      strokes.append(Self.stroke(&stream, beside: strokes))
    } else {
      strokes = []
      let count = [1, 2, 2, 2, 3, 3, 3, 4][stream.below(8)]
      for _ in 0..<count { strokes.append(Self.stroke(&stream, beside: strokes)) }
    }
    self.strokes = Self.centred(strokes)
  }

  /// The movements of the pen that characters are made of, each in a box from 0 to 1.
  private static let movements: [[(Double, Double)]] = [
    // Straight lines, twice as frequent as anything else.
    [(0.5, 0), (0.5, 0.3), (0.5, 0.7), (0.5, 1)],
    [(0.5, 0), (0.45, 0.3), (0.55, 0.7), (0.5, 1)],
    // A bow and a cup.
    [(0.2, 0), (0.9, 0.25), (0.9, 0.75), (0.2, 1)],
    [(0, 0), (0, 1.3), (1, 1.3), (1, 0)],
    // A hook: down, then round.
    [(0.75, 0), (0.75, 0.25), (0.75, 0.45), (0.75, 0.65), (0.75, 1.1), (0.15, 1.1), (0.1, 0.7)],
    // A double bend.
    [(1, 0.05), (-0.6, -0.1), (1.6, 1.1), (0, 0.95)],
    // A closed loop.
    [(0.5, 0), (1.2, 0), (1.2, 1), (0.5, 1), (-0.2, 1), (-0.2, 0), (0.5, 0)],
    // An angle of two lines.
    [(0, 0), (0.3, 0.17), (0.7, 0.33), (1, 0.5), (0.7, 0.67), (0.3, 0.83), (0, 1)],
    // A corner of two lines.
    [(0, 0), (0, 0.3), (0, 0.7), (0, 1), (0.3, 1), (0.7, 1), (1, 1)],
    // A curl inwards.
    [(0.55, 0.45), (0.95, 0.2), (0.4, -0.2), (0.1, 0.35), (-0.2, 1), (0.9, 1.3), (1, 0.5)],
    // A loop with a tail, as in a handwritten l.
    [(0, 1), (0.6, 0.8), (1.1, 0.1), (0.6, 0), (0.1, 0), (0.3, 0.8), (1, 1)],
    // A wave.
    [(0, 0.6), (0.2, -0.2), (0.35, 0), (0.5, 0.5), (0.65, 1), (0.8, 1.2), (1, 0.4)],
  ]

  /// A movement, turned or mirrored, of its own size and shape, mostly joined to a stroke already there.
  private static func stroke(_ stream: inout RandomStream, beside others: [Stroke]) -> Stroke {
    let movement = movements[stream.below(movements.count)]
    let symmetry = stream.below(8)
    let width = stream.uniform(0.35, 0.95)
    let height = stream.uniform(0.35, 0.95)
    var points = movement.map { x, y in
      let bent = Point(x: x - 0.5 + stream.uniform(-0.1, 0.1), y: y - 0.5 + stream.uniform(-0.1, 0.1))
      var p = symmetry & 1 == 0 ? bent : Point(x: -bent.x, y: bent.y)
      if symmetry & 2 != 0 { p = Point(x: p.x, y: -p.y) }
      if symmetry & 4 != 0 { p = Point(x: p.y, y: p.x) }
      return Point(x: p.x * width, y: p.y * height)
    }
    var shift = Point(x: stream.uniform(-0.4, 0.4), y: stream.uniform(-0.4, 0.4))
    let joints = others.flatMap(\.joints)
    if !joints.isEmpty, stream.below(10) < 7 {
      let own = Stroke(points: points).joints
      shift = joints[stream.below(joints.count)] - own[stream.below(own.count)]
    }
    points = points.map { $0 + shift }
    return Stroke(points: points)
  }

  /// Strokes moved and scaled so that their longer extent is 1 around the origin.
  private static func centred(_ strokes: [Stroke]) -> [Stroke] {
    let points = strokes.flatMap { $0.polyline() }
    var (low, high) = (points[0], points[0])
    for p in points {
      low = Point(x: min(low.x, p.x), y: min(low.y, p.y))
      high = Point(x: max(high.x, p.x), y: max(high.y, p.y))
    }
    let extent = max(high.x - low.x, high.y - low.y, 0.1)
    return strokes.map { stroke in
      Stroke(
        points: stroke.points.map {
          Point(x: ($0.x - (low.x + high.x) / 2) / extent, y: ($0.y - (low.y + high.y) / 2) / extent)
        })
    }
  }
}
