import Randomness
import Statistics
import Testing

/// Draws from ``AccuracyWorld`` with the tests' stream.
private typealias World = AccuracyWorld

/// How often an event happened in a number of trials.
private func share(of trials: Int, _ event: () throws -> Bool) rethrows -> Double {
  var count = 0
  for _ in 0..<trials where try event() { count += 1 }
  return Double(count) / Double(trials)
}

@Suite("Statistics on made-up data with known answers")
struct SimulationTests {
  /// Four standard errors of a share of 5 % in so many trials.
  private func slack(_ trials: Int) -> Double { 4 * (0.05 * 0.95 / Double(trials)).squareRoot() }

  @Test(
    "one seed: the interval holds in 95 % and the tests are of size 5 %, for discrete and skewed accuracies")
  func oneSeed() {
    var stream = RandomStream(seed: 1, purpose: "simulation")
    let world = World(difference: 0.02)
    let trials = 1500
    let covered = share(of: trials) {
      let (a, b) = world.draw(using: &stream)
      return SeededComparison(a, b).interval95?.contains(world.difference) == true
    }
    #expect(abs(covered - 0.95) < slack(trials), "\(covered)")
    var flips = 0
    let rejected = share(of: trials) {
      let (a, b) = World().draw(using: &stream)
      let comparison = SeededComparison(a, b)
      if comparison.signFlipP(resamples: 200, using: &stream) < 0.05 { flips += 1 }
      return comparison.p < 0.05
    }
    #expect(abs(rejected - 0.05) < slack(trials), "\(rejected)")
    #expect(abs(Double(flips) / Double(trials) - 0.05) < slack(trials), "\(flips)")
  }

  @Test(
    "several seeds: the interval holds in 95 % and more, where that over episodes alone does not",
    arguments: [(2, 0.01), (3, 0.0), (3, 0.005), (3, 0.01), (3, 0.03), (5, 0.01), (5, 0.03)])
  func severalSeeds(seeds: Int, deviation: Double) {
    var stream = RandomStream(seed: UInt64(seeds), purpose: "simulation/\(deviation)")
    let world = World(seeds: seeds, episodes: 60, difference: 0.02, seedDeviation: deviation)
    let trials = 600
    let simulated = SimulatedAccuracies(of: world, trials: trials, using: &stream)
    let (covered, without) = (simulated.coverage, simulated.coverageOfEpisodesAlone)
    #expect(covered > 0.95 - slack(trials), "\(covered)")
    #expect(simulated.widening >= 1)
    // Where trainings do not differ, all that a cell has of its own is counted as if it were theirs: 99 % and more.
    if deviation == 0 {
      #expect(covered > 0.985, "\(covered)")
      #expect(abs(without - 0.95) < slack(trials), "\(without)")
    } else if deviation >= 0.03 {
      #expect(covered < 0.97 + slack(trials), "\(covered)")
      #expect(without < 0.6, "\(without)")
    }
  }

  @Test("Holm keeps the chance of any false finding at 5 %, where four tests alone do not")
  func familywise() {
    var stream = RandomStream(seed: 5, purpose: "simulation")
    let trials = 1000
    var uncorrected = 0
    let any = share(of: trials) {
      // Four arms against the same fifth: equal, and dependent through it.
      let reference = World().draw(using: &stream)
      let p = [
        World().draw(using: &stream).a, World().draw(using: &stream).a, World().draw(using: &stream).b,
        reference.b,
      ].map {
        SeededComparison($0, reference.a).p
      }
      if p.contains(where: { $0 < 0.05 }) { uncorrected += 1 }
      return holm(p).contains { $0 < 0.05 }
    }
    #expect(any < 0.05 + slack(trials), "\(any)")
    #expect(Double(uncorrected) / Double(trials) > 0.09)
  }

  @Test("a planted difference is found as often as its power says, over one seed")
  func planted() throws {
    var stream = RandomStream(seed: 6, purpose: "simulation")
    var world = World(episodes: 60, difference: 0.02)
    // A large sample tells the variances.
    var large = world
    large.episodes = 20_000
    let (a, b) = large.draw(using: &stream)
    let components = try #require(SeededComparison(a, b).components)
    let expected = Power(components).ofFinding(world.difference, episodes: world.episodes)
    let found = share(of: 600) {
      let (a, b) = world.draw(using: &stream)
      return SeededComparison(a, b).p < 0.05
    }
    // Four standard errors of a share near one half are 8 %.
    #expect(abs(found - expected) < 0.08, "\(found), expected \(expected)")
    world.difference = 0.15
    world.seeds = 3
    let (better, worse) = world.draw(using: &stream)
    #expect(SeededComparison(better, worse).p < 0.01)
  }

  @Test(
    "over several seeds a difference is found as often as its power says, and none more often than the level",
    arguments: [2, 3, 5, 10], [0.0, 0.05, 0.8])
  func power(seeds: Int, seedShare: Double) {
    var stream = RandomStream(seed: 8, purpose: "simulation/\(seedShare)", index: UInt64(seeds))
    let world = GaussianWorld(seedShare: seedShare, restShare: 0.1, seeds: seeds, episodes: 60)
    let power = Power(world.components, seeds: seeds)
    for difference in [0.0, 4] {
      let expected = power.ofFinding(difference, episodes: world.episodes)
      if difference == 0 { #expect(expected < 0.0501) }
      let trials = 400
      let found = share(of: trials) {
        SeededComparison(differences: world.draw(around: difference, using: &stream)).p < 0.05
      }
      // Four standard errors, and 2 % because the power takes the episodes' part as known.
      let error = (max(expected * (1 - expected), 0.002) / Double(trials)).squareRoot()
      #expect(abs(found - expected) < 4 * error + 0.02, "\(found), expected \(expected)")
    }
  }
}
