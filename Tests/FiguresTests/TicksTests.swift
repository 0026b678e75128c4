import Figures
import Foundation
import Testing

@Suite("Axis ticks")
struct TicksTests {
  /// Ranges over many magnitudes, around zero and far from it.
  static let ranges: [(Double, Double)] = {
    var ranges: [(Double, Double)] = [
      (0, 1), (0, 0), (5, 5), (-3, -3), (0, 7), (1, 10_000), (1e12, 1e12 + 1),
    ]
    for exponent in stride(from: -120, through: 120, by: 7) {
      for (low, span) in [(0.0, 1.0), (-0.37, 0.9), (3.2, 0.061), (-1, 2.5), (0.99, 7.77), (-8, 8)] {
        let unit = pow(10, Double(exponent))
        ranges.append((low * unit, (low + span) * unit))
      }
    }
    return ranges
  }()

  @Test("ticks cover the range, are three to eight, and are evenly spaced", arguments: ranges)
  func covering(low: Double, high: Double) throws {
    let ticks = Ticks.covering(low, high).values
    #expect((3...8).contains(ticks.count))
    let step = (try #require(ticks.last) - ticks[0]) / Double(ticks.count - 1)
    // The range may stick out by a billionth of a step, so that 0.3 is not pushed past 0.30000000000000004.
    #expect(ticks[0] <= low + 1e-8 * step)
    #expect(try #require(ticks.last) >= high - 1e-8 * step)
    for (a, b) in zip(ticks, ticks.dropFirst()) { #expect(abs(b - a - step) < 1e-3 * step) }
  }

  @Test("steps are 1, 2 or 5 times a power of ten", arguments: ranges)
  func roundSteps(low: Double, high: Double) throws {
    let ticks = Ticks.covering(low, high)
    let step = (try #require(ticks.values.last) - ticks.values[0]) / Double(ticks.values.count - 1)
    let mantissa = step * pow(10, Double(ticks.decimals))
    #expect([1.0, 2, 5].contains { abs(mantissa - $0) < 0.01 })
  }

  @Test("ticks are the doubles nearest to the decimal numbers")
  func exact() {
    #expect(Ticks.covering(0, 0.5).values == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
    #expect(Ticks.covering(0.2, 0.91).values == [0.2, 0.4, 0.6, 0.8, 1])
    #expect(Ticks.covering(-1, 1).values == [-1, -0.5, 0, 0.5, 1])
    #expect(Ticks.covering(0, 10).values == [0, 2, 4, 6, 8, 10])
  }

  @Test("slack saves a step that would be nearly empty")
  func slack() {
    #expect(Ticks.covering(0, 1.02).values == [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2])
    #expect(Ticks.covering(0, 1.02, slack: 0.15).values == [0, 0.2, 0.4, 0.6, 0.8, 1])
  }

  @Test("given positions are sorted, and unusable ones dropped")
  func given() {
    let ticks = Ticks(at: [10, 0, .nan, 2.5, 10, .infinity])
    #expect(ticks.values == [0, 2.5, 10])
    #expect(ticks.decimals == 1)
  }

  @Test("labels are spread without overlap, in order, within limits")
  func spread() {
    let limits = 0.0...100.0
    for wanted in [[50.0, 50, 50], [0, 0, 100], [99, 98, 97], [10, 40, 90], [-20, 120], []] {
      let positions = Legend.spread(wanted, spacing: 15, within: limits)
      for i in positions.indices {
        #expect(limits.contains(positions[i]))
        for j in positions.indices where i < j { #expect(abs(positions[i] - positions[j]) > 15 - 1e-9) }
        for j in positions.indices where wanted[i] < wanted[j] { #expect(positions[i] < positions[j]) }
      }
    }
    #expect(Legend.spread([10, 40, 90], spacing: 15, within: limits) == [10, 40, 90])
    #expect(Legend.spread([50, 50], spacing: 20, within: limits) == [40, 60])
  }
}
