import Randomness
import Statistics
import Testing

@Suite("Jackknife pseudovalues")
struct JackknifeTests {
  private func rows(_ count: Int) -> [[Double]] {
    var stream = RandomStream(seed: 3, purpose: "jackknife")
    return (0..<count).map { _ in [stream.uniform(), 1 + stream.uniform()] }
  }

  @Test("of a mean they are the values themselves")
  func mean() throws {
    let rows = rows(20)
    let values = try #require(Jackknife.pseudovalues(rows) { 3 * $0[0] - $0[1] })
    for (value, row) in zip(values, rows) { #expect(abs(value - (3 * row[0] - row[1])) < 1e-12) }
  }

  @Test(
    "of a ratio of means their spread is that of its linear part, and their mean is the ratio, as E grows")
  func ratio() throws {
    let rows = rows(4000)
    let values = try #require(Jackknife.pseudovalues(rows) { $0[0] / $0[1] })
    let means = columnMeans(rows)
    let ratio = means[0] / means[1]
    for (value, row) in zip(values, rows) {
      #expect(abs(value - (ratio + (row[0] - ratio * row[1]) / means[1])) < 1e-3)
    }
    #expect(abs(Summary(values).mean - ratio) < 1e-4)
  }

  @Test("a quantity that does not exist without some episode has none")
  func undefined() {
    let rows = [[1.0], [0], [0], [0]]
    #expect(Jackknife.pseudovalues(rows) { $0[0] > 0 ? 1 / $0[0] : nil } == nil)
    #expect(Jackknife.pseudovalues(rows) { _ in nil } == nil)
  }
}
