/// A PNG file as its chunks, so that a changed one can carry the right checksum and get past the first check.
public struct PNGChunks {
  /// A name of four bytes with its data.
  struct Chunk {
    var name: [UInt8]
    var data: [UInt8]
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  var chunks: [Chunk] = []

  /// Cuts a file at its lengths; what does not fit the last one is left out.
  init(_ file: [UInt8]) {
    var position = 8
    while position + 12 <= file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = min(file.count, position + 8 + min(length, file.count))
      chunks.append(
        Chunk(name: Array(file[position + 4..<position + 8]), data: Array(file[position + 8..<end])))
      position = end + 4
    }
  }

  /// The header that says how the pixels are stored: a width and a height, bits, a kind of colour, and Adam7 or not.
  static func header(width: UInt32, height: UInt32, depth: UInt8, color: UInt8, interlaced: UInt8) -> Chunk {
    Chunk(name: Array("IHDR".utf8), data: big(width) + big(height) + [depth, color, 0, 0, interlaced])
  }

  /// Rows of pixels, each behind its filter, that zlib reads as they are.
  static func pixels(_ rows: [UInt8]) -> Chunk { Chunk(name: Array("IDAT".utf8), data: stored(rows)) }

  /// The file with every length and checksum right.
  public static func repaired(_ file: [UInt8]) -> [UInt8] { PNGChunks(file).file }

  var file: [UInt8] {
    chunks.reduce(into: Self.signature) { file, chunk in
      let body = chunk.name + chunk.data
      file += Self.big(UInt32(truncatingIfNeeded: chunk.data.count)) + body + Self.big(Self.checksum(body))
    }
  }

  /// Pictures of kinds that the encoder does not write: palette with transparency, 16 bits, interlaced, 1 bit.
  static var variants: [[UInt8]] {
    func picture(_ depth: UInt8, _ type: UInt8, _ interlaced: UInt8, _ rows: [UInt8], _ extra: [Chunk] = [])
      -> [UInt8]
    {
      var result = PNGChunks([])
      result.chunks =
        [header(width: 3, height: 2, depth: depth, color: type, interlaced: interlaced)] + extra + [
          pixels(rows)
        ]
      result.chunks.append(Chunk(name: Array("IEND".utf8), data: []))
      return result.file
    }
    let palette = [
      Chunk(name: Array("PLTE".utf8), data: [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      Chunk(name: Array("tRNS".utf8), data: [9]),
    ]
    let sixteen = (0..<2).flatMap { _ in [UInt8(0)] + (0..<24).map { UInt8($0 * 10) } }
    // Adam7 of 3 × 2: passes of 1, 1, 1 and 1 pixels, then a row of 3.
    let interlaced: [UInt8] = [0, 5, 0, 6, 0, 7, 0, 8, 9, 10]
    return [
      picture(2, 3, 0, [0, 0b0001_1000, 0, 0b1001_0000], palette), picture(16, 6, 0, sixteen),
      picture(8, 0, 1, interlaced), picture(1, 0, 0, [0, 0xa0, 0, 0x40]),
    ]
  }

  private static func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes { crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 255)] }
    return ~crc
  }

  /// The checksum of each byte alone.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }

  /// One stored deflate block in a zlib frame.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let count = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8)]
    return [0x78, 1, 1] + count + count.map { ~$0 } + bytes + big(b << 16 | a)
  }
}
