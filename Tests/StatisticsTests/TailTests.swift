import Randomness
import Statistics
import Testing

@Suite("The size of the test over seeds, far out in the tail")
struct TailTests {
  /// Shares of the trainings and of the rest in the squared standard error; what is left is the episodes'.
  private static let shares: [(seed: Double, rest: Double)] = [
    (0, 0.02), (0, 0.2), (0, 1), (0.05, 0.05), (0.3, 0.2), (0.9, 0.1), (0.97, 0), (1, 0),
  ]

  @Test(
    "at 0.05/m the size is at most the level, whatever the variances", arguments: [2, 3, 5, 10], [10, 600])
  func sizes(seeds: Int, episodes: Int) {
    var stream = RandomStream(seed: UInt64(seeds), purpose: "tail", index: UInt64(episodes))
    let worlds = Self.shares.map {
      GaussianWorld(seedShare: $0.seed, restShare: $0.rest, seeds: seeds, episodes: episodes)
    }
    let table = SimulatedSize.table(of: worlds, draws: 4000, using: &stream)
    #expect(table.count == 3 * worlds.count)
    for row in table {
      #expect(row.ratio < 1 + 4 * row.ratioError, "\(row)")
      #expect(abs(row.coverage + row.size - 1) < 1e-15)
    }
  }

  @Test("where only trainings differ the size is the level, and the interval that of their means")
  func exact() {
    var stream = RandomStream(seed: 1, purpose: "tail")
    let world = GaussianWorld(seedShare: 1, restShare: 0, seeds: 5, episodes: 60)
    let rows = SimulatedSize.table(of: [world], comparisons: [1, 30], draws: 50_000, using: &stream)
    for row in rows { #expect(abs(row.ratio - 1) < 4 * row.ratioError, "\(row)") }
    // E s/σ with four degrees of freedom is √(2/4)·Γ(5/2)/Γ(2) = 0.93999; times 2.776445.
    #expect(abs(rows[0].halfWidth - 0.93999 * 2.776445) < 0.01)
  }

  @Test("drawn mean squares are those of drawn tables")
  func drawn() {
    var stream = RandomStream(seed: 2, purpose: "tail")
    let world = GaussianWorld(seedShare: 0.3, restShare: 0.4, seeds: 3, episodes: 6)
    let trials = 3000
    var (short, long) = ([0.0, 0, 0], [0.0, 0, 0])
    for _ in 0..<trials {
      let a = world.drawComponents(using: &stream)
      let b = VarianceComponents(world.draw(using: &stream))
      for (i, path) in [\VarianceComponents.seed, \.episode, \.rest].enumerated() {
        short[i] += a[keyPath: path].squareRoot() / Double(trials)
        long[i] += b[keyPath: path].squareRoot() / Double(trials)
      }
    }
    // A root of a mean square varies by less than itself: four standard errors of the difference are under 10 %.
    for (a, b) in zip(short, long) { #expect(abs(a - b) < 0.1 * b, "\(short) \(long)") }
  }

  @Test("a seed makes the table")
  func deterministic() {
    let world = GaussianWorld(seedShare: 0.5, restShare: 0.1, seeds: 3, episodes: 20)
    let rows = (0..<2).map { _ in
      var stream = RandomStream(seed: 3, purpose: "tail")
      return SimulatedSize.table(of: [world], draws: 100, using: &stream)
    }
    #expect(rows[0] == rows[1])
  }
}
