import CJPEGCodec

/// JPEG files, by libjpeg-turbo, where this build has the package trait `JPEG`.
package enum JPEGCodec {
  /// Whether this build decodes JPEG.
  package static var isBuiltIn: Bool { fewshot_jpeg_is_built_in() != 0 }

  /// Decodes a JPEG file and turns it upright.
  static func decode(_ bytes: [UInt8], limit: ImageLimit) throws(ImageError) -> DecodedPicture {
    var image = fewshot_jpeg_image()
    var message = [CChar](repeating: 0, count: 200)
    let result = fewshot_jpeg_decode(
      bytes, bytes.count, UInt32(clamping: limit.side), UInt64(clamping: limit.pixels), &image, &message,
      message.count)
    defer { fewshot_jpeg_free(image.rgba) }
    switch Int(result) {
    case fewshot_jpeg_decoded:
      return DecodedPicture(
        width: Int(image.width), height: Int(image.height), sampleBits: 8,
        rgba: Array(UnsafeBufferPointer(start: image.rgba, count: image.size)))
    case fewshot_jpeg_too_large:
      throw .tooLarge(width: Int(image.width), height: Int(image.height), limit: limit)
    case fewshot_jpeg_no_memory: throw .exhausted(reason: text(message))
    case fewshot_jpeg_not_built_in: throw .foreign(.jpeg)
    default: throw .corrupt(format: .jpeg, reason: text(message))
    }
  }

  /// The pixels that the first frame header declares; 0 if none is found.
  static func declaredPixels(_ bytes: [UInt8]) -> Int {
    var at = 2
    // A segment is FF, its kind, and two bytes of length, which count themselves.
    while at + 9 <= bytes.count, bytes[at] == 0xff {
      let kind = bytes[at + 1]
      if kind == 0xff {
        at += 1
        continue
      }
      let isFrame = (0xc0...0xcf).contains(kind) && ![0xc4, 0xc8, 0xcc].contains(kind)
      func number(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
      if isFrame { return number(at + 5) * number(at + 7) }
      at += 2 + max(2, number(at + 2))
    }
    return 0
  }
}
