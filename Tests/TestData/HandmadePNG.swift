/// PNG files written by hand, so that the decoder is not tested with its own library's encoder.
package struct HandmadePNG {
  package var width: Int
  package var height: Int
  package var depth: Int
  package var type: Int
  package var isInterlaced = false
  package var palette: [UInt8] = []
  package var transparency: [UInt8] = []

  /// From its parts.
  package init(
    width: Int, height: Int, depth: Int, type: Int, isInterlaced: Bool = false, palette: [UInt8] = [],
    transparency: [UInt8] = []
  ) {
    self.width = width
    self.height = height
    self.depth = depth
    self.type = type
    self.isInterlaced = isInterlaced
    self.palette = palette
    self.transparency = transparency
  }

  package static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The whole file; `sample(x, y, channel)` gives stored samples.
  package func file(_ sample: (Int, Int, Int) -> Int) -> [UInt8] {
    var raw: [UInt8] = []
    for pass in isInterlaced ? Self.passes : [(0, 0, 1, 1)] {
      let columns = Array(stride(from: pass.0, to: width, by: pass.2))
      if columns.isEmpty { continue }
      for y in stride(from: pass.1, to: height, by: pass.3) {
        raw.append(0)
        raw += packed(columns.flatMap { x in (0..<channels).map { sample(x, y, $0) } })
      }
    }
    var file = Self.signature + Self.chunk("IHDR", header)
    if !palette.isEmpty { file += Self.chunk("PLTE", palette) }
    if !transparency.isEmpty { file += Self.chunk("tRNS", transparency) }
    return file + Self.chunk("IDAT", Self.stored(raw)) + Self.chunk("IEND", [])
  }

  package var header: [UInt8] {
    Self.big(width) + Self.big(height) + [UInt8(depth), UInt8(type), 0, 0, isInterlaced ? 1 : 0]
  }

  package var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][type] ?? 1 }

  /// Adam7: first column, first row, column step, row step.
  private static let passes = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
  ]

  private func packed(_ samples: [Int]) -> [UInt8] {
    if depth == 16 { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    let perByte = 8 / depth
    return stride(from: 0, to: samples.count, by: perByte).map { start in
      var byte = 0
      for i in 0..<perByte {
        byte = byte << depth | (start + i < samples.count ? samples[start + i] : 0)
      }
      return UInt8(byte)
    }
  }

  package static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(data.count) + body + big(Int(crc(body)))
  }

  package static func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 65_536, "one stored block")
    let n = bytes.count
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let length = [UInt8(n & 255), UInt8(n >> 8)]
    return [0x78, 1, 1] + length + length.map { ~$0 } + bytes + big(b << 16 | a)
  }
}
