/// A square image of numbers 0...1, channel after channel: what augmentation changes.
public struct FloatImage: Hashable, Sendable {
  /// Pixels of a side, S.
  public let side: Int
  /// 1 for grey, 3 for red, green, blue.
  public let channels: Int
  /// `[channels, S, S]`.
  public var pixels: [Float]

  /// An image from its numbers.
  ///
  /// - Precondition: there are channels × side² of them.
  public init(side: Int, channels: Int, pixels: [Float]) {
    precondition(pixels.count == channels * side * side, "\(pixels.count) numbers for a side of \(side)")
    self.side = side
    self.channels = channels
    self.pixels = pixels
  }

  /// The image whose number at a channel, row and column `value` gives.
  func made(_ value: (_ channel: Int, _ row: Int, _ column: Int) -> Float) -> FloatImage {
    var image = self
    var i = 0
    for c in 0..<channels {
      for y in 0..<side {
        for x in 0..<side {
          image.pixels[i] = value(c, y, x)
          i += 1
        }
      }
    }
    return image
  }

  /// The number at a place; 0 outside.
  func pixel(_ channel: Int, _ row: Int, _ column: Int) -> Float {
    guard row >= 0, row < side, column >= 0, column < side else { return 0 }
    return pixels[(channel * side + row) * side + column]
  }

  /// The number between four pixels, whose centres are at whole coordinates; 0 outside.
  func between(_ channel: Int, _ row: Float, _ column: Float) -> Float {
    let (y, x) = (row.rounded(.down), column.rounded(.down))
    let (v, u) = (row - y, column - x)
    let (i, j) = (Int(y), Int(x))
    return (1 - v) * ((1 - u) * pixel(channel, i, j) + u * pixel(channel, i, j + 1))
      + v * ((1 - u) * pixel(channel, i + 1, j) + u * pixel(channel, i + 1, j + 1))
  }
}
