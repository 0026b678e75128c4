import Randomness
import Statistics
import Testing

@Suite("Power and the bootstrap")
struct PowerTests {
  // Cohen's tables for the paired t test at 5 % and 80 %: d = 1 needs 10, 0.8: 15, 0.5: 34, 0.2: 199.
  @Test(
    "the number of pairs is that of the usual tables",
    arguments: [(1.0, 10), (0.8, 15), (0.5, 34), (0.2, 199)])
  func tables(effect: Double, expected: Int) {
    let power = Power(VarianceComponents(seed: 0, episode: 4, rest: 0))
    #expect(power.episodesNeeded(toFind: 2 * effect) == expected)
    #expect(power.episodesNeeded(toFind: -2 * effect) == expected)
    #expect(power.ofFinding(2 * effect, episodes: expected) >= 0.8)
    #expect(power.ofFinding(2 * effect, episodes: expected - 1) < 0.8)
  }

  @Test("without a difference the power is the level, and no number of episodes finds it")
  func null() {
    let power = Power(VarianceComponents(seed: 0, episode: 1, rest: 0))
    for episodes in [2, 3, 10, 600] { #expect(abs(power.ofFinding(0, episodes: episodes) - 0.05) < 1e-6) }
    #expect(power.episodesNeeded(toFind: 0) == nil)
    #expect(Power(VarianceComponents(seed: 0, episode: 0, rest: 0)).episodesNeeded(toFind: 0.1) == 2)
  }

  @Test("what differs between trainings no number of episodes can make up for")
  func seeds() throws {
    let noisy = VarianceComponents(seed: 1, episode: 4, rest: 1)
    #expect(Power(noisy, seeds: 3).episodesNeeded(toFind: 1) == nil)
    let needed = try #require(Power(noisy, seeds: 30).episodesNeeded(toFind: 1))
    let fewer = try #require(Power(noisy, seeds: 60).episodesNeeded(toFind: 1))
    #expect(fewer < needed)
    #expect(Power(noisy, seeds: 30).ofFinding(1, episodes: needed) >= 0.8)
  }

  @Test("the bootstrap interval of a mean is that of the normal distribution")
  func bootstrapOfMean() throws {
    var stream = RandomStream(seed: 7, purpose: "test")
    let values = (0..<400).map { _ in stream.normal() }
    let interval = try #require(Bootstrap.interval(values.map { [$0] }, using: &stream) { $0[0] })
    let summary = Summary(values)
    let half = summary.halfWidth95 ?? 0
    // A bound is a quantile of 2000 draws: its own error is about 0.06 of the half width.
    #expect(abs(interval.lowerBound - (summary.mean - half)) < 0.25 * half)
    #expect(abs(interval.upperBound - (summary.mean + half)) < 0.25 * half)
  }

  @Test("draws are reproducible, equal rows leave no width, and what rarely exists has no interval")
  func bootstrapEdges() {
    var (first, second) = (RandomStream(seed: 8, purpose: "test"), RandomStream(seed: 8, purpose: "test"))
    let rows = (0..<30).map { [Double($0), Double($0 * $0)] }
    let statistic: ([Double]) -> Double? = { $0[1] - $0[0] * $0[0] }
    #expect(
      Bootstrap.interval(rows, using: &first, statistic)
        == Bootstrap.interval(rows, using: &second, statistic))
    #expect(Bootstrap.interval([[2.0], [2]], using: &first) { $0[0] } == 2...2)
    #expect(Bootstrap.interval(rows, using: &first) { $0[0] > 14.5 ? $0[0] : nil } == nil)
  }
}
