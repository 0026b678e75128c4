import Crypto

/// Hashes that say whether data is the same.
public enum ContentHash {
  /// SHA-256 of bytes, in hexadecimal.
  public static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

  /// The hash of a data set: SHA-256 over one line `<SHA-256 of the file>  <path>\n` for each image, sorted
  /// by the bytes of the path.
  ///
  /// So `sha256sum` over the sorted relative paths, given to `sha256sum` again, computes it too.
  ///
  /// - Parameter files: Relative paths, each with the SHA-256 of its bytes in hexadecimal.
  /// - Returns: 64 hexadecimal digits.
  public static func dataset(_ files: [(path: String, sha256: String)]) -> String {
    var hash = SHA256()
    for file in files.sorted(by: { bytewise($0.path, $1.path) }) {
      hash.update(data: Array("\(file.sha256)  \(file.path)\n".utf8))
    }
    return hexadecimal(hash.finalize())
  }

  /// A 64-bit key of a picture's size and 8-bit RGBA values, the same for every way of storing them.
  ///
  /// Two pictures with the same key are treated as the same picture. Among 100,000 different pictures a
  /// false match has a chance of about 3 in ten thousand million.
  static func key(of image: PNGImage) -> UInt64 {
    let rgba = image.rgba8
    var state: UInt64 = mix(UInt64(image.width) << 32 | UInt64(image.height))
    var i = 0
    rgba.withUnsafeBytes { bytes in
      while i + 8 <= bytes.count {
        state = mix(state ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
        i += 8
      }
      while i < bytes.count {
        state = mix(state ^ UInt64(bytes[i]))
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

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
