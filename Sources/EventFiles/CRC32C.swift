/// The checksum of Castagnoli's polynomial, which records of events carry.
///
/// - Source: RFC 3720, appendix B.4, has the test values.
package enum CRC32C {
  /// Remainders of all bytes by the polynomial 0x1EDC6F41, bits reversed.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82f6_3b78 : rest >> 1 }
  }

  /// The checksum of some bytes.
  package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// The same turned and shifted, so that the checksum of data that holds its checksum says something too.
  package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }
}
