internal import CHash
internal import Formats

/// Hashes that tell whether data is the same.
///
/// SHA-256 is our own, a page of C: only checksums need it, and a library for it took more than half of the first
/// build.
package enum ContentHash {
  /// SHA-256 of bytes (FIPS 180-4), in hexadecimal.
  package static func sha256(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest(bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// SHA-256 of bytes (FIPS 180-4): 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    // The first 32 bits of the fractional parts of the square roots of the first eight primes.
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    let blocks = bytes.count / 64
    sha256_blocks(&state, bytes, blocks)
    // One bit, zeros, and the length in bits fill the last block or two.
    var tail = Array(bytes[(64 * blocks)...]) + [0x80]
    tail += Array(repeating: 0, count: (120 - tail.count) % 64)
    let bits = UInt64(bytes.count) * 8
    tail += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    sha256_blocks(&state, tail, tail.count / 64)
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
  }

  /// The hash of a data set: SHA-256 over one line `<SHA-256 of the file>  <path>\n` for each image, sorted
  /// by the bytes of the path.
  ///
  /// So `sha256sum` over the sorted relative paths, given to `sha256sum` again, computes it too.
  ///
  /// - Parameter files: Relative paths, each with the SHA-256 of its bytes in hexadecimal.
  /// - Returns: 64 hexadecimal digits.
  package static func dataset(_ files: [(path: String, sha256: String)]) -> String {
    sha256(files.sorted { bytewise($0.path, $1.path) }.flatMap { "\($0.sha256)  \($0.path)\n".utf8 })
  }

  /// The hash of a union of data sets: SHA-256 over the line `union\n` and one line `<hash of the data set>  <name>\n`
  /// for each, in their order.
  ///
  /// - Parameter sets: The data sets' names, each with its own hash, see ``dataset(_:)``.
  /// - Returns: 64 hexadecimal digits.
  package static func union(_ sets: [(name: String, hash: String)]) -> String {
    sha256(Array("union\n".utf8) + sets.flatMap { "\($0.hash)  \($0.name)\n".utf8 })
  }
}
