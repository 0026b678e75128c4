import Foundation

extension Scene {
  /// The scene as a self-contained SVG file that follows the reader's light or dark setting.
  ///
  /// Light colours are plain attributes, which every program understands; a style sheet replaces them in the
  /// dark. There are no identifiers, so many figures can stand in one page.
  package func svg() -> String {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) viewBox=\"0 0 \(number(width)) \(number(height))\""
        + " role=\"img\" aria-label=\"\(escaped(title))\""
        + " font-family=\"Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif\">",
      "<title>\(escaped(title))</title>",
      "<desc>\(escaped(summary))</desc>",
      styleSheet,
      "<rect width=\"100%\" height=\"100%\"\(fill(Fill(paint: .paper)))\(classes(Fill(paint: .paper)))/>",
    ]
    lines += marks.map(element)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private var styleSheet: String {
    let used = Set(marks.flatMap { [$0.fill?.paint, $0.stroke?.paint].compactMap(\.self) } + [.paper])
    let rules = used.sorted { $0.name < $1.name }.map { paint in
      let color = Theme.dark.color(paint).hex
      return ".fig-f-\(paint.name){fill:\(color)}.fig-k-\(paint.name){stroke:\(color)}"
    }
    // Pointers go through text to the mark with a value that it stands on.
    return "<style>text{pointer-events:none}@media (prefers-color-scheme:dark){\(rules.joined())}</style>"
  }

  private func element(_ mark: Mark) -> String {
    var attributes: String
    let name: String
    switch mark.shape {
    case .polyline(let points):
      name = "polyline"
      attributes = " points=\"\(list(points))\""
    case .polygon(let points):
      name = "polygon"
      attributes = " points=\"\(list(points))\""
    case .circle(let center, let radius):
      name = "circle"
      attributes = " cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\""
    case .text(let label): return text(label, mark.fill)
    }
    attributes += mark.fill.map(fill) ?? " fill=\"none\""
    if let stroke = mark.stroke { attributes += self.stroke(stroke) }
    attributes += classes(mark.fill, mark.stroke)
    guard let tooltip = mark.tooltip else { return "<\(name)\(attributes)/>" }
    return "<\(name)\(attributes)><title>\(escaped(tooltip))</title></\(name)>"
  }

  // The width is fixed to that of the layout, so that no reader's font can make labels overlap.
  private func text(_ label: Label, _ fill: Fill?) -> String {
    guard !label.text.isEmpty else { return "" }
    let (x, y) = (number(label.position.x), number(label.position.y))
    var attributes = " x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(label.size))\""
    attributes += " textLength=\"\(number(label.width))\" lengthAdjust=\"spacingAndGlyphs\""
    if label.anchor != .start { attributes += " text-anchor=\"\(label.anchor.rawValue)\"" }
    if label.bold { attributes += " font-weight=\"bold\"" }
    if label.upwards { attributes += " transform=\"rotate(-90 \(x) \(y))\"" }
    return "<text\(attributes)\(fill.map(self.fill) ?? "")\(classes(fill))>\(escaped(label.text))</text>"
  }

  private func fill(_ fill: Fill) -> String {
    " fill=\"\(Theme.light.color(fill.paint).hex)\""
      + (fill.opacity < 1 ? " fill-opacity=\"\(number(fill.opacity))\"" : "")
  }

  private func classes(_ fill: Fill?, _ stroke: Stroke? = nil) -> String {
    let names = [fill.map { "fig-f-\($0.paint.name)" }, stroke.map { "fig-k-\($0.paint.name)" }]
    return " class=\"\(names.compactMap(\.self).joined(separator: " "))\""
  }

  private func stroke(_ stroke: Stroke) -> String {
    var text = " stroke=\"\(Theme.light.color(stroke.paint).hex)\" stroke-width=\"\(number(stroke.width))\""
    text += " stroke-linecap=\"round\" stroke-linejoin=\"round\""
    if !stroke.dash.isEmpty {
      text += " stroke-dasharray=\"\(stroke.dash.map(number).joined(separator: " "))\""
    }
    if stroke.opacity < 1 { text += " stroke-opacity=\"\(number(stroke.opacity))\"" }
    return text
  }

  private func list(_ points: [Position]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// Two decimals at most: a hundredth of a layout unit cannot be seen.
  private func number(_ x: Double) -> String {
    let hundredths = Int((x * 100).rounded())
    guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
    let text = String(format: "%.2f", Double(hundredths) / 100)
    return text.hasSuffix("0") ? String(text.dropLast()) : text
  }
}

/// Text safe inside XML elements and attributes; characters that XML forbids become a replacement mark.
package func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\r": result += " "
    case "\n": result += "&#10;"
    case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
      result.unicodeScalars.append("\u{fffd}")
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
