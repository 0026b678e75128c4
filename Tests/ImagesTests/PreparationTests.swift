import Images
import TestData
import Testing

@Suite("Image preparation")
struct PreparationTests {
  func plane(_ width: Int, _ height: Int) -> [UInt8] {
    (0..<width * height).map { UInt8(truncatingIfNeeded: $0 * 89 + $0 / 7) }
  }

  @Test("the same size changes nothing", arguments: Resize.allCases, [1, 2, 7, 28])
  func identity(method: Resize, size: Int) {
    let source = plane(size, size)
    #expect(resized(source, width: size, height: size, to: size, by: method) == source)
  }

  @Test("nearest takes the pixel under the centre", arguments: 1...12, 1...12)
  func nearest(length: Int, size: Int) {
    // A row of different values: output o reads floor((o + 1/2) · length / size).
    let source = (0..<length).map { UInt8($0) }
    let result = resized(source, width: length, height: 1, to: size, by: .nearest)
    let expected = (0..<size).map {
      UInt8(((Double($0) + 0.5) * Double(length) / Double(size)).rounded(.down))
    }
    #expect(Array(result.prefix(size)) == expected)
    #expect(result == (0..<size).flatMap { _ in expected })
  }

  @Test("area by a whole factor is the mean of each block", arguments: [1, 2, 3, 5], [1, 2, 4])
  func blocks(size: Int, factor: Int) {
    let side = size * factor
    let source = plane(side, side)
    let result = resized(source, width: side, height: side, to: size, by: .area)
    for y in 0..<size {
      for x in 0..<size {
        var sum = 0
        for i in 0..<factor {
          for j in 0..<factor { sum += Int(source[(y * factor + i) * side + x * factor + j]) }
        }
        let mean = (Double(sum) / Double(factor * factor)).rounded()
        #expect(Double(result[y * size + x]) == mean)
      }
    }
  }

  @Test("area weighs the part of a pixel that is covered")
  func fractions() {
    // 3 pixels to 2: the middle one is shared, (2a + b) / 3 and (b + 2c) / 3.
    #expect(
      resized([30, 60, 120], width: 3, height: 1, to: 2, by: .area).prefix(2) == [40, 100])
    // 2 pixels to 3: a, (a + b) / 2, b.
    #expect(resized([10, 20], width: 2, height: 1, to: 3, by: .area).prefix(3) == [10, 15, 20])
  }

  @Test("a plane of one value keeps it", arguments: Resize.allCases, [1, 3, 28, 50])
  func constant(method: Resize, size: Int) {
    let source = [UInt8](repeating: 201, count: 37 * 19)
    let result = resized(source, width: 37, height: 19, to: size, by: method)
    #expect(result == [UInt8](repeating: 201, count: size * size))
  }

  @Test("a turn by 90 degrees is counterclockwise")
  func quarter() {
    // 1 2      2 4
    // 3 4  ->  1 3
    #expect(rotated([1, 2, 3, 4], size: 2, degrees: 90) == [2, 4, 1, 3])
  }

  @Test("turns add up", arguments: [0, 90, 180, 270], [0, 90, 180, 270])
  func turns(first: Int, second: Int) {
    let source = plane(5, 5)
    let twice = rotated(rotated(source, size: 5, degrees: first), size: 5, degrees: second)
    #expect(twice == rotated(source, size: 5, degrees: (first + second) % 360))
  }

  @Test("greys stay exactly as they are, in one channel and in three")
  func greys() throws {
    let pixels = (0..<256).map { UInt8($0) }
    let image = try DecodedPicture(decoding: PNGCodec.encode(pixels, width: 16, height: 16))
    #expect(ImagePreparation(imageSize: 16).bytes(of: image) == pixels)
    #expect(ImagePreparation(imageSize: 16, channels: 3).bytes(of: image) == pixels + pixels + pixels)
    #expect(ImagePreparation(imageSize: 16, invert: true).bytes(of: image) == pixels.map { 255 - $0 })
  }

  @Test("colours are weighted by Rec. 601, and kept apart in three channels")
  func colours() throws {
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    let image = try DecodedPicture(decoding: PNGCodec.encode(pixels, width: 2, height: 2, channels: 3))
    // 0.299 · 255 = 76.2, 0.587 · 255 = 149.7, 0.114 · 255 = 29.1
    #expect(ImagePreparation(imageSize: 2).bytes(of: image) == [76, 150, 29, 255])
    #expect(
      ImagePreparation(imageSize: 2, channels: 3).bytes(of: image) == [
        255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255,
      ])
  }

  @Test("transparent pixels lie on white paper")
  func transparent() throws {
    let alphas = [0, 51, 255, 102]
    let file = HandmadePNG(width: 2, height: 2, depth: 8, type: 4).file { x, y, c in
      c == 0 ? 100 : alphas[2 * y + x]
    }
    // 255 − alpha/255 · 155: alpha 1/5 leaves 224, 2/5 leaves 193.
    #expect(
      try ImagePreparation(imageSize: 2).bytes(of: DecodedPicture(decoding: file)) == [255, 224, 100, 193])
  }

  @Test("16-bit samples are rounded to 8 bits")
  func deep() throws {
    let values = [0, 128, 129, 65_535]
    let file = HandmadePNG(width: 2, height: 2, depth: 16, type: 0).file { x, y, _ in values[2 * y + x] }
    // 128/257 = 0.498 rounds down, 129/257 = 0.502 up.
    #expect(try ImagePreparation(imageSize: 2).bytes(of: DecodedPicture(decoding: file)) == [0, 0, 1, 255])
  }
}
