import Images
import Randomness
import TestData
import Testing

@Suite("PNG files")
struct PNGTests {
  static let kinds: [(type: Int, depth: Int)] = [
    (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16),
    (6, 8), (6, 16),
  ]

  /// A stored sample that uses all values of the depth.
  func sample(_ depth: Int, _ x: Int, _ y: Int, _ channel: Int) -> Int {
    (x * 7919 + y * 104_729 + channel * 31_337 + 5) % (1 << depth)
  }

  @Test(
    "every colour type and depth decodes to its stored values, interlaced or not", arguments: kinds,
    [false, true])
  func allKinds(kind: (type: Int, depth: Int), isInterlaced: Bool) throws {
    let (type, depth) = kind
    var png = HandmadePNG(width: 13, height: 11, depth: depth, type: type, isInterlaced: isInterlaced)
    if type == 3 {
      png.palette = (0..<3 << depth).map { UInt8(truncatingIfNeeded: $0 * 37) }
      png.transparency = [10, 20]
    }
    let image = try DecodedPicture(decoding: png.file { sample(depth, $0, $1, $2) })
    #expect(image.width == 13 && image.height == 11 && image.sampleBits == max(8, depth))

    let full = depth == 16 ? 65_535 : 255
    var expected: [Int] = []
    for y in 0..<11 {
      for x in 0..<13 {
        let s = (0..<png.channels).map { sample(depth, x, y, $0) }
        switch type {
        // A grey of d bits has 2^d levels, and 255 / (2^d − 1) is 255, 85, 17 or 1.
        case 0:
          let grey = depth < 8 ? s[0] * (255 / ((1 << depth) - 1)) : s[0]
          expected += [grey, grey, grey, full]
        case 2: expected += s + [full]
        case 3: expected += (0..<3).map { (3 * s[0] + $0) * 37 & 255 } + [s[0] < 2 ? 10 * (s[0] + 1) : 255]
        case 4: expected += [s[0], s[0], s[0], s[1]]
        default: expected += s
        }
      }
    }
    let bytes =
      depth == 16 ? expected.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } : expected.map { UInt8($0) }
    #expect(image.rgba == bytes)
  }

  @Test("a transparent grey or colour becomes alpha 0", arguments: [0, 2])
  func transparency(type: Int) throws {
    var png = HandmadePNG(width: 3, height: 1, depth: 8, type: type)
    png.transparency = type == 0 ? [0, 9] : [0, 9, 0, 9, 0, 9]
    let image = try DecodedPicture(decoding: png.file { x, _, _ in 8 + x })
    #expect(image.rgba == [8, 8, 8, 255, 9, 9, 9, 0, 10, 10, 10, 255])
  }

  @Test("what is encoded decodes to the same pixels", arguments: [1, 3], [0, 1, 6, 9])
  func roundTrip(channels: Int, compression: Int) throws {
    // 300 × 300 × 3 needs several stored blocks of 65,535 bytes.
    let pixels = (0..<300 * 300 * channels).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    let file = try PNGCodec.encode(
      pixels, width: 300, height: 300, channels: channels, compression: compression)
    let image = try DecodedPicture(decoding: file)
    var expected: [UInt8] = []
    for i in 0..<300 * 300 {
      for c in 0..<3 { expected.append(pixels[channels * i + min(c, channels - 1)]) }
      expected.append(255)
    }
    #expect(image.rgba == expected)
  }

  @Test("numbers that make no picture are refused")
  func notEncodable() {
    #expect(throws: ImageError.self) { try PNGCodec.encode([], width: 0, height: 0) }
    #expect(throws: ImageError.self) { try PNGCodec.encode([1, 2, 3], width: 2, height: 2) }
    #expect(throws: ImageError.self) { try PNGCodec.encode([1, 2], width: 1, height: 1, channels: 2) }
    #expect(throws: ImageError.self) { try PNGCodec.encode([1], width: 1, height: 1, compression: 10) }
  }

  @Test("a file cut short anywhere is refused")
  func truncated() throws {
    let file = HandmadePNG(width: 9, height: 7, depth: 8, type: 2).file { sample(8, $0, $1, $2) }
    for count in 0..<file.count {
      #expect(throws: ImageError.self, "first \(count) bytes") {
        try DecodedPicture(decoding: Array(file.prefix(count)))
      }
    }
    #expect(try DecodedPicture(decoding: file).width == 9)
  }

  @Test("a changed byte is refused or decodes, and never crashes")
  func corrupted() throws {
    let file = HandmadePNG(width: 9, height: 7, depth: 4, type: 0, isInterlaced: true).file {
      sample(4, $0, $1, $2)
    }
    var stream = RandomStream(seed: 1, purpose: "test/corrupted")
    var refused = 0
    for i in file.indices {
      var bad = file
      bad[i] ^= UInt8(1 + stream.below(255))
      do { _ = try DecodedPicture(decoding: bad) } catch { refused += 1 }
    }
    // Every byte lies in the signature, a length, a name, or data under a checksum.
    #expect(refused == file.count)
    for _ in 0..<500 {
      let noise = HandmadePNG.signature + (0..<stream.below(200)).map { _ in UInt8(stream.below(256)) }
      #expect(throws: ImageError.self) { try DecodedPicture(decoding: noise) }
    }
  }

  @Test("a wrong checksum of the pixels is refused")
  func checksum() throws {
    var file = HandmadePNG(width: 4, height: 4, depth: 8, type: 0).file { x, _, _ in x }
    file[file.count - 13] ^= 1
    #expect(complaint { _ = try DecodedPicture(decoding: file) }.contains("CRC"))
  }

  @Test("a picture larger than the limit is refused before memory is taken")
  func tooLarge() {
    let huge = HandmadePNG(width: 100_000, height: 3, depth: 8, type: 0)
    let start = HandmadePNG.signature + HandmadePNG.chunk("IHDR", huge.header)
    #expect(
      throws: ImageError.tooLarge(width: 100_000, height: 3, limit: ImageLimit()),
      performing: { try DecodedPicture(decoding: start + HandmadePNG.chunk("IEND", [])) })

    let wide = HandmadePNG(width: 20, height: 20, depth: 8, type: 0).file { _, _, _ in 0 }
    let limit = ImageLimit(side: 100, pixels: 399)
    #expect(throws: ImageError.tooLarge(width: 20, height: 20, limit: limit)) {
      try DecodedPicture(decoding: wide, limit: limit)
    }
    #expect(throws: Never.self) {
      try DecodedPicture(decoding: wide, limit: ImageLimit(side: 20, pixels: 400))
    }
  }

  @Test("a short file that declares many pixels within the limit is refused")
  func impossible() {
    let large = HandmadePNG(width: 8000, height: 8000, depth: 16, type: 6)
    let file =
      HandmadePNG.signature + HandmadePNG.chunk("IHDR", large.header) + HandmadePNG.chunk("IDAT", [0x78, 1])
      + HandmadePNG.chunk("IEND", [])
    #expect(complaint { _ = try DecodedPicture(decoding: file) }.contains("too short"))
  }

  @Test("a colour number that the palette does not have is refused", arguments: [1, 2, 4, 8], [false, true])
  func palette(depth: Int, isInterlaced: Bool) throws {
    // One colour fewer than the depth can name.
    let colours = (1 << depth) - 1
    let png = HandmadePNG(
      width: 9, height: 5, depth: depth, type: 3, isInterlaced: isInterlaced,
      palette: (0..<3 * colours).map { UInt8($0 % 256) }, transparency: [7])
    let good = try DecodedPicture(decoding: png.file { x, y, _ in (x + y) % colours })
    for y in 0..<5 {
      for x in 0..<9 {
        let index = (x + y) % colours
        let pixel = Array(good.rgba[4 * (9 * y + x)..<4 * (9 * y + x) + 4])
        #expect(pixel == (0..<3).map { UInt8((3 * index + $0) % 256) } + [index == 0 ? 7 : 255])
      }
    }
    let bad = png.file { x, y, _ in x == 8 && y == 4 ? colours : 0 }
    let sentence = complaint { _ = try DecodedPicture(decoding: bad) }
    #expect(
      sentence.contains("colour number \(colours), but its palette has \(colours) colours"), "\(sentence)")
  }

  @Test("a chunk that runs past the end of the file is refused before memory is taken for it")
  func chunks() {
    let header = HandmadePNG(width: 4, height: 4, depth: 8, type: 0).header
    let start = HandmadePNG.signature + HandmadePNG.chunk("IHDR", header)
    for length in [1, 1_000_000_000, 0x7fff_ffff, 0xffff_ffff] {
      let file = start + HandmadePNG.big(length) + Array("tEXt".utf8) + HandmadePNG.big(0)
      let sentence = complaint { _ = try DecodedPicture(decoding: file) }
      #expect(sentence.contains("its chunk tEXt declares \(length) bytes and has 0"), "\(sentence)")
    }
  }
}
