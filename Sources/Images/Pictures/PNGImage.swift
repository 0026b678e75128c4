import CPNGCodec

/// The largest size that a picture's file may declare before it is refused.
public struct ImageLimit: Hashable, Sendable {
  /// The most pixels along one side.
  public var side: Int

  /// The most pixels in all, width × height.
  public var pixels: Int

  /// Makes a limit; without arguments 16,384 pixels a side and 64 million pixels.
  public init(side: Int = 16_384, pixels: Int = 64_000_000) {
    self.side = side
    self.pixels = pixels
  }
}

/// Why a picture could not be decoded or encoded.
public enum ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not a whole, undamaged PNG file.
  case corrupt(reason: String)

  /// The file declares more pixels than the limit.
  case tooLarge(width: Int, height: Int, limit: ImageLimit)

  /// The file could not be read from the disk.
  case unreadable(reason: String)

  /// The machine had no room to open, read or decode the file, which does not mean that the file is bad.
  case exhausted(reason: String)

  /// The pixels cannot be encoded as a PNG file.
  case notEncodable(reason: String)

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .corrupt(let reason): "not a valid PNG file: \(reason)"
    case .tooLarge(let width, let height, let limit):
      "declares \(width) × \(height) pixels; the limit is \(limit.side) a side and \(limit.pixels) in all"
    case .unreadable(let reason), .exhausted(let reason): "cannot be read: \(reason)"
    case .notEncodable(let reason): "cannot be written as PNG: \(reason)"
    }
  }
}

/// A decoded PNG picture, as stored in the file: no gamma, no colour profile.
///
/// 1, 2 and 4-bit greys are scaled to 0...255, palettes are looked up, transparency becomes alpha.
public struct PNGImage: Hashable, Sendable {
  /// The number of pixels in a row.
  public let width: Int

  /// The number of rows.
  public let height: Int

  /// Bits of one sample: 8, or 16 with the high byte first.
  public let sampleBits: Int

  /// Samples `[height, width, 4]`: red, green, blue, alpha.
  public let rgba: [UInt8]

  /// Decodes a PNG file of any colour type, depth and interlacing.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limit: The largest picture accepted; checked before memory is allocated.
  /// - Throws: `ImageError` if the file is damaged, cut short or too large.
  public init(decoding bytes: [UInt8], limit: ImageLimit = ImageLimit()) throws(ImageError) {
    var image = fewshot_png_image()
    var message = [CChar](repeating: 0, count: 200)
    let result = fewshot_png_decode(
      bytes, bytes.count, UInt32(clamping: limit.side), UInt64(clamping: limit.pixels), &image, &message,
      message.count)
    defer { fewshot_png_free(image.rgba) }
    switch Int(result) {
    case fewshot_png_decoded: break
    case fewshot_png_too_large:
      throw .tooLarge(width: Int(image.width), height: Int(image.height), limit: limit)
    case fewshot_png_no_memory: throw .exhausted(reason: text(message))
    default: throw .corrupt(reason: text(message) + Self.otherKind(bytes))
    }
    width = Int(image.width)
    height = Int(image.height)
    sampleBits = Int(image.sampleBits)
    rgba = Array(UnsafeBufferPointer(start: image.rgba, count: image.size))
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
}

extension PNGImage {
  /// The pixels that a file's header declares; 0 if it has none.
  static func declaredPixels(_ bytes: [UInt8]) -> Int {
    guard bytes.count >= 24 else { return 0 }
    let (width, height) = (bytes[16..<20], bytes[20..<24])
    return width.reduce(0) { $0 << 8 | Int($1) }.multipliedReportingOverflow(
      by: height.reduce(0) { $0 << 8 | Int($1) }
    ).partialValue
  }

  /// What a file without the PNG signature probably is, by its first bytes, as the end of a sentence.
  fileprivate static func otherKind(_ bytes: [UInt8]) -> String {
    guard !bytes.isEmpty, !bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) else {
      return ""
    }
    let kinds: [([UInt8], String)] = [
      ([0xff, 0xd8, 0xff], "it is a JPEG file; convert it"),
      (Array("GIF8".utf8), "it is a GIF file; convert it"),
      (Array("BM".utf8), "it seems to be a BMP file; convert it"),
      (Array("RIFF".utf8), "it seems to be a WebP file; convert it"),
      ([0x49, 0x49, 0x2a, 0], "it is a TIFF file; convert it"),
      ([0x4d, 0x4d, 0, 0x2a], "it is a TIFF file; convert it"),
      (Array("<".utf8), "it seems to be a web page, as a failed download leaves"),
      (Array("version https://git-lfs".utf8), "it is a Git LFS pointer; fetch the file itself"),
    ]
    return kinds.first { bytes.starts(with: $0.0) }.map { ": \($0.1)" } ?? ""
  }
}

/// The text in a C buffer, without the bytes past its end.
private func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
