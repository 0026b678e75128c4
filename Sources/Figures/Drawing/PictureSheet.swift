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

  /// The end of a class's path, short enough to stand before a row.
  ///
  /// - Parameters:
  ///   - name: The path.
  ///   - most: The most characters.
  /// - Returns: The name, or its end behind a sign that more stood before it.
  package static func label(_ name: String, most: Int = 28) -> String {
    name.count > most ? "…" + name.suffix(most - 1) : name
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
    let layout = PictureSheetLayout(self)
    let canvas = try layout.scene(of: self).canvas(scale: 1, theme: .light)
    var bytes = canvas.bytes
    for (i, row) in rows.enumerated() {
      for (k, cell) in row.cells.enumerated() {
        for (p, picture) in cell.pictures.enumerated() {
          let corner = layout.corner(row: i, column: k, picture: p)
          Self.paste(picture, zoom: layout.zoom, at: corner, &bytes, rowBytes: 3 * canvas.width)
        }
      }
    }
    return Bitmap(width: canvas.width, height: canvas.height, rgb: bytes)
  }

  /// Copies an enlarged picture, with a grey frame, since pictures may be as white as the paper.
  private static func paste(
    _ picture: Bitmap, zoom: Int, at corner: (x: Int, y: Int), _ bytes: inout [UInt8], rowBytes: Int
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

/// Where everything of a sheet goes, in pixels.
private struct PictureSheetLayout {
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

  /// How many pixels show one of a picture, along each side.
  let zoom: Int
  /// The side of the largest picture as it is shown.
  private let shownSide: Int
  /// The left edge of the first column.
  private let left: Int
  private let cellWidth: Int

  private var step: Int { shownSide + Self.gap }
  private var rowHeight: Int { shownSide + Self.captionHeight + Self.rowGap }

  init(_ sheet: PictureSheet) {
    let cells = sheet.rows.flatMap(\.cells)
    let side = cells.flatMap(\.pictures).map { max($0.width, $0.height) }.max() ?? 1
    zoom = max(1, Self.wantedSide / side)
    shownSide = side * zoom
    let labels = sheet.rows.map { StrokeFont.width(of: $0.label, size: Self.textSize) }.max() ?? 0
    left = Self.edge + Int(labels) + Self.columnGap
    let headings = sheet.columns.map { StrokeFont.width(of: $0, size: Self.textSize, bold: true) }.max() ?? 0
    let most = cells.map(\.pictures.count).max() ?? 1
    cellWidth = max(most * (shownSide + Self.gap) - Self.gap, Int(headings) + 1)
  }

  /// The upper left corner of a picture.
  func corner(row: Int, column: Int, picture: Int) -> (x: Int, y: Int) {
    (left + column * (cellWidth + Self.columnGap) + picture * step, Self.top + row * rowHeight)
  }

  /// The words of a sheet.
  func scene(of sheet: PictureSheet) -> Scene {
    let cells = left + sheet.columns.count * (cellWidth + Self.columnGap) - Self.columnGap
    let words = [
      StrokeFont.width(of: sheet.title, size: Self.titleSize, bold: true),
      StrokeFont.width(of: sheet.subtitle, size: Self.textSize),
    ]
    let x = Double(Self.edge)
    var scene = Scene(
      width: (max(Double(cells), x + (words.max() ?? 0)) + x).rounded(.up),
      height: Double(Self.top + sheet.rows.count * rowHeight + Self.edge), title: sheet.title,
      summary: sheet.subtitle)
    scene.marks = [
      .text(sheet.title, Position(x, x + 24), size: Self.titleSize, bold: true),
      .text(sheet.subtitle, Position(x, x + 60), size: Self.textSize, paint: .muted),
    ]
    for (i, name) in sheet.columns.enumerated() {
      let place = Position(Double(corner(row: 0, column: i, picture: 0).x), Double(Self.top) - 14)
      scene.marks.append(.text(name, place, size: Self.textSize, bold: true))
    }
    for (i, row) in sheet.rows.enumerated() {
      let y = Double(Self.top + i * rowHeight)
      let middle = y + Double(shownSide) / 2 + StrokeFont.capHeight * Self.textSize / 2
      scene.marks.append(.text(row.label, Position(x, middle), size: Self.textSize))
      for (k, cell) in row.cells.enumerated() where !cell.caption.isEmpty {
        let place = Position(
          Double(corner(row: i, column: k, picture: 0).x), y + Double(shownSide) + Self.captionSize + 2)
        scene.marks.append(.text(cell.caption, place, size: Self.captionSize, paint: .muted))
      }
    }
    return scene
  }
}
