import Randomness
import Statistics
import Testing

@Suite("Seeds added until intervals are narrow")
struct SequentialIntervalsTests {
  private func family(_ count: Int, _ world: GaussianWorld, _ stream: inout RandomStream) -> [[[Double]]] {
    (0..<count).map { _ in world.draw(using: &stream) }
  }

  @Test("the levels of all looks add up to the level, and half of it is the limit's")
  func levels() {
    for limit in 3...12 {
      let plan = SequentialIntervals(limit: limit, comparisons: 4, halfWidth: 1)
      #expect(plan.looks.first == 3 && plan.looks.last == limit)
      #expect(zip(plan.looks, plan.looks.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 <= 2 })
      let sum = plan.looks.reduce(0) { $0 + plan.level(atSeeds: $1) }
      #expect(abs(sum - 0.05) < 1e-15)
      #expect(plan.level(atSeeds: limit) == (plan.looks.count == 1 ? 0.05 : 0.025))
    }
    #expect(
      SequentialIntervals(first: 2, step: 3, limit: 9, comparisons: 1, halfWidth: 1).looks == [2, 5, 8, 9])
  }

  @Test("a look ends where all intervals are narrow, and at the limit")
  func looks() throws {
    var stream = RandomStream(seed: 1, purpose: "sequential")
    let world = GaussianWorld(VarianceComponents(seed: 1, episode: 0.2, rest: 0.5), seeds: 7, episodes: 15)
    let tables = family(2, world, &stream)
    func look(_ plan: SequentialIntervals, _ seeds: Int) -> SequentialIntervals.Look {
      plan.look(at: tables.map { SeededComparison(differences: Array($0.prefix(seeds))) })
    }
    let hopeless = SequentialIntervals(limit: 7, comparisons: 2, halfWidth: 0.01)
    #expect(look(hopeless, 3).next == 5 && look(hopeless, 5).next == 7 && look(hopeless, 7).next == nil)
    #expect(!look(hopeless, 7).isNarrow && look(hopeless, 3).expectedSeeds == nil)
    let easy = look(SequentialIntervals(limit: 7, comparisons: 2, halfWidth: 1000), 3)
    #expect(easy.isNarrow && easy.next == nil && easy.expectedSeeds == 3)
    // 0.05/2 for the two looks before the limit, half of it each, for two comparisons.
    let first = SeededComparison(differences: Array(tables[0].prefix(3)))
    #expect(easy.intervals[0] == first.interval(level: 0.05 / 8))
    let unknown = SeededComparison(differences: [[.nan, 1], [0, 1], [1, 1]])
    let lost = SequentialIntervals(limit: 5, comparisons: 1, halfWidth: 1000).look(at: [unknown])
    #expect(lost.intervals == [nil] && !lost.isNarrow && lost.next == 5 && lost.expectedSeeds == nil)
  }

  @Test("all intervals hold where it ends in 95 % and more", arguments: [0.0, 1, 4, 16])
  func coverage(seedVariance: Double) {
    var stream = RandomStream(seed: 2, purpose: "sequential/\(seedVariance)")
    let plan = SequentialIntervals(limit: 7, comparisons: 2, halfWidth: 2)
    let world = GaussianWorld(
      VarianceComponents(seed: seedVariance, episode: 0.5, rest: 1), seeds: 7, episodes: 12)
    let trials = 300
    let found = SimulatedStopping(of: plan, in: world, trials: trials, using: &stream)
    #expect(found.coverage > 0.95 - 4 * (0.05 * 0.95 / Double(trials)).squareRoot(), "\(found)")
    #expect((3...7).contains(found.meanSeeds) && (3...7).contains(found.meanExpectedSeeds))
    if seedVariance == 0 { #expect(found.narrow > 0.9) }
    if seedVariance == 16 { #expect(found.narrow < 0.5 && found.meanSeeds > 6) }
  }

  @Test("a fixed level that stops at will misses more often, so the level is spent over the looks")
  func naive() {
    var stream = RandomStream(seed: 3, purpose: "sequential")
    let world = GaussianWorld(VarianceComponents(seed: 1, episode: 0, rest: 0.01), seeds: 9, episodes: 12)
    let trials = 1500
    var missed = 0
    for _ in 0..<trials {
      let table = world.draw(using: &stream)
      for seeds in [3, 5, 7, 9] {
        guard let interval = SeededComparison(differences: Array(table.prefix(seeds))).interval95 else {
          break
        }
        // What one expects with about 9 seeds: 2.31/√9.
        guard interval.upperBound - interval.lowerBound <= 1.5 || seeds == 9 else { continue }
        if !interval.contains(0) { missed += 1 }
        break
      }
    }
    #expect(Double(missed) / Double(trials) > 0.07, "\(missed) of \(trials)")
  }

  @Test("more seeds narrow the expected interval, and the number needed is the first that does")
  func needed() throws {
    let components = VarianceComponents(seed: 1, episode: 4, rest: 2)
    for level in [0.05, 0.05 / 12] {
      let seeds = try #require(components.seedsNeeded(toHalfWidth: 0.8, episodes: 200, level: level))
      #expect(components.expectedHalfWidth(seeds: seeds, episodes: 200, level: level) <= 0.8)
      #expect(components.expectedHalfWidth(seeds: seeds - 1, episodes: 200, level: level) > 0.8)
    }
    // The episodes alone leave 1.97·√(4/200) = 0.28.
    #expect(components.seedsNeeded(toHalfWidth: 0.27, episodes: 200) == nil)
    #expect(components.seedsNeeded(toHalfWidth: 1000, episodes: 200) == 2)
    #expect(VarianceComponents(seed: 0, episode: 0, rest: 0).seedsNeeded(toHalfWidth: 1, episodes: 2) == 2)
  }

  @Test("the expected half-width is the mean of those found")
  func expected() {
    var stream = RandomStream(seed: 4, purpose: "sequential")
    let world = GaussianWorld(VarianceComponents(seed: 1, episode: 3, rest: 6), seeds: 3, episodes: 50)
    let row = SimulatedSize.table(of: [world], comparisons: [1], draws: 20_000, using: &stream)[0]
    let error = world.components.standardError(seeds: 3, episodes: 50)
    let expected = world.components.expectedHalfWidth(seeds: 3, episodes: 50)
    #expect(abs(row.halfWidth * error - expected) < 0.02 * expected)
  }
}
