/// Which part of a picture becomes the square that a model sees.
public enum Crop: Codable, Hashable, Sendable {
  /// All of it, its aspect not kept.
  case whole

  /// The square in the middle whose side is a share of the shorter side, above 0 and at most 1; its aspect is kept.
  ///
  /// A network that was tested on the middle 224 pixels of pictures resized to a shorter side of 256, as those of
  /// torchvision, saw the share 224/256 = 0.875.
  case middle(Double)

  /// The square in the middle; nil unless its share is above 0 and at most 1.
  public init?(share: Double) {
    guard share > 0 && share <= 1 else { return nil }
    self = .middle(share)
  }

  /// The part of a picture.
  ///
  /// Edges are whole pixels of the source; a margin that is not even is smaller on the left and at the top.
  ///
  /// - Parameters:
  ///   - width: Pixels of a row.
  ///   - height: Rows.
  /// - Returns: Columns and rows, at least one of each.
  /// - Precondition: the picture is not empty.
  func part(width: Int, height: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    precondition(width > 0 && height > 0, "crop: a picture of \(width) × \(height)")
    guard case .middle(let share) = self else { return (0..<width, 0..<height) }
    precondition(share > 0 && share <= 1, "crop: a share of \(share); use more than 0 and at most 1")
    let side = max(1, Int((share * Double(min(width, height))).rounded()))
    let (left, top) = ((width - side) / 2, (height - side) / 2)
    return (left..<left + side, top..<top + side)
  }

  /// That part of a plane.
  ///
  /// - Parameters:
  ///   - plane: `[height, width]`.
  ///   - width: Pixels of a row.
  ///   - height: Rows.
  /// - Returns: Its values, and how wide and high it is.
  func applied(to plane: [UInt8], width: Int, height: Int) -> (plane: [UInt8], width: Int, height: Int) {
    let (columns, rows) = part(width: width, height: height)
    guard columns.count < width || rows.count < height else { return (plane, width, height) }
    let kept = rows.flatMap { plane[$0 * width + columns.lowerBound..<$0 * width + columns.upperBound] }
    return (kept, columns.count, rows.count)
  }
}
