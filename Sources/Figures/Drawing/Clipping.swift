extension Rectangle {
  /// The parts of a polyline inside the rectangle.
  ///
  /// - Source: each segment is cut as Liang and Barsky (1984) do.
  func clip(polyline points: [Position]) -> [[Position]] {
    var pieces: [[Position]] = []
    for (a, b) in zip(points, points.dropFirst()) {
      guard let (from, to) = clip(a, b) else { continue }
      if let last = pieces.indices.last, pieces[last].last == from {
        pieces[last].append(to)
      } else {
        pieces.append([from, to])
      }
    }
    return pieces
  }

  private func clip(_ a: Position, _ b: Position) -> (Position, Position)? {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    var (enter, leave) = (0.0, 1.0)
    for (p, q) in [(-dx, a.x - left), (dx, right - a.x), (-dy, a.y - top), (dy, bottom - a.y)] {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        enter = max(enter, q / p)
      } else {
        leave = min(leave, q / p)
      }
    }
    guard enter <= leave else { return nil }
    let from = enter == 0 ? a : Position(a.x + enter * dx, a.y + enter * dy)
    let to = leave == 1 ? b : Position(a.x + leave * dx, a.y + leave * dy)
    return (from, to)
  }

  /// The part of a polygon between the top and the bottom of the rectangle.
  ///
  /// - Source: one side at a time, as Sutherland and Hodgman (1974) do.
  func clipVertically(polygon points: [Position]) -> [Position] {
    cut(cut(points, at: top) { $0 >= top }, at: bottom) { $0 <= bottom }
  }

  private func cut(_ points: [Position], at y: Double, keep: (Double) -> Bool) -> [Position] {
    guard var previous = points.last else { return [] }
    var result: [Position] = []
    for point in points {
      if keep(previous.y) != keep(point.y) {
        let t = (y - previous.y) / (point.y - previous.y)
        result.append(Position(previous.x + t * (point.x - previous.x), y))
      }
      if keep(point.y) { result.append(point) }
      previous = point
    }
    return result
  }
}
