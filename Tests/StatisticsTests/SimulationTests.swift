import Randomness
import Statistics
import Testing

/// What a simulation knows and a comparison has to find out: accuracies of two arms in episodes of 75 queries.
///
/// They are multiples of 1/75 and crowd below 1, as those of easy data sets do.
private struct World {
  var episodes = 40
  var seeds = 1
  /// How much better a is, in the chance of a right answer.
  var difference = 0.0
  /// Standard deviation between trainings of each arm.
  var seedDeviation = 0.0
  let queries = 75

  /// `[S][E]` accuracies of two arms that meet the same episodes.
  func draw(_ stream: inout RandomStream) -> (a: [[Double]], b: [[Double]]) {
    // Most episodes are easy and a few are hard; which are is the same for all.
    let ease = (0..<episodes).map { _ in
      let u = stream.uniform()
      return 0.93 - 0.3 * u * u * u
    }
    func arm(_ shift: Double) -> [[Double]] {
      (0..<seeds).map { _ in
        // Bounded, so that no chance leaves 0...1 and the mean is exactly the shift.
        let level = shift + seedDeviation * 3.0.squareRoot() * stream.uniform(-1, 1)
        return ease.map { ease in
          let right = (0..<queries).count { _ in stream.uniform() < ease + level }
          return Double(right) / Double(queries)
        }
      }
    }
    return (arm(difference / 2), arm(-difference / 2))
  }
}

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
      let (a, b) = world.draw(&stream)
      return SeededComparison(a, b).interval95?.contains(world.difference) == true
    }
    #expect(abs(covered - 0.95) < slack(trials), "\(covered)")
    var flips = 0
    let rejected = share(of: trials) {
      let (a, b) = World().draw(&stream)
      let comparison = SeededComparison(a, b)
      if comparison.signFlipP(resamples: 200, using: &stream) < 0.05 { flips += 1 }
      return comparison.p < 0.05
    }
    #expect(abs(rejected - 0.05) < slack(trials), "\(rejected)")
    #expect(abs(Double(flips) / Double(trials) - 0.05) < slack(trials), "\(flips)")
  }

  @Test(
    "several seeds: the interval holds in 94 to 96 %, where that over episodes alone does not",
    arguments: [(3, 0.0), (3, 0.005), (3, 0.01), (3, 0.03), (5, 0.01), (5, 0.03)])
  func severalSeeds(seeds: Int, deviation: Double) {
    var stream = RandomStream(seed: UInt64(seeds), purpose: "simulation/\(deviation)")
    let world = World(episodes: 60, seeds: seeds, difference: 0.02, seedDeviation: deviation)
    let trials = 1000
    var naive = 0
    let covered = share(of: trials) {
      let (a, b) = world.draw(&stream)
      let comparison = SeededComparison(a, b)
      let episodesOnly = PairedComparison(differences: comparison.differences)
      if episodesOnly.interval95?.contains(world.difference) == true { naive += 1 }
      return comparison.interval95?.contains(world.difference) == true
    }
    #expect(0.94 - slack(trials) < covered && covered < 0.96 + slack(trials), "\(covered)")
    let without = Double(naive) / Double(trials)
    if deviation == 0 {
      #expect(abs(without - 0.95) < slack(trials), "\(without)")
    } else if deviation >= 0.03 {
      #expect(without < 0.6, "\(without)")
    }
  }

  @Test("normal effects of any ratio are covered", arguments: [0.0, 0.002, 0.03, 0.1, 1])
  func ratios(seedVariance: Double) {
    var stream = RandomStream(seed: 9, purpose: "simulation/\(seedVariance)")
    let (seeds, episodes, trials) = (3, 50, 2000)
    let covered = share(of: trials) {
      let shared = (0..<episodes).map { _ in stream.normal() }
      let table = (0..<seeds).map { _ in
        let own = seedVariance.squareRoot() * stream.normal()
        return shared.map { 1 + $0 + own + 0.7 * stream.normal() }
      }
      return SeededComparison(differences: table).interval95?.contains(1) == true
    }
    #expect(0.94 - slack(trials) < covered && covered < 0.965 + slack(trials), "\(covered)")
  }

  @Test("Holm keeps the chance of any false finding at 5 %, where four tests alone do not")
  func familywise() {
    var stream = RandomStream(seed: 5, purpose: "simulation")
    let trials = 1000
    var uncorrected = 0
    let any = share(of: trials) {
      // Four arms against the same fifth: equal, and dependent through it.
      let reference = World().draw(&stream)
      let p = [World().draw(&stream).a, World().draw(&stream).a, World().draw(&stream).b, reference.b].map {
        SeededComparison($0, reference.a).p
      }
      if p.contains(where: { $0 < 0.05 }) { uncorrected += 1 }
      return holm(p).contains { $0 < 0.05 }
    }
    #expect(any < 0.05 + slack(trials), "\(any)")
    #expect(Double(uncorrected) / Double(trials) > 0.09)
  }

  @Test("a planted difference is found as often as its power says", arguments: [1, 3])
  func planted(seeds: Int) throws {
    var stream = RandomStream(seed: 6, purpose: "simulation")
    var world = World(episodes: 60, seeds: seeds, difference: 0.02, seedDeviation: seeds == 1 ? 0 : 0.004)
    // A large sample tells the variances; a single seed's include none between seeds.
    var large = world
    (large.episodes, large.seeds) = (5000, seeds == 1 ? 1 : 40)
    let (a, b) = large.draw(&stream)
    let components = try #require(SeededComparison(a, b).components)
    let expected = Power(components, seeds: seeds).ofFinding(world.difference, episodes: world.episodes)
    let trials = 600
    let found = share(of: trials) {
      let (a, b) = world.draw(&stream)
      return SeededComparison(a, b).p < 0.05
    }
    // Four standard errors of a share near one half are 8 %; with several seeds the power is approximate.
    #expect(abs(found - expected) < (seeds == 1 ? 0.08 : 0.12), "\(found), expected \(expected)")
    world.difference = 0.15
    let (better, worse) = world.draw(&stream)
    #expect(SeededComparison(better, worse).p < 1e-3)
  }
}
