internal import Randomness

/// Damages files as disks, strangers and other programs do; the same seed gives the same damage.
public struct Mutator {
  private var stream: RandomStream
  private let format: FileFormat
  private let seeds: [[UInt8]]
  private let tokens: [[UInt8]]

  /// A source of damaged files of a format.
  public init(_ format: FileFormat, seed: UInt64) throws {
    stream = RandomStream(seed: seed, purpose: "test/hostile/\(format.rawValue)")
    self.format = format
    seeds = try format.seeds
    tokens = format.tokens
  }

  /// The next damaged file.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[stream.below(seeds.count)]
    for _ in 0...stream.below(4) { change(&bytes) }
    // Half keep their wrong checksums; the others reach what lies behind the check.
    guard format.hasChecksums, stream.below(2) == 1 else { return bytes }
    guard format == .png else { return format.repaired(bytes) ?? bytes }
    return PNGMutator.changed(bytes, &stream) { $0 }
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(stream.below(256))]
      return
    }
    let position = stream.below(bytes.count)
    let end = min(bytes.count, position + 1 + stream.below(20))
    switch stream.below(10) {
    case 0: bytes[position] ^= 1 << UInt8(stream.below(8))
    case 1: bytes[position] = UInt8(stream.below(256))
    case 2: bytes[position] = [0, 1, 0x7f, 0x80, 0xff][stream.below(5)]
    case 3: bytes.removeSubrange(position..<end)
    case 4: bytes.insert(contentsOf: Array(bytes[position..<end]), at: position)
    case 5: bytes.insert(contentsOf: tokens[stream.below(tokens.count)], at: position)
    case 6: bytes = Array(bytes.prefix(position))
    case 7:
      let other = seeds[stream.below(seeds.count)]
      bytes = Array(bytes.prefix(position)) + other.suffix(stream.below(other.count + 1))
    case 8:
      // Another number in its place: text stays well formed, so what is behind the reader of the form is reached.
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      guard let digit = bytes[position...].firstIndex(where: digits.contains) else { return }
      bytes[digit] = digits.lowerBound + UInt8(stream.below(10))
    default:
      // A length or a size, in either order of bytes, at one of its edges.
      let value: UInt32 = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 65_536][stream.below(6)]
      let isBig = stream.below(2) == 0
      for (i, at) in (position..<min(bytes.count, position + 4)).enumerated() {
        bytes[at] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (isBig ? 3 - i : i)))
      }
    }
  }
}
