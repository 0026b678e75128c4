/// Arrays of NumPy and ZIP archives written by hand, so that a reader is not tested with a writer of its own.
package enum HandmadeArrays {
  /// An `.npy` file of version 1.
  package static func npy(_ type: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let sides = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sides)), }"
    header += String(repeating: " ", count: (64 - (11 + header.utf8.count) % 64) % 64) + "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
      + bytes
  }

  /// CRC-32, bit by bit.
  package static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }

  /// A ZIP archive of stored files.
  package static func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    var out: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in files {
      let facts = [20, 0, 0, 0, 0].flatMap { number($0, 2) }
      let sizes = number(Int(crc(bytes)), 4) + number(bytes.count, 4) + number(bytes.count, 4)
      let start = out.count
      out +=
        [0x50, 0x4b, 3, 4] + facts + sizes + number(name.utf8.count, 2) + number(0, 2) + Array(name.utf8)
        + bytes
      directory += [0x50, 0x4b, 1, 2] + number(20, 2) + facts + sizes + number(name.utf8.count, 2)
      directory += number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(start, 4)
      directory += Array(name.utf8)
    }
    let start = out.count
    out += directory + [0x50, 0x4b, 5, 6] + number(0, 4) + number(files.count, 2) + number(files.count, 2)
    return out + number(directory.count, 4) + number(start, 4) + number(0, 2)
  }

  /// Whole numbers of eight bytes, the lowest first.
  package static func integers(_ values: [Int]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }
}
