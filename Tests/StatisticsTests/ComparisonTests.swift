import Foundation
import Statistics
import Testing

/// A small generator for the simulations: splitmix64, fixed here so that the tests never change.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Roughly normal: the sum of twelve uniforms less six has mean 0 and variance 1.
  mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}

@Suite("Summaries and comparisons")
struct ComparisonTests {
  @Test("a summary has the textbook values")
  func summary() {
    // Mean 5; squared deviations 9+1+1+1+0+0+4+16 = 32; s = √(32/7).
    let summary = Summary([2, 4, 4, 4, 5, 5, 7, 9])
    let s = (32.0 / 7).squareRoot()
    #expect(summary.count == 8)
    #expect(summary.mean == 5)
    #expect(abs((summary.standardDeviation ?? 0) - s) < 1e-15)
    #expect(abs((summary.halfWidth95 ?? 0) - 1.96 * s / 8.0.squareRoot()) < 1e-15)
  }

  @Test("one value has a mean and no spread, and a constant has none either")
  func degenerateSummaries() {
    #expect(Summary([3]).mean == 3)
    #expect(Summary([3]).halfWidth95 == nil)
    #expect(Summary([3, 3, 3]).halfWidth95 == 0)
    #expect(Summary([1, .nan]).halfWidth95 == nil)
    // A spread far below the mean must survive: deviations ±1 around 1e9.
    #expect(Summary([1e9 - 1, 1e9, 1e9 + 1]).standardDeviation == 1)
  }

  @Test("a paired comparison has the textbook values")
  func comparison() {
    // d = 1, 2, 3: mean 2, s = 1, t = 2√3, ν = 2, so p = 1 − t/√(2+t²) = 1 − √12/√14.
    let comparison = PairedComparison([3, 5, 7], [2, 3, 4])
    #expect(comparison.episodes == 3)
    #expect(comparison.meanDifference == 2)
    #expect(abs(comparison.p - (1 - (12.0 / 14).squareRoot())) < 1e-12)
    // The 97.5 % point for ν = 2 is 4.302652729911275.
    let halfWidth = 4.302652729911275 / 3.0.squareRoot()
    #expect(abs((comparison.interval95?.lowerBound ?? 0) - (2 - halfWidth)) < 1e-9)
    #expect(abs((comparison.interval95?.upperBound ?? 0) - (2 + halfWidth)) < 1e-9)
  }

  @Test("pairs that all differ alike are decided without a variance")
  func zeroVariance() {
    let same = PairedComparison([0.1, 0.2, 0.7], [0.1, 0.2, 0.7])
    #expect(same.p == 1)
    #expect(same.interval95 == 0...0)
    let shifted = PairedComparison(differences: [0.1, 0.1, 0.1])
    #expect(shifted.p == exp2(Double(1 - shifted.episodes)))
    #expect(shifted.interval95 == 0.1...0.1)
    #expect(PairedComparison([1], [0]).p == 1)
    #expect(PairedComparison([1], [0]).interval95 == nil)
    #expect(PairedComparison([1, .infinity], [0, 1]).p == 1)
  }

  @Test("swapping the arms mirrors the result")
  func antisymmetry() {
    let a = [0.4, 0.9, 0.3, 0.65]
    let b = [0.5, 0.4, 0.35, 0.1]
    let forwards = PairedComparison(a, b)
    let backwards = PairedComparison(b, a)
    #expect(forwards.p == backwards.p)
    #expect(forwards.meanDifference == -backwards.meanDifference)
    #expect(forwards.interval95?.lowerBound == backwards.interval95.map { -$0.upperBound })
  }

  @Test("test and interval keep their 5 % when nothing differs")
  func sizeAndCoverage() {
    var generator = Generator(state: 11)
    let trials = 2000
    var rejected = 0
    var covered = 0
    for _ in 0..<trials {
      let comparison = PairedComparison(differences: (0..<8).map { _ in 0.3 + generator.normal() })
      if comparison.interval95?.contains(0.3) == true { covered += 1 }
      let null = PairedComparison(differences: (0..<8).map { _ in generator.normal() })
      if null.p < 0.05 { rejected += 1 }
    }
    // Binomial(2000, 0.05) has mean 100 and standard deviation 9.7; four of them either way.
    #expect(abs(rejected - 100) < 39)
    #expect(abs(trials - covered - 100) < 39)
  }

  @Test("all sign patterns are counted")
  func exactSignFlips() {
    // Of the eight sums ±1±2±3 only 6 and −6 reach 6.
    #expect(SignFlipTest.exactP([1, 2, 3]) == 0.25)
    // Sums of ±1±2−3: |sum| ≥ 0 always.
    #expect(SignFlipTest.exactP([1, 2, -3]) == 1)
    #expect(SignFlipTest.exactP([0, 0]) == 1)
    // Ties must count although 0.1 + 0.2 + 0.3 rounds: both extreme patterns of 2³.
    #expect(SignFlipTest.exactP([0.1, 0.2, 0.3]) == 0.25)
    #expect(SignFlipTest.exactP([Double](repeating: 1, count: 20)) == 2 / 1_048_576.0)
  }

  @Test("random sign patterns approach the exact count, and the t test agrees roughly")
  func randomSignFlips() {
    var generator = Generator(state: 5)
    let differences = [0.3, -0.1, 0.5, 0.2, 0.4, -0.2, 0.1, 0.35, 0.05, -0.15]
    let exact = SignFlipTest.exactP(differences)
    let estimate = SignFlipTest.p(differences, resamples: 20_000, using: &generator)
    // The standard error is √(p(1−p)/20000) < 0.0036.
    #expect(abs(estimate - exact) < 0.015)
    #expect(abs(PairedComparison(differences: differences).p - exact) < 0.03)
  }

  @Test("Holm's adjustment has the textbook values")
  func holmValues() {
    // Sorted .01 .03 .04 times 3, 2, 1: .03, .06, max(.06, .04).
    let adjusted = holm([0.04, 0.01, 0.03])
    for (actual, expected) in zip(adjusted, [0.06, 0.03, 0.06]) { #expect(abs(actual - expected) < 1e-15) }
    #expect(holm([]) == [])
    #expect(holm([0.2]) == [0.2])
    #expect(holm([0.9, 0.8, 1]) == [1, 1, 1])
    #expect(holm([0, 0]) == [0, 0])
  }

  @Test("Holm's adjustment never lowers a value, keeps the order and lies below Bonferroni's")
  func holmProperties() {
    var generator = Generator(state: 3)
    for count in 1...12 {
      let p = (0..<count).map { _ in Double.random(in: 0...1, using: &generator) }
      let adjusted = holm(p)
      for i in p.indices {
        #expect(adjusted[i] >= p[i] && adjusted[i] <= min(1, Double(count) * p[i]))
        for j in p.indices where p[i] < p[j] { #expect(adjusted[i] <= adjusted[j]) }
      }
    }
  }
}
