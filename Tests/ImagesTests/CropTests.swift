import Images
import TestData
import Testing

@Suite("The part of a picture that is kept")
struct CropTests {
  /// A grey picture whose values count its pixels.
  private func picture(_ width: Int, _ height: Int) throws -> DecodedPicture {
    let pixels = (0..<width * height).map { UInt8($0 % 251) }
    return try DecodedPicture(decoding: PNGCodec.encode(pixels, width: width, height: height))
  }

  private func prepared(_ crop: Crop, _ size: Int, _ picture: DecodedPicture) -> [UInt8] {
    ImagePreparation(imageSize: size, crop: crop).bytes(of: picture)
  }

  @Test(
    "the middle square of a wide and of a high picture, as torchvision cuts it out of pictures of its size")
  func middle() throws {
    // Resized to a shorter side of 256, which it has, and cut: 7/8 of 256 = 224; (320 − 224)/2 = 48; (256 − 224)/2 = 16.
    // With a sixteenth of the sides: 14 of 16 rows from the first, of 20 columns from the third.
    for (width, height) in [(20, 16), (16, 20)] {
      let (left, top) = ((width - 14) / 2, (height - 14) / 2)
      let expected: [UInt8] = (top..<top + 14).flatMap { y in
        (left..<left + 14).map { x in UInt8((y * width + x) % 251) }
      }
      #expect(try prepared(.middle(0.875), 14, picture(width, height)) == expected)
    }
  }

  @Test("a share of one keeps the whole of a square, and nothing but the shorter side of others")
  func whole() throws {
    let square = try picture(12, 12)
    #expect(prepared(.middle(1), 5, square) == prepared(.whole, 5, square))
    // A white picture between black margins that a square in the middle does not reach.
    let pixels = (0..<6 * 12).map { UInt8((3..<9).contains($0 % 12) ? 255 : 0) }
    let wide = try DecodedPicture(decoding: PNGCodec.encode(pixels, width: 12, height: 6))
    #expect(prepared(.middle(1), 3, wide) == Array(repeating: 255, count: 9))
    #expect(prepared(.whole, 3, wide) != Array(repeating: 255, count: 9))
  }

  @Test("the smallest share of the smallest picture is a pixel", arguments: [1, 2, 3], [1, 2, 7])
  func tiny(width: Int, height: Int) throws {
    let kept = prepared(.middle(0.001), 2, try picture(width, height))
    let middle = UInt8((height - 1) / 2 * width + (width - 1) / 2)
    #expect(kept == Array(repeating: middle, count: 4))
  }

  @Test("every channel is cut at the same place, before values are inverted")
  func channels() throws {
    let pixels = (0..<3 * 6 * 4).map { UInt8($0) }
    let image = try DecodedPicture(decoding: PNGCodec.encode(pixels, width: 6, height: 4, channels: 3))
    let found = ImagePreparation(imageSize: 2, channels: 3, crop: .middle(0.5), invert: true).bytes(of: image)
    // Columns 2 and 3 of rows 1 and 2.
    let places = [8, 9, 14, 15]
    let expected: [UInt8] = (0..<3).flatMap { c in places.map { place in UInt8(255 - 3 * place - c) } }
    #expect(found == expected)
  }

  @Test("a picture that was prepared is cut no further when it is prepared again")
  func again() throws {
    let preparation = ImagePreparation(imageSize: 8, crop: .middle(0.5), invert: true)
    let bytes = preparation.bytes(of: try picture(40, 30))
    let planes = preparation.planes(of: bytes[...])
    #expect(preparation.again.bytes(of: planes, width: 8, height: 8) == bytes)
    #expect(preparation.bytes(of: planes, width: 8, height: 8) != bytes)
  }
}
