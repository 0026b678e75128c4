/// A reproducible stream of random numbers, the same on every machine.
///
/// A stream is a pure function of `(seed, purpose, index)`: two streams that differ in any of the three are
/// statistically independent, so an episode, a layer or an image can draw its numbers without knowing what
/// was drawn before it, in any order and on any thread.
///
/// - Source: xoshiro256** seeded through SplitMix64 (Blackman and Vigna 2018).
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Makes the stream that belongs to a seed, a purpose and an index.
  ///
  /// - Parameters:
  ///   - seed: The user's seed.
  ///   - purpose: What the numbers are for, for example `"episodes/train"`. Part of the key.
  ///   - index: Which of the many streams of this purpose.
  public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
    // FNV-1a over the purpose: stable across runs, unlike Hasher.
    var name: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { name = (name ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var key = Self.mix(seed)
    key = Self.mix(key ^ name)
    key = Self.mix(key ^ index)
    func word(_ i: UInt64) -> UInt64 { Self.mix(key &+ i &* 0x9e37_79b9_7f4a_7c15) }
    (s0, s1, s2, s3) = (word(1), word(2), word(3), word(4) | 1)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = Self.rotate(s3, 45)
    return result
  }

  /// A number in `[0, 1)` with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `[low, high)`.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// An integer in `0..<bound`, without bias.
  ///
  /// - Precondition: `bound > 0`.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below: bound \(bound) is not positive")
    // Lemire 2019, written out: frozen episodes must not depend on the standard library's version.
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// `count` different integers of `0..<bound`, in random order.
  ///
  /// - Precondition: `0 <= count <= bound`.
  /// - Complexity: O(count) time and memory, by a sparse Fisher-Yates shuffle.
  public mutating func distinct(_ count: Int, below bound: Int) -> [Int] {
    precondition(0 <= count && count <= bound, "distinct: \(count) of \(bound)")
    var moved: [Int: Int] = [:]
    return (0..<count).map { i in
      let j = i + below(bound - i)
      let picked = moved[j] ?? j
      moved[j] = moved[i] ?? i
      return picked
    }
  }

  private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

  private static func mix(_ x: UInt64) -> UInt64 {
    var z = x &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
