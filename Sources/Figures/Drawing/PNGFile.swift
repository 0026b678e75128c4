private import CPNGCodec

/// Why a picture could not be made.
package enum FigureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The picture would have more pixels than are sensible.
  case tooLarge(width: Double, height: Double, limit: Int)
  /// The PNG encoder failed.
  case encoding(String)

  /// What is wrong and what to do.
  package var description: String {
    switch self {
    case .tooLarge(let width, let height, let limit):
      "a picture of \(width) × \(height) pixels cannot be drawn. Choose sides from 1 to \(limit) pixels."
    case .encoding(let why): "the picture could not be written as PNG: \(why). Check the free memory."
    }
  }
}

/// The longest side of a picture, in pixels.
private let longestSide = 16_384

extension Scene {
  /// The scene as the bytes of a PNG file; the same scene always has the same pixels.
  func png(scale: Double, theme: Theme) throws(FigureError) -> [UInt8] {
    let canvas = try canvas(scale: scale, theme: theme)
    return try encodePNG(canvas.bytes, width: canvas.width, height: canvas.height)
  }

  /// The scene as pixels.
  func canvas(scale: Double, theme: Theme) throws(FigureError) -> Canvas {
    let (w, h) = (width * scale, height * scale)
    guard w >= 1, h >= 1, w <= Double(longestSide), h <= Double(longestSide) else {
      throw FigureError.tooLarge(width: w, height: h, limit: longestSide)
    }
    return Canvas(self, scale: scale, theme: theme)
  }
}

/// RGB bytes as a PNG file.
func encodePNG(_ rgb: [UInt8], width: Int, height: Int) throws(FigureError) -> [UInt8] {
  var output: UnsafeMutablePointer<UInt8>?
  var size = 0
  var message = [CChar](repeating: 0, count: 200)
  let status = fewshot_png_encode(
    rgb, UInt32(width), UInt32(height), 3, 6, &output, &size, &message, message.count)
  defer { fewshot_png_free(output) }
  guard status == 0, let output else {
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw FigureError.encoding(String(decoding: text, as: UTF8.self))
  }
  return Array(UnsafeBufferPointer(start: output, count: size))
}
