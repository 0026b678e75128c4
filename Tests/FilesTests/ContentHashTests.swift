import CHash
import Files
import Testing

@Suite("SHA-256")
struct ContentHashTests {
  // FIPS 180-4's examples, from NIST's "Example Values" and the SHAVS short messages.
  @Test(
    "the standard's own examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func examples(text: String, hash: String) {
    #expect(ContentHash.sha256(Array(text.utf8)) == hash)
    #expect(Self.sha256(Array(text.utf8), by: sha256_blocks_portable) == hash)
  }

  /// The hash of some bytes by one of the two functions, with the padding of section 5.1.1 written out plainly.
  private static func sha256(
    _ bytes: [UInt8], by take: (UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt8>?, Int) -> Void
  ) -> String {
    var padded = bytes + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(bytes.count) * 8
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    take(&state, padded, padded.count / 64)
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  @Test(
    "every length up to 300 has one hash, by the processor's instructions and in plain C",
    .enabled(if: sha256_has_instructions() == 1, "this processor has no such instructions"))
  func lengths() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 151 + $0 / 7) }
    var seen: Set<String> = []
    for length in 0...300 {
      let part = Array(bytes.prefix(length))
      let hash = ContentHash.sha256(part)
      #expect(hash == Self.sha256(part, by: sha256_blocks), "\(length) bytes")
      #expect(hash == Self.sha256(part, by: sha256_blocks_portable), "\(length) bytes")
      seen.insert(hash)
    }
    #expect(seen.count == 301)
  }

  @Test("a running state is continued block by block")
  func blocks() {
    let bytes = (0..<64 * 5).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let start = (0..<8).map { UInt32($0) &* 0x9e37_79b9 }
    var (whole, portable, single) = (start, start, start)
    sha256_blocks(&whole, bytes, 5)
    sha256_blocks_portable(&portable, bytes, 5)
    for i in 0..<5 { sha256_blocks(&single, Array(bytes[64 * i..<64 * (i + 1)]), 1) }
    #expect(whole == portable && whole == single && whole != start)
  }

  // cd data && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum, where a/1.png holds "abc",
  // a/2.png nothing and B/1.png "abc": B stands before a.
  @Test("the hash of a data set is that of sha256sum over the sorted paths, whatever order they come in")
  func dataset() {
    let (abc, empty) = (ContentHash.sha256(Array("abc".utf8)), ContentHash.sha256([]))
    let files = [("a/1.png", abc), ("B/1.png", abc), ("a/2.png", empty)]
    for order in [files, files.reversed()] {
      #expect(
        ContentHash.dataset(order.map { (path: $0.0, sha256: $0.1) })
          == "fa0c480ab0985413b7543519b76e0d707b6cc528bf5ac8d0e56987f8394820ef")
    }
  }
}
