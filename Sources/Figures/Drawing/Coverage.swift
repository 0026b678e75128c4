/// How much of each pixel of a rectangle a shape covers, from 0 to 1.
struct Coverage {
  let left: Int
  let top: Int
  let width: Int
  let height: Int
  private(set) var values: [Float]

  /// An empty mask around some points, cut to a canvas.
  init(around points: [Position], margin: Double, canvasWidth: Int, canvasHeight: Int) {
    var box = Rectangle(left: .infinity, top: .infinity, right: -.infinity, bottom: -.infinity)
    for p in points {
      box.left = min(box.left, p.x - margin)
      box.right = max(box.right, p.x + margin)
      box.top = min(box.top, p.y - margin)
      box.bottom = max(box.bottom, p.y + margin)
    }
    func pixel(_ x: Double, _ limit: Int) -> Int { Int(min(max(x, 0), Double(limit))) }
    left = pixel(box.left.rounded(.down), canvasWidth)
    top = pixel(box.top.rounded(.down), canvasHeight)
    width = max(0, pixel(box.right.rounded(.up), canvasWidth) - left)
    height = max(0, pixel(box.bottom.rounded(.up), canvasHeight) - top)
    values = [Float](repeating: 0, count: width * height)
  }

  /// Adds a polyline drawn with a round pen; parts that overlap count once.
  mutating func addStroke(_ points: [Position], thickness: Double) {
    guard let first = points.first else { return }
    if points.count == 1 { addSegment(first, first, thickness: thickness) }
    for (a, b) in zip(points, points.dropFirst()) { addSegment(a, b, thickness: thickness) }
  }

  // The covered share of a pixel is close to how far its middle lies inside the outline, within ±1/2.
  private mutating func addSegment(_ a: Position, _ b: Position, thickness: Double) {
    let reach = max(thickness, 1) / 2 + 0.5
    let full = Float(min(1, thickness))
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let squared = dx * dx + dy * dy
    let firstRow = max(0, Int((min(a.y, b.y) - reach).rounded(.down)) - top)
    let lastRow = min(height, Int((max(a.y, b.y) + reach).rounded(.up)) - top)
    guard firstRow < lastRow else { return }
    for row in firstRow..<lastRow {
      let y = Double(row + top) + 0.5
      // Of a long slanted segment only the part near this row matters.
      var (x0, x1) = (min(a.x, b.x), max(a.x, b.x))
      if abs(dy) > 1e-9 {
        let atTop = a.x + (y - reach - a.y) / dy * dx
        let atBottom = a.x + (y + reach - a.y) / dy * dx
        x0 = max(x0, min(atTop, atBottom))
        x1 = min(x1, max(atTop, atBottom))
      }
      let firstColumn = max(0, Int((x0 - reach).rounded(.down)) - left)
      let lastColumn = min(width, Int((x1 + reach).rounded(.up)) - left)
      guard firstColumn < lastColumn else { continue }
      for column in firstColumn..<lastColumn {
        let x = Double(column + left) + 0.5
        let along = squared > 0 ? min(max(((x - a.x) * dx + (y - a.y) * dy) / squared, 0), 1) : 0
        let (ex, ey) = (x - a.x - along * dx, y - a.y - along * dy)
        let inside = reach - (ex * ex + ey * ey).squareRoot()
        guard inside > 0 else { continue }
        let index = row * width + column
        values[index] = max(values[index], full * Float(min(1, inside)))
      }
    }
  }

  /// Adds the inside of a polygon, by the non-zero winding rule.
  ///
  /// Sixteen scan lines cross each pixel; along them the coverage is exact.
  mutating func addPolygon(_ points: [Position]) {
    guard points.count > 2, width > 0 else { return }
    let lines = 16
    let edges = Array(zip(points, points.dropFirst() + points.prefix(1)))
    for line in 0..<height * lines {
      let y = Double(top) + (Double(line) + 0.5) / Double(lines)
      var crossings: [(x: Double, turn: Int)] = []
      for (a, b) in edges where (a.y <= y) != (b.y <= y) {
        crossings.append((a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x), a.y < b.y ? 1 : -1))
      }
      crossings.sort { $0.x < $1.x }
      var winding = 0
      for (from, to) in zip(crossings, crossings.dropFirst()) {
        winding += from.turn
        if winding != 0 { addSpan(from.x, to.x, row: line / lines, weight: 1 / Float(lines)) }
      }
    }
  }

  private mutating func addSpan(_ from: Double, _ to: Double, row: Int, weight: Float) {
    let start = min(max(from - Double(left), 0), Double(width))
    let end = min(max(to - Double(left), 0), Double(width))
    guard start < end else { return }
    for column in Int(start)..<min(width, Int(end.rounded(.up))) {
      let share = min(end, Double(column + 1)) - max(start, Double(column))
      values[row * width + column] += weight * Float(share)
    }
  }

  /// Adds a disc.
  mutating func addDisc(center: Position, radius: Double) {
    addSegment(center, center, thickness: 2 * radius)
  }
}
