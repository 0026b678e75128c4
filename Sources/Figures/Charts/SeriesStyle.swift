import Foundation

/// How one curve looks: colour, dash and marker all differ, so that none has to be relied on alone.
struct SeriesStyle {
  let index: Int

  var paint: Paint { .series(index % Paint.seriesCount) }

  // With more curves than colours the dashes move on by one, so that a colour never meets its dash again.
  var stroke: Stroke {
    Stroke(paint: paint, width: 2.2, dash: Self.dashes[(index + index / 8) % Self.dashes.count])
  }

  private static let dashes: [[Double]] = [
    [], [8, 5], [1, 5], [10, 5, 1, 5], [16, 5], [5, 4], [13, 4, 1, 4, 1, 4], [3, 6],
  ]

  /// The marker around a point, outlined in the colour of the paper to stand off the line.
  func marker(at center: Position, tooltip: String? = nil) -> Mark {
    let shape: Shape =
      switch index % 8 {
      case 0: .circle(center: center, radius: 4.2)
      case 1: .polygon(Self.regular(center, corners: 4, radius: 5.4, turned: .pi / 4))
      case 2: .polygon(Self.regular(center, corners: 3, radius: 5.8, turned: -.pi / 2))
      case 3: .polygon(Self.regular(center, corners: 4, radius: 5.8, turned: 0))
      case 4: .polygon(Self.regular(center, corners: 3, radius: 5.8, turned: .pi / 2))
      case 5: .polygon(Self.cross(center, turned: 0))
      case 6: .polygon(Self.cross(center, turned: .pi / 4))
      default: .polygon(Self.regular(center, corners: 5, radius: 5.2, turned: -.pi / 2))
      }
    // The second round of markers is hollow.
    let isHollow = index / 8 % 2 == 1
    return Mark(
      shape: shape, stroke: Stroke(paint: isHollow ? paint : .paper, width: isHollow ? 1.8 : 1.2),
      fill: Fill(paint: isHollow ? .paper : paint), tooltip: tooltip)
  }

  /// The corners of a regular polygon; a closed one ends where it starts.
  static func regular(
    _ c: Position, corners: Int, radius: Double, turned: Double, closed: Bool = false
  ) -> [Position] {
    (0..<(closed ? corners + 1 : corners)).map { k in
      let angle = turned + 2 * .pi * Double(k) / Double(corners)
      return Position(c.x + radius * cos(angle), c.y + radius * sin(angle))
    }
  }

  private static func cross(_ c: Position, turned: Double) -> [Position] {
    let (arm, half) = (5.6, 1.9)
    let outline = [
      (arm, -half), (arm, half), (half, half), (half, arm), (-half, arm), (-half, half), (-arm, half),
      (-arm, -half), (-half, -half), (-half, -arm), (half, -arm), (half, -half),
    ]
    let (cosine, sine) = (cos(turned), sin(turned))
    return outline.map { x, y in Position(c.x + x * cosine - y * sine, c.y + x * sine + y * cosine) }
  }
}
