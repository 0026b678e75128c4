/// A picture as a list of simple shapes, later ones on top: all that a renderer needs to know.
///
/// Every chart becomes a scene first, and every renderer draws scenes only, so no two outputs can differ in
/// what they show. Coordinates grow right and down, in layout units.
package struct Scene: Equatable {
  package var width: Double
  package var height: Double
  /// The heading, for programs that read aloud.
  package var title: String
  /// What is shown, in words.
  package var summary: String
  package var marks: [Mark]

  package init(width: Double, height: Double, title: String, summary: String, marks: [Mark] = []) {
    self.width = width
    self.height = height
    self.title = title
    self.summary = summary
    self.marks = marks
  }
}

/// One shape with its colours, and a text to show when it is pointed at.
package struct Mark: Equatable {
  package var shape: Shape
  package var stroke: Stroke?
  package var fill: Fill?
  package var tooltip: String?

  package init(shape: Shape, stroke: Stroke? = nil, fill: Fill? = nil, tooltip: String? = nil) {
    self.shape = shape
    self.stroke = stroke
    self.fill = fill
    self.tooltip = tooltip
  }
}

package enum Shape: Equatable {
  case polyline([Position])
  case polygon([Position])
  case circle(center: Position, radius: Double)
  case text(Label)
}

package struct Stroke: Equatable {
  package var paint: Paint
  package var width: Double
  /// Lengths of dashes and gaps, by turns; empty for a solid line.
  package var dash: [Double]
  package var opacity: Double

  package init(paint: Paint, width: Double, dash: [Double] = [], opacity: Double = 1) {
    self.paint = paint
    self.width = width
    self.dash = dash
    self.opacity = opacity
  }
}

package struct Fill: Equatable {
  package var paint: Paint
  /// With 0 the shape is invisible but can be pointed at.
  package var opacity: Double

  package init(paint: Paint, opacity: Double = 1) {
    self.paint = paint
    self.opacity = opacity
  }
}

/// A line of text.
///
/// Its position is on the base line, at the start, middle or end of the text.
package struct Label: Equatable {
  package enum Anchor: String { case start, middle, end }

  package var text: String
  package var position: Position
  package var size: Double
  package var anchor = Anchor.start
  package var bold = false
  /// Turned a quarter to the left, reading upwards.
  package var upwards = false

  package var width: Double { StrokeFont.width(of: text, size: size, bold: bold) }
}
