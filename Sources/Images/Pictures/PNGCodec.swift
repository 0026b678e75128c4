import CPNGCodec

/// PNG files, by libpng.
public enum PNGCodec {
  /// Decodes a PNG file of any colour type, depth and interlacing.
  static func decode(_ bytes: [UInt8], limit: ImageLimit) throws(ImageError) -> DecodedPicture {
    var image = fewshot_png_image()
    var message = [CChar](repeating: 0, count: 200)
    let result = fewshot_png_decode(
      bytes, bytes.count, UInt32(clamping: limit.side), UInt64(clamping: limit.pixels), &image, &message,
      message.count)
    defer { fewshot_png_free(image.rgba) }
    switch Int(result) {
    case fewshot_png_decoded:
      return DecodedPicture(
        width: Int(image.width), height: Int(image.height), sampleBits: Int(image.sampleBits),
        rgba: Array(UnsafeBufferPointer(start: image.rgba, count: image.size)))
    case fewshot_png_too_large:
      throw .tooLarge(width: Int(image.width), height: Int(image.height), limit: limit)
    case fewshot_png_no_memory: throw .exhausted(reason: text(message))
    default: throw .corrupt(format: .png, reason: text(message))
    }
  }

  /// Encodes 8-bit grey or RGB pixels as a PNG file.
  ///
  /// - Parameters:
  ///   - pixels: `[height, width, channels]`.
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - channels: 1 for grey, 3 for RGB.
  ///   - compression: 0 stores the pixels, with the same bytes on every machine; 1...9 use zlib.
  /// - Returns: The bytes of the file.
  /// - Throws: `ImageError.notEncodable` if the sizes do not fit each other.
  public static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int = 1, compression: Int = 6
  ) throws(ImageError) -> [UInt8] {
    guard width > 0, height > 0, channels == 1 || channels == 3, (0...9).contains(compression),
      pixels.count == width * height * channels
    else {
      throw .notEncodable(
        reason: "\(pixels.count) bytes for \(width) × \(height) × \(channels), compression \(compression)")
    }
    var out: UnsafeMutablePointer<UInt8>?
    var size = 0
    var message = [CChar](repeating: 0, count: 200)
    let result = fewshot_png_encode(
      pixels, UInt32(clamping: width), UInt32(clamping: height), Int32(channels), Int32(compression), &out,
      &size, &message, message.count)
    defer { fewshot_png_free(out) }
    guard result == 0 else { throw .notEncodable(reason: text(message)) }
    return Array(UnsafeBufferPointer(start: out, count: size))
  }

  /// The pixels that a file's header declares; 0 if it has none.
  static func declaredPixels(_ bytes: [UInt8]) -> Int {
    guard bytes.count >= 24 else { return 0 }
    let (width, height) = (bytes[16..<20], bytes[20..<24])
    return width.reduce(0) { $0 << 8 | Int($1) }.multipliedReportingOverflow(
      by: height.reduce(0) { $0 << 8 | Int($1) }
    ).partialValue
  }
}
