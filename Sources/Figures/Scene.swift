/// A picture as a list of simple shapes, later ones on top: all that a renderer needs to know.
///
/// Every chart becomes a scene first, and every renderer draws scenes only, so no two outputs can differ in
/// what they show. Coordinates grow right and down, in layout units.
struct Scene: Equatable {
  var width: Double
  var height: Double
  /// The heading, for programs that read aloud.
  var title: String
  /// What is shown, in words.
  var summary: String
  var marks: [Mark] = []
}

/// One shape with its colours, and a text to show when it is pointed at.
struct Mark: Equatable {
  var shape: Shape
  var stroke: Stroke?
  var fill: Fill?
  var tooltip: String?
}

enum Shape: Equatable {
  case polyline([Position])
  case polygon([Position])
  case circle(center: Position, radius: Double)
  case text(Label)
}

struct Stroke: Equatable {
  var paint: Paint
  var width: Double
  /// Lengths of dashes and gaps, by turns; empty for a solid line.
  var dash: [Double] = []
  var opacity = 1.0
}

struct Fill: Equatable {
  var paint: Paint
  /// With 0 the shape is invisible but can be pointed at.
  var opacity = 1.0
}

/// A line of text. Its position is on the base line, at the start, middle or end of the text.
struct Label: Equatable {
  enum Anchor: String { case start, middle, end }

  var text: String
  var position: Position
  var size: Double
  var anchor = Anchor.start
  var bold = false
  /// Turned a quarter to the left, reading upwards.
  var upwards = false

  var width: Double { StrokeFont.width(of: text, size: size, bold: bold) }
}

struct Position: Equatable {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

struct Rectangle: Equatable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  func contains(_ p: Position) -> Bool { left <= p.x && p.x <= right && top <= p.y && p.y <= bottom }
}
