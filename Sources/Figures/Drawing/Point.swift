/// A point of the picture, in layout units from the upper left corner.
package struct Position: Equatable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// An upright rectangle of the picture.
package struct Rectangle: Equatable {
  package var left: Double
  package var top: Double
  package var right: Double
  package var bottom: Double

  package init(left: Double, top: Double, right: Double, bottom: Double) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  package var width: Double { right - left }
  package var height: Double { bottom - top }

  func contains(_ p: Position) -> Bool { left <= p.x && p.x <= right && top <= p.y && p.y <= bottom }
}
