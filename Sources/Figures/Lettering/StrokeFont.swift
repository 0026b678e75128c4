import Foundation

/// A plain sans-serif alphabet of pen strokes, drawn for this package.
///
/// Glyphs stand on a grid of 20 units to the font size: capitals are 12.6 high, small letters 8.8, measured
/// between the middles of the strokes, which are 1.7 thick.
package enum StrokeFont {
  package struct Glyph: Equatable {
    /// How far the pen moves on, in grid units.
    package let advance: Double
    /// The strokes, as fine polylines; y grows upwards from the base line.
    package let strokes: [[Position]]
  }

  private static let unitsPerSize = 20.0
  /// Lifts the middle of a stroke so that its lower edge stands on the base line.
  private static let lift = 0.85
  private static let boldSpacing = 0.55

  /// The height of capitals as a share of the font size.
  static let capHeight = 0.715

  /// The thickness of a stroke.
  static func thickness(size: Double, bold: Bool) -> Double { size * (bold ? 0.125 : 0.083) }

  /// The width of a line of text.
  package static func width(of text: String, size: Double, bold: Bool = false) -> Double {
    let extra = bold ? boldSpacing : 0
    return text.reduce(0) { $0 + glyph(for: $1).advance + extra } * size / unitsPerSize
  }

  /// The strokes of a line of text whose base line starts at the origin; y grows downwards.
  static func strokes(of text: String, size: Double, bold: Bool = false) -> [[Position]] {
    let unit = size / unitsPerSize
    var pen = bold ? boldSpacing / 2 : 0
    var strokes: [[Position]] = []
    for character in text {
      let glyph = glyph(for: character)
      for stroke in glyph.strokes {
        strokes.append(stroke.map { Position((pen + $0.x) * unit, -($0.y + lift) * unit) })
      }
      pen += glyph.advance + (bold ? boldSpacing : 0)
    }
    return strokes
  }

  /// As much of a text as fits a width, ending in an ellipsis if it is not all.
  package static func truncated(_ text: String, size: Double, bold: Bool = false, width limit: Double)
    -> String
  {
    if width(of: text, size: size, bold: bold) <= limit { return text }
    var kept = text[...]
    while !kept.isEmpty, width(of: kept + "…", size: size, bold: bold) > limit { kept = kept.dropLast() }
    while kept.hasSuffix(" ") { kept = kept.dropLast() }
    return kept + "…"
  }

  /// The glyph of a character; letters with accents lose them, unknown characters become a box.
  package static func glyph(for character: Character) -> Glyph {
    if let glyph = table[character] { return glyph }
    if character.isWhitespace { return Glyph(advance: 5.6, strokes: []) }
    let plain = String(character).folding(options: .diacriticInsensitive, locale: nil)
    if plain.count == 1, let first = plain.first, let glyph = table[first] { return glyph }
    return box
  }

  private static let box = parse(12, "M2 0 L2 12.6 L10 12.6 L10 0 L2 0")
  private static let table = Dictionary(
    outlines.map { ($0.character, parse($0.advance, $0.path)) }, uniquingKeysWith: { first, _ in first })

  /// Reads a path of M x y (move), L x y (line), C x y x y x y (cubic Bézier curve), and
  /// O x y rx ry from to (a new arc, degrees counterclockwise) or A (the same, joined on).
  private static func parse(_ advance: Double, _ path: String) -> Glyph {
    var strokes: [[Position]] = []
    var numbers: [Double] = []
    var command: Character = " "
    func finish() {
      let n = numbers
      numbers = []
      let last = strokes.indices.last
      switch (command, n.count) {
      case ("M", 2): strokes.append([Position(n[0], n[1])])
      case ("L", 2):
        if let last { strokes[last].append(Position(n[0], n[1])) }
      case ("C", 6):
        if let last, let start = strokes[last].last { strokes[last] += curve(start, n) }
      case ("O", 6): strokes.append(arc(n))
      case ("A", 6):
        if let last { strokes[last] += arc(n) }
      case (" ", 0): break
      default: assertionFailure("a glyph has a bad path: \(path)")
      }
    }
    for word in path.split(separator: " ") {
      var word = word
      if let letter = word.first, letter.isLetter {
        finish()
        command = letter
        word = word.dropFirst()
      }
      if let number = Double(word) { numbers.append(number) }
    }
    finish()
    return Glyph(advance: advance, strokes: strokes)
  }

  private static func curve(_ start: Position, _ n: [Double]) -> [Position] {
    (1...12).map { k in
      let t = Double(k) / 12
      let u = 1 - t
      let (a, b, c, d) = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
      return Position(
        a * start.x + b * n[0] + c * n[2] + d * n[4], a * start.y + b * n[1] + c * n[3] + d * n[5])
    }
  }

  private static func arc(_ n: [Double]) -> [Position] {
    let steps = max(4, Int(abs(n[5] - n[4]) / 10))
    return (0...steps).map { k in
      let angle = (n[4] + (n[5] - n[4]) * Double(k) / Double(steps)) * .pi / 180
      return Position(n[0] + n[2] * cos(angle), n[1] + n[3] * sin(angle))
    }
  }
}
