extension DecodedPicture {
  /// A 64-bit key of a picture's size and 8-bit RGBA values, the same for every way of storing them.
  ///
  /// Two pictures with the same key are treated as the same picture. Among 100,000 different pictures a
  /// false match has a chance of about 3 in ten thousand million.
  var contentKey: UInt64 {
    let rgba = rgba8
    var state: UInt64 = Self.mix(UInt64(width) << 32 | UInt64(height))
    var i = 0
    rgba.withUnsafeBytes { bytes in
      while i + 8 <= bytes.count {
        state = Self.mix(
          state ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
        i += 8
      }
      while i < bytes.count {
        state = Self.mix(state ^ UInt64(bytes[i]))
        i += 1
      }
    }
    return state
  }

  /// A bijection of 64 bits that spreads every bit over all (SplitMix64's).
  private static func mix(_ x: UInt64) -> UInt64 {
    var z = x &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
