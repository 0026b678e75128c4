internal import Corruptions
internal import Evaluation
internal import Figures
internal import Formats
internal import Images
internal import Studies

extension CorruptionSamples {
  /// Images of every cell of the sheet.
  private static let shown = 4

  /// Writes a picture for every image, corruption and severity, tables, and a sheet of the first images.
  ///
  /// - Parameter folder: Where; it is made.
  /// - Returns: How far each corruption at each severity moves the network's input.
  /// - Throws: `DatasetError` if an image cannot be read again or a file not written, ``FigureError`` if the sheet would
  ///   be too large.
  package func write(to folder: String) throws -> [Measured] {
    var clean: [PictureSheet.Bitmap] = []
    var changes = cells.map { _ in SquaredChange() }
    var shown = cells.map { _ in [PictureSheet.Bitmap]() }
    for (i, image) in images.enumerated() {
      guard let bytes = store.bytes(of: image.path) else { throw DatasetError.unknownImage(path: image.path) }
      try write(bytes, to: "\(folder)/clean/\(fileName(i))")
      if i < Self.shown { clean.append(bitmap(bytes)) }
      // One at a time, so that memory holds one original.
      var corrupted = CorruptedImages(of: store, at: place)
      for (k, cell) in cells.enumerated() {
        let corruption = corruptions[cell.corruption]
        var stream = stream(corruption, image: i)
        let (bytes, change) = try corrupted.corrupted(
          image.path, by: corruption, severity: cell.severity, &stream)
        try write(bytes[...], to: "\(folder)/\(corruption.name)/\(cell.severity)/\(fileName(i))")
        changes[k] += change
        if i < Self.shown { shown[k].append(bitmap(bytes[...])) }
      }
    }
    let measured = zip(cells, changes).map { cell, change in
      Measured(
        corruption: corruptions[cell.corruption].name, severity: cell.severity, rmsChange: change.rms)
    }
    try writeDataFile(Array(imageLines.utf8), to: "\(folder)/images.csv")
    try writeDataFile(Array(Self.lines(measured).utf8), to: "\(folder)/corruptions.csv")
    try writeDataFile(try sheet(clean, shown, measured).png(), to: "\(folder)/sheet.png")
    return measured
  }

  /// Every corruption, by its position, at every severity.
  private var cells: [(corruption: Int, severity: Int)] {
    corruptions.indices.flatMap { k in severities.map { (corruption: k, severity: $0) } }
  }

  /// `001.png` and so on: the number of an image in `images.csv`.
  private func fileName(_ image: Int) -> String {
    let digits = "\(image + 1)"
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".png"
  }

  private var imageLines: String {
    images.enumerated().reduce(CSV.line(["file", "class", "path"])) { lines, item in
      lines + CSV.line([fileName(item.offset), item.element.className, item.element.path])
    }
  }

  private static func lines(_ measured: [Measured]) -> String {
    measured.reduce(CSV.line(["corruption", "severity", "rms_change"])) { lines, row in
      lines + CSV.line([row.corruption, row.severity, row.rmsChange])
    }
  }

  /// Writes prepared bytes as a picture.
  private func write(_ prepared: ArraySlice<UInt8>, to path: String) throws {
    let (side, channels) = (store.preparation.imageSize, store.preparation.channels)
    let size = side * side
    let pixels = (0..<size).flatMap { i in
      (0..<channels).map { prepared[prepared.startIndex + $0 * size + i] }
    }
    try writeDataFile(
      PNGCodec.encode(pixels, width: side, height: side, channels: channels), to: path)
  }

  /// Prepared bytes as the sheet shows them.
  private func bitmap(_ prepared: ArraySlice<UInt8>) -> PictureSheet.Bitmap {
    PictureSheet.Bitmap(prepared, store.preparation)
  }

  /// A row for each corruption: the clean images, and those of each severity with the change below.
  private func sheet(
    _ clean: [PictureSheet.Bitmap], _ shown: [[PictureSheet.Bitmap]], _ measured: [Measured]
  ) -> PictureSheet {
    let side = store.preparation.imageSize
    let title =
      switch place {
      case .network: "Corrupted as the network sees them, at \(side) × \(side) pixels"
      case .original: "Corrupted at their own size, then resized to \(side) × \(side) pixels"
      }
    let rows = corruptions.indices.map { k in
      let own = (k * severities.count)..<((k + 1) * severities.count)
      return PictureSheet.Row(
        corruptions[k].name,
        [.init(clean)]
          + own.map { .init(shown[$0], caption: TextTable.fixed(measured[$0].rmsChange, 3)) })
    }
    return PictureSheet(
      title: title,
      subtitle:
        "Below: root mean square change of the network's input, which is from 0 to 1; over all images",
      columns: ["clean"] + severities.map { "severity \($0)" }, rows: rows)
  }
}
