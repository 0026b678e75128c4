import Randomness
import Statistics
import Testing

@Suite("Comparisons over several seeds")
struct SeededComparisonTests {
  @Test("with one seed it is the paired comparison, to the bit")
  func oneSeed() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let a = (0..<40).map { _ in stream.uniform() }
    let b = (0..<40).map { _ in stream.uniform() }
    let plain = PairedComparison(a, b)
    let seeded = SeededComparison([a], [b])
    #expect(seeded.p == plain.p && seeded.interval95 == plain.interval95)
    #expect(seeded.meanDifference == plain.meanDifference && seeded.components?.seed == 0)
    #expect(SeededComparison([[0.25]], [[0.5]]).interval95 == nil)
    #expect(SeededComparison([[0.25], [0.5]], [[0.5], [0.5]]).p == 1)
    #expect(SeededComparison([[.nan, 0.5], [0.5, 1]], [[0.5, 0], [0, 0.5]]).p == 1)
  }

  @Test("an additive table has the variances of its rows and columns and nothing else")
  func additive() throws {
    // Rows 0, 1, 5: mean 2, variance (4+1+9)/2 = 7. Columns −1, 0, 1, 2: mean ½, variance 5/3.
    let table = [0.0, 1, 5].map { row in [-1.0, 0, 1, 2].map { row + $0 } }
    let comparison = SeededComparison(differences: table)
    let components = try #require(comparison.components)
    #expect(abs(components.seed - 7) < 1e-12 && abs(components.episode - 5.0 / 3) < 1e-12)
    #expect(abs(components.rest) < 1e-12)
    #expect(comparison.meanDifference == 2.5)
    // √(7/3 + (5/3)/4)
    #expect(abs((comparison.standardError ?? 0) - (2.75).squareRoot()) < 1e-12)
  }

  @Test("the mean squares of a table with a rest give the textbook components")
  func textbook() {
    // Rows (1, 2, 6) and (3, 8, 4): grand mean 4, row means 3 and 5, column means 2, 5, 5.
    // MS_seed = 3·(1+1)/1 = 6; MS_episode = 2·(4+1+1)/2 = 6; rest: 0, −2, 2, 0, 2, −2, MS_rest = 16/2 = 8.
    let components = VarianceComponents([[1, 2, 6], [3, 8, 4]])
    #expect(components == VarianceComponents(seed: 0, episode: 0, rest: 8))
    // Adding 6 to the second row: row means 3 and 11, MS_seed = 3·(16+16) = 96, σ²_seed = (96 − 8)/3.
    let shifted = VarianceComponents([[1, 2, 6], [9, 14, 10]])
    #expect(abs(shifted.seed - 88.0 / 3) < 1e-12 && abs(shifted.rest - 8) < 1e-12)
  }

  @Test("swapping the arms mirrors the result, and the order of seeds and episodes is nothing")
  func symmetry() {
    var stream = RandomStream(seed: 2, purpose: "test")
    let a = (0..<3).map { _ in (0..<9).map { _ in stream.uniform() } }
    let b = (0..<3).map { _ in (0..<9).map { _ in stream.uniform() } }
    let (forwards, backwards) = (SeededComparison(a, b), SeededComparison(b, a))
    #expect(abs(forwards.p - backwards.p) < 1e-12)
    #expect(abs(forwards.meanDifference + backwards.meanDifference) < 1e-15)
    let turned = SeededComparison(a.reversed().map { $0.reversed() }, b.reversed().map { $0.reversed() })
    #expect(abs(turned.p - forwards.p) < 1e-9)
    #expect(abs((turned.standardError ?? 0) - (forwards.standardError ?? 1)) < 1e-12)
  }

  @Test("p is below 5 % exactly where the interval leaves out 0")
  func agreement() throws {
    var stream = RandomStream(seed: 3, purpose: "test")
    for trial in 0..<300 {
      let shift = 0.02 * Double(trial % 40)
      let table = (0..<3).map { _ in
        let seed = 0.2 * stream.normal()
        return (0..<12).map { _ in shift + seed + 0.5 * stream.normal() }
      }
      let comparison = SeededComparison(differences: table)
      let interval = try #require(comparison.interval95)
      #expect((comparison.p < 0.05) == !interval.contains(0))
      #expect((0...1).contains(comparison.p))
    }
  }

  @Test("the interval at level p has 0 as a bound, and at 5 % it is the usual one", arguments: [1, 2, 3, 8])
  func levels(seeds: Int) throws {
    var stream = RandomStream(seed: 5, purpose: "test")
    for trial in 0..<40 {
      let shift = 0.5 * Double(trial % 8)
      let table = (0..<seeds).map { _ in (0..<6).map { _ in shift + stream.normal() } }
      let comparison = SeededComparison(differences: table)
      let (usual, same) = try (#require(comparison.interval95), #require(comparison.interval(level: 0.05)))
      #expect(abs(usual.lowerBound - same.lowerBound) < 1e-9)
      #expect(abs(usual.upperBound - same.upperBound) < 1e-9)
      let touching = try #require(comparison.interval(level: comparison.p))
      let nearest = min(abs(touching.lowerBound), abs(touching.upperBound))
      #expect(nearest < 1e-8 * abs(comparison.meanDifference), "\(touching) at \(comparison.p)")
    }
  }

  @Test("neither the error nor p falls below that of the episodes alone or of the trainings alone")
  func floors() throws {
    var stream = RandomStream(seed: 6, purpose: "test")
    for trial in 0..<600 {
      let (seeds, episodes) = (2 + stream.below(5), 2 + stream.below(12))
      let (own, shared, rest) = (stream.uniform(), stream.uniform(), trial % 3 == 0 ? 0 : stream.uniform())
      let episode = (0..<episodes).map { _ in shared * stream.normal() }
      let table = (0..<seeds).map { _ in
        let seed = own * stream.normal()
        return episode.map { 0.5 + $0 + seed + rest * stream.normal() }
      }
      let comparison = SeededComparison(differences: table)
      let error = try #require(comparison.standardError)
      for values in [comparison.differences, table.map { Summary($0).mean }] {
        let alone = PairedComparison(differences: values)
        #expect(error >= (Summary(values).standardError ?? 0) * (1 - 1e-12))
        #expect(comparison.p >= alone.p * (1 - 1e-9), "\(seeds) × \(episodes)")
      }
    }
  }

  @Test("means of three trainings that tie by chance are no evidence")
  func tiedMeans() throws {
    // Seen in a study: the error fell to a third of the episodes' own, and p from 0.62 to 0.0002.
    var stream = RandomStream(seed: 7, purpose: "test")
    let table = (0..<3).map { _ in
      let row = (0..<50).map { _ in stream.normal() }
      let mean = Summary(row).mean
      return row.map { $0 - mean - 0.1 }
    }
    let comparison = SeededComparison(differences: table)
    let episodes = PairedComparison(differences: comparison.differences)
    #expect(Summary(table.map { Summary($0).mean }).standardError ?? 1 < 1e-12)
    #expect(comparison.p > episodes.p && episodes.p > 0.05)
    let (wide, narrow) = try (#require(comparison.interval95), #require(episodes.interval95))
    #expect(wide.lowerBound < narrow.lowerBound && wide.upperBound > narrow.upperBound)
    // What is left in a cell is all there is: √(σ²_rest/(3·50)), with t of two degrees of freedom.
    let components = try #require(comparison.components)
    let halfWidth = 4.302652729911275 * (components.rest / 150 + components.episode / 50).squareRoot()
    #expect(wide.upperBound - comparison.meanDifference <= halfWidth + 1e-9)
  }

  @Test("simultaneous intervals are those at a share of the level, and agree with Holm's smallest p")
  func simultaneous() throws {
    var stream = RandomStream(seed: 8, purpose: "test")
    for trial in 0..<40 {
      let family = (0..<5).map { i in
        SeededComparison(
          differences: (0..<3).map { _ in
            (0..<8).map { _ in 0.4 * Double(i * trial % 11) + stream.normal() }
          })
      }
      let intervals = simultaneousIntervals(family)
      let corrected = holm(family.map(\.p))
      for (item, interval) in zip(family, intervals) {
        #expect(interval == item.interval(level: 0.01))
        if try !#require(interval).contains(0) { #expect(corrected.contains { $0 < 0.05 }) }
      }
      let first = try #require(family.indices.min { family[$0].p < family[$1].p })
      #expect((corrected[first] < 0.05) == !(try #require(intervals[first]).contains(0)))
    }
    #expect(simultaneousIntervals([]) == [])
    #expect(simultaneousIntervals([SeededComparison([[1]], [[0]])]) == [nil])
  }

  @Test("flips of whole episodes are counted exactly where they are few")
  func signFlips() {
    var stream = RandomStream(seed: 4, purpose: "test")
    // Episode means 1, 2, 3: of the eight patterns two are as far out.
    let few = SeededComparison(differences: [[0, 2, 4], [2, 2, 2]])
    #expect(few.signFlipP(using: &stream) == 0.25)
    let many = SeededComparison(differences: [(0..<200).map { _ in 0.3 + stream.normal() }])
    #expect(abs(many.signFlipP(using: &stream) - many.p) < 0.02)
  }
}
