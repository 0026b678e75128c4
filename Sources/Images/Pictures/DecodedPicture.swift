/// A decoded picture, as stored in the file: no gamma, no colour profile.
///
/// 1, 2 and 4-bit greys are scaled to 0...255, palettes are looked up, transparency becomes alpha. A JPEG picture is
/// turned upright as its EXIF data says.
public struct DecodedPicture: Hashable, Sendable {
  /// The number of pixels in a row.
  public let width: Int

  /// The number of rows.
  public let height: Int

  /// Bits of one sample: 8, or 16 with the high byte first.
  public let sampleBits: Int

  /// Samples `[height, width, 4]`: red, green, blue, alpha.
  public let rgba: [UInt8]

  /// Decodes a picture of any format that this build has, see ``PictureFormat/decodable``.
  ///
  /// The content decides, not the file's name.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limit: The largest picture accepted; checked before memory is allocated.
  /// - Throws: `ImageError` if the file is damaged, cut short, too large or of another format.
  public init(decoding bytes: [UInt8], limit: ImageLimit = ImageLimit()) throws(ImageError) {
    switch PictureFormat(startOf: bytes) {
    case .png: self = try PNGCodec.decode(bytes, limit: limit)
    case .jpeg where JPEGCodec.isBuiltIn: self = try JPEGCodec.decode(bytes, limit: limit)
    case .some(let format): throw .foreign(format)
    case nil:
      throw .unknown(
        reason: bytes.isEmpty ? "the file is empty" : "it does not start as a PNG or JPEG file does")
    }
  }

  /// From its parts.
  ///
  /// - Precondition: there are `height * width * 4` samples.
  init(width: Int, height: Int, sampleBits: Int, rgba: [UInt8]) {
    precondition(rgba.count == width * height * 4 * sampleBits / 8)
    (self.width, self.height, self.sampleBits, self.rgba) = (width, height, sampleBits, rgba)
  }

  /// The pixels that a file's header declares; 0 if it has none.
  static func declaredPixels(_ bytes: [UInt8]) -> Int {
    switch PictureFormat(startOf: bytes) {
    case .png: PNGCodec.declaredPixels(bytes)
    case .jpeg: JPEGCodec.declaredPixels(bytes)
    default: 0
    }
  }
}

/// The text in a C buffer, without the bytes past its end.
func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
