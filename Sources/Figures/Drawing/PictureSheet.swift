/// Small pictures in rows and columns with words around them, to be compared by eye.
///
/// Lengths are pixels of the file: every pixel of a picture is a square of whole ones, so that nothing is smoothed.
package struct PictureSheet: Sendable {
  /// A picture of three bytes a pixel, row by row.
  package struct Bitmap: Equatable, Sendable {
    package let width: Int
    package let height: Int
    package let rgb: [UInt8]

    /// A picture from its bytes.
    ///
    /// - Precondition: there are three bytes a pixel.
    package init(width: Int, height: Int, rgb: [UInt8]) {
      precondition(rgb.count == 3 * width * height, "\(rgb.count) bytes for \(width) × \(height) pixels")
      (self.width, self.height, self.rgb) = (width, height, rgb)
    }
  }

  /// Pictures side by side, and words below them.
  package struct Cell: Sendable {
    package var pictures: [Bitmap]
    package var caption: String

    package init(_ pictures: [Bitmap], caption: String = "") {
      (self.pictures, self.caption) = (pictures, caption)
    }
  }

  /// One row of cells.
  package struct Row: Sendable {
    package var label: String
    package var cells: [Cell]

    package init(_ label: String, _ cells: [Cell]) { (self.label, self.cells) = (label, cells) }
  }

  package var title: String
  /// What the captions mean.
  package var subtitle: String
  /// The headings of the columns.
  package var columns: [String]
  package var rows: [Row]

  package init(title: String, subtitle: String, columns: [String], rows: [Row]) {
    (self.title, self.subtitle, self.columns, self.rows) = (title, subtitle, columns, rows)
  }

  private static let edge = 28
  private static let textSize = 20.0
  private static let captionSize = 17.0
  private static let captionHeight = 26
  private static let titleSize = 28.0
  /// Title, subtitle and headings.
  private static let top = edge + 124
  private static let gap = 4
  private static let columnGap = 24
  private static let rowGap = 14
  /// Small pictures are enlarged to about this side.
  private static let wantedSide = 64

  private var pictures: [Bitmap] { rows.flatMap { $0.cells.flatMap(\.pictures) } }
  private var side: Int { pictures.map { max($0.width, $0.height) }.max() ?? 1 }
  private var zoom: Int { max(1, Self.wantedSide / side) }
  private var step: Int { side * zoom + Self.gap }

  /// The left edge of the first column.
  private var left: Int {
    let widest = rows.map { StrokeFont.width(of: $0.label, size: Self.textSize) }.max() ?? 0
    return Self.edge + Int(widest) + Self.columnGap
  }

  private var cellWidth: Int {
    let most = rows.flatMap(\.cells).map(\.pictures.count).max() ?? 1
    let words = columns.map { Int(StrokeFont.width(of: $0, size: Self.textSize, bold: true)) + 1 }.max() ?? 0
    return max(most * step - Self.gap, words)
  }

  private var rowHeight: Int { side * zoom + Self.captionHeight + Self.rowGap }

  private func corner(row: Int, column: Int, picture: Int) -> (x: Int, y: Int) {
    (left + column * (cellWidth + Self.columnGap) + picture * step, Self.top + row * rowHeight)
  }

  /// The words.
  private var scene: Scene {
    let cells = left + columns.count * (cellWidth + Self.columnGap) - Self.columnGap
    let words = [
      StrokeFont.width(of: title, size: Self.titleSize, bold: true),
      StrokeFont.width(of: subtitle, size: Self.textSize),
    ]
    let width = max(Double(cells), Double(Self.edge) + (words.max() ?? 0)) + Double(Self.edge)
    let height = Double(Self.top + rows.count * rowHeight + Self.edge)
    var scene = Scene(width: width.rounded(.up), height: height, title: title, summary: subtitle)
    let x = Double(Self.edge)
    scene.marks = [
      .text(title, Position(x, Double(Self.edge) + 24), size: Self.titleSize, bold: true),
      .text(subtitle, Position(x, Double(Self.edge) + 60), size: Self.textSize, paint: .muted),
    ]
    for (i, name) in columns.enumerated() {
      let place = Position(Double(corner(row: 0, column: i, picture: 0).x), Double(Self.top) - 14)
      scene.marks.append(.text(name, place, size: Self.textSize, bold: true))
    }
    for (i, row) in rows.enumerated() {
      let y = Double(Self.top + i * rowHeight)
      let middle = y + Double(side * zoom) / 2 + StrokeFont.capHeight * Self.textSize / 2
      scene.marks.append(.text(row.label, Position(x, middle), size: Self.textSize))
      for (k, cell) in row.cells.enumerated() where !cell.caption.isEmpty {
        let place = Position(
          Double(corner(row: i, column: k, picture: 0).x), y + Double(side * zoom) + Self.captionSize + 2)
        scene.marks.append(.text(cell.caption, place, size: Self.captionSize, paint: .muted))
      }
    }
    return scene
  }

  /// The bytes of a PNG file, the same for the same sheet.
  ///
  /// - Throws: ``FigureError`` if the sheet would be absurdly large or the encoder fails.
  package func png() throws(FigureError) -> [UInt8] {
    let whole = try pixels()
    return try encodePNG(whole.rgb, width: whole.width, height: whole.height)
  }

  /// The whole sheet as pixels.
  ///
  /// - Throws: ``FigureError`` if it would be absurdly large.
  package func pixels() throws(FigureError) -> Bitmap {
    let canvas = try scene.canvas(scale: 1, theme: .light)
    var bytes = canvas.bytes
    for (i, row) in rows.enumerated() {
      for (k, cell) in row.cells.enumerated() {
        for (p, picture) in cell.pictures.enumerated() {
          paste(picture, at: corner(row: i, column: k, picture: p), &bytes, rowBytes: 3 * canvas.width)
        }
      }
    }
    return Bitmap(width: canvas.width, height: canvas.height, rgb: bytes)
  }

  /// Copies an enlarged picture, with a grey frame, since pictures may be as white as the paper.
  private func paste(
    _ picture: Bitmap, at corner: (x: Int, y: Int), _ bytes: inout [UInt8], rowBytes: Int
  ) {
    let (width, height) = (picture.width * zoom, picture.height * zoom)
    for y in -1...height {
      for x in -1...width {
        let target = (corner.y + y) * rowBytes + 3 * (corner.x + x)
        let isFrame = x < 0 || y < 0 || x == width || y == height
        let source = 3 * (y / zoom * picture.width + x / zoom)
        for c in 0..<3 { bytes[target + c] = isFrame ? 176 : picture.rgb[source + c] }
      }
    }
  }
}
