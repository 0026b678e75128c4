import Randomness
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  @Test("a stream depends on seed, purpose and index, and on nothing else")
  func keys() {
    func first(_ seed: UInt64, _ purpose: String, _ index: UInt64) -> UInt64 {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return stream.next()
    }
    #expect(first(1, "a", 0) == first(1, "a", 0))
    let keys = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)]
    #expect(Set(keys).count == keys.count)
  }

  @Test("uniform and normal numbers have the moments they should")
  func moments() {
    var stream = RandomStream(seed: 3, purpose: "moments")
    let n = 200_000
    let u = (0..<n).map { _ in stream.uniform() }
    let z = (0..<n).map { _ in stream.normal() }
    // The standard error of a mean of n uniforms is 0.29/√n = 0.00065; of n squared normals √2/√n = 0.0032.
    #expect(abs(u.reduce(0, +) / Double(n) - 0.5) < 0.003)
    #expect(abs(z.reduce(0, +) / Double(n)) < 0.01)
    #expect(abs(z.reduce(0) { $0 + $1 * $1 } / Double(n) - 1) < 0.015)
  }

  @Test("distinct draws are distinct, in range and evenly spread")
  func distinct() {
    var counts = [Int](repeating: 0, count: 7)
    for index in 0..<7000 {
      var stream = RandomStream(seed: 5, purpose: "distinct", index: UInt64(index))
      let drawn = stream.distinct(3, below: 7)
      #expect(Set(drawn).count == 3)
      for i in drawn { counts[i] += 1 }
    }
    // Each is Binomial(7000, 3/7): mean 3000, standard deviation 41.
    #expect(counts.allSatisfy { abs($0 - 3000) < 210 })
  }
}
