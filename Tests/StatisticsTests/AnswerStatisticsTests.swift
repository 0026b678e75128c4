import Randomness
import Statistics
import Testing

@Suite("Values per episode for ratios and worst tenths")
struct AnswerStatisticsTests {
  private func draws(_ count: Int, _ index: Int) -> [Double] {
    var stream = RandomStream(seed: 5, purpose: "answers", index: UInt64(index))
    return (0..<count).map { _ in stream.uniform(0, 1) }
  }

  @Test("values of a ratio have it as their mean, and are ratios themselves where episodes count alike")
  func ratio() {
    for k in 0..<20 {
      let (top, bottom) = (draws(11, 2 * k), draws(11, 2 * k + 1))
      let values = Ratio.values(top, over: bottom)
      let whole = top.reduce(0, +) / bottom.reduce(0, +)
      #expect(abs(Summary(values).mean - whole) < 1e-12)
      let alike = Ratio.values(top, over: top.map { _ in 4 })
      #expect(zip(alike, top).allSatisfy { abs($0 - $1 / 4) < 1e-12 })
    }
  }

  @Test("their spread is that of jackknife pseudovalues, but for a part that goes with 1/E")
  func ratioSpread() throws {
    let (top, bottom) = (draws(400, 50), draws(400, 51).map { 1 + $0 })
    let own = try #require(Summary(Ratio.values(top, over: bottom)).standardError)
    let pseudo = try #require(Jackknife.pseudovalues(zip(top, bottom).map { [$0, $1] }) { $0[0] / $0[1] })
    let other = try #require(Summary(pseudo).standardError)
    #expect(abs(own / other - 1) < 0.02)
  }

  @Test(
    "values of the worst tenth have its mean; ties and few episodes too",
    arguments: [1, 2, 9, 10, 11, 37, 600])
  func worst(count: Int) {
    // Rounded to a few values, so that there are ties.
    let values = draws(count, count).map { ($0 * 15).rounded() / 15 }
    let size = WorstDecile.size(of: count)
    #expect(10 * size >= count && 10 * (size - 1) < count)
    let lowest = values.sorted().prefix(size).reduce(0, +) / Double(size)
    #expect(abs(Summary(WorstDecile.values(values)).mean - lowest) < 1e-12)
  }

  @Test("their spread is that of the worst tenth over repeated draws")
  func worstSpread() throws {
    var means: [Double] = []
    var errors: [Double] = []
    for k in 0..<300 {
      let values = WorstDecile.values(draws(200, 1000 + k))
      means.append(Summary(values).mean)
      errors.append(try #require(Summary(values).standardError))
    }
    let spread = try #require(Summary(means).standardDeviation)
    #expect(abs(Summary(errors).mean / spread - 1) < 0.15)
  }
}
