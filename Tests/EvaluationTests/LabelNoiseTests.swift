import Evaluation
import Randomness
import Testing

@Suite("Label noise")
struct LabelNoiseTests {
  private func labels(_ noise: LabelNoise, _ share: Double, _ ways: Int, _ shots: Int, _ index: UInt64 = 0)
    -> [Int]
  {
    var stream = RandomStream(seed: 2, purpose: "labels", index: index)
    return noise.labels(share: share, ways: ways, shots: shots, &stream)
  }

  @Test(
    "every class keeps its number of images, and as many are wrong as asked for",
    arguments: LabelNoise.allCases)
  func counts(noise: LabelNoise) {
    for ways in 2...7 {
      for shots in 1...6 {
        for share in [0, 0.2, 0.4, 0.6, 1] {
          let found = labels(noise, share, ways, shots, UInt64(ways * shots))
          let total = Int((share * Double(ways * shots)).rounded())
          let wrong = found.indices.filter { found[$0] != $0 / shots }
          if noise == .outlier {
            #expect(wrong.count == total && wrong.allSatisfy { found[$0] == ways })
            let lost = (0..<ways).map { c in wrong.count { $0 / shots == c } }
            #expect((lost.max() ?? 0) - (lost.min() ?? 0) <= 1)
          } else {
            // A swap takes two: one image over is none or two.
            #expect(abs(wrong.count - total) <= 1, "\(ways)×\(shots) at \(share): \(wrong.count) of \(total)")
            for c in 0..<ways { #expect(found.count { $0 == c } == shots) }
          }
        }
      }
    }
  }

  @Test("with five shots the counts of the literature are exact, and own images stay the most")
  func plurality() {
    for index in 0..<20 {
      for (share, wrong) in [(0.2, 5), (0.4, 10), (0.6, 15)] {
        let found = labels(.symmetric, share, 5, 5, UInt64(index))
        #expect(found.indices.count { found[$0] != $0 / 5 } == wrong)
        for c in 0..<5 {
          let sources = found.indices.filter { found[$0] == c }.map { $0 / 5 }
          let own = sources.count { $0 == c }
          for other in 0..<5 where other != c { #expect(sources.count { $0 == other } < own) }
        }
      }
    }
  }

  @Test("pairs swap with each other only; of five classes three go round")
  func pairs() {
    for index in 0..<20 {
      let found = labels(.pair, 0.4, 5, 5, UInt64(index))
      #expect(found.indices.count { found[$0] != $0 / 5 } == 10)
      let partners = (0..<5).map { c in Set((0..<5).map { found[c * 5 + $0] }.filter { $0 != c }) }
      #expect(partners.allSatisfy { $0.count == 1 })
      let mutual = (0..<5).count { c in partners[c].contains { partners[$0].contains(c) } }
      #expect(mutual == 2)
    }
  }

  @Test("with one shot a share of 20 % is right on average")
  func oneShot() {
    let wrong = (0..<400).map { index in
      let found = labels(.symmetric, 0.2, 5, 1, UInt64(index))
      return found.indices.count { found[$0] != $0 }
    }
    #expect(Set(wrong) == [0, 2])
    // 400 fair coins: 400 ± 5·√400.
    #expect(abs(wrong.reduce(0, +) - 400) < 100)
  }
}
