/// Something that can be drawn in any width: layouts for a page and for a phone come from the same data.
package protocol Picture: Sendable {
  /// The heading.
  var title: String { get }
  /// The width of the layout; text keeps its size.
  var width: Double { get set }
  /// The picture as shapes, which every output is drawn from.
  var scene: Scene { get }
  /// The picture at another width.
  func fitted(to width: Double) -> Self
}

extension Picture {
  package func fitted(to width: Double) -> Self {
    var copy = self
    copy.width = width
    return copy
  }

  /// The bytes of a PNG file.
  ///
  /// - Parameters:
  ///   - scale: Pixels for each unit of the layout.
  ///   - theme: Light or dark.
  /// - Returns: The same bytes for the same picture.
  /// - Throws: ``FigureError`` if the picture would be absurdly large or the encoder fails.
  package func png(scale: Double = 2, theme: Theme = .light) throws(FigureError) -> [UInt8] {
    try scene.png(scale: scale, theme: theme)
  }
}

/// A title on at most two lines, and the room it takes.
struct Heading {
  static let size = 17.0
  static let row = 23.0
  static let edge = 20.0
  let lines: [String]

  init(_ title: String, width: Double) {
    func fits(_ text: String) -> Bool {
      StrokeFont.width(of: text, size: Self.size, bold: true) <= width - 2 * Self.edge
    }
    var words = title.split(whereSeparator: \.isWhitespace)[...]
    guard var first = words.popFirst().map(String.init) else {
      lines = []
      return
    }
    while let word = words.first, fits(first + " " + word) {
      first += " " + word
      words.removeFirst()
    }
    let rest = words.joined(separator: " ")
    lines = ([first] + (rest.isEmpty ? [] : [rest])).map {
      StrokeFont.truncated($0, size: Self.size, bold: true, width: width - 2 * Self.edge)
    }
  }

  /// Where the drawing below may begin.
  var bottom: Double { lines.isEmpty ? Self.edge : Self.edge + Double(lines.count) * Self.row + 16 }

  var marks: [Mark] {
    lines.enumerated().map { row, line in
      Mark.text(line, Position(Self.edge, 35 + Double(row) * Self.row), size: Self.size, bold: true)
    }
  }
}
