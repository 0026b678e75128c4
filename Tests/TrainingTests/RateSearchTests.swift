import Foundation
import Testing
import Training

@Suite("The search for inner rates")
struct RateSearchTests {
  /// Walks for a number of trials.
  private func walk(_ axes: Int, _ trials: Int, stride: Double = 1, _ loss: ([Double]) -> Double) -> RateWalk
  {
    var walk = RateWalk(axes: axes, stride: stride)
    for _ in 0..<trials { _ = walk.add(loss(walk.candidate)) }
    return walk
  }

  @Test("an optimum far outside any grid is found, whatever the number of axes", arguments: 1...4)
  func far(axes: Int) {
    let goal = (0..<axes).map { 2.3 - 1.9 * Double($0) }
    let found = walk(axes, 40 * axes) { zip($0, goal).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    for (place, goal) in zip(found.best, goal) { #expect(abs(place - goal) < 0.15, "\(found.best)") }
  }

  @Test("what was kept is clearly the least loss so far, and a loss that is not finite is never kept")
  func kept() {
    var walk = RateWalk(axes: 2, stride: 1)
    var least = Double.infinity
    for trial in 0..<60 {
      let loss = trial % 3 == 1 ? [.nan, .infinity][trial % 2] : sin(Double(trial))
      let isKept = walk.add(loss)
      #expect(isKept == (least.isFinite ? loss < least - 1e-4 * abs(least) : loss < least))
      if isKept { least = loss }
    }
    #expect(walk.best.allSatisfy(\.isFinite) && walk.count == 60)
  }

  @Test("the first trial is the start itself")
  func start() {
    let walk = RateWalk(axes: 3, stride: 1)
    #expect(walk.candidate == [0, 0, 0] && walk.axis == nil)
  }

  @Test("a head that does as well alone is told, unless nothing is learned or the body shows a gain")
  func idle() {
    let episodes = (0..<40).map { 0.6 + 0.01 * Double($0 % 5) }
    #expect(IdleBody(all: episodes, head: episodes, ways: 5) != nil)
    #expect(IdleBody(all: episodes, head: episodes.map { $0 + 0.01 }, ways: 5) != nil)
    #expect(IdleBody(all: episodes, head: episodes.map { $0 - 0.02 }, ways: 5) == nil)
    let blind = (0..<40).map { 0.2 + 0.01 * Double($0 % 5 - 2) }
    #expect(IdleBody(all: blind, head: blind, ways: 5) == nil)
  }
}
