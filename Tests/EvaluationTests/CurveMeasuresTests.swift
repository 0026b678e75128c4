import Evaluation
import MetaLearning
import Testing

@Suite("What is read off curves")
struct CurveMeasuresTests {
  /// A trace with given accuracies and kernel movements.
  private func trace(_ accuracies: [Double], _ movements: [Double]) -> AdaptationTrace {
    AdaptationTrace(
      curve: accuracies.enumerated().map { t, accuracy in
        CurvePoint(
          step: t, supportLoss: 1, supportAccuracy: 1, queryLoss: 1, queryAccuracy: accuracy,
          milliseconds: Double(3 * t))
      }, kernelMovement: movements, macsPerStep: 100)
  }

  private func measures(_ traces: [AdaptationTrace], trained: Int = 2) -> SpeedMeasures {
    SpeedMeasures(candidate: "made up", trainedSteps: trained, traces: traces)
  }

  private func linear(_ slope: Double, perStep: Double, steps: Int) -> AdaptationTrace {
    trace((0...steps).map { 0.2 + slope * perStep * Double($0) }, (0...steps).map { perStep * Double($0) })
  }

  @Test("at a matched movement a linear curve is on its line, between steps too, and nothing beyond its end")
  func matchedLine() {
    let line = linear(2, perStep: 0.05, steps: 4)
    for movement in [0, 0.01, 0.05, 0.125, 0.2] {
      #expect(abs((line.accuracy(atKernelMovement: movement) ?? 0) - (0.2 + 2 * movement)) < 1e-12)
    }
    #expect(line.accuracy(atKernelMovement: 0.21) == nil)
    // A curve that turns back is read where it first gets there.
    let back = trace([0.2, 0.6, 0.4, 0.8], [0, 0.2, 0.1, 0.3])
    // Three quarters of the way from 0.2 to 0.6.
    #expect(abs((back.accuracy(atKernelMovement: 0.15) ?? 0) - 0.5) < 1e-12)
    #expect(trace([0.2, 0.4], [0, .nan]).accuracy(atKernelMovement: 0.1) == nil)
  }

  @Test(
    "two arms of which one only takes larger steps are equal at equal movement, though not at equal steps")
  func artefact() {
    let slow = measures((0..<5).map { _ in linear(2, perStep: 0.02, steps: 8) })
    let fast = measures((0..<5).map { _ in linear(2, perStep: 0.04, steps: 8) })
    let movements = SpeedResult.commonMovements(of: [[slow], [fast]])
    #expect(movements.count == 9 && movements.first == 0.02 && abs((movements.last ?? 0) - 0.32) < 1e-12)
    let results = [slow, fast].map { SpeedResult([$0], movements: movements) }
    #expect(results[1].curve[1].queryAccuracy.mean > results[0].curve[1].queryAccuracy.mean)
    for (a, b) in zip(results[0].matched, results[1].matched) where a.accuracy != nil {
      #expect(abs((a.accuracy?.mean ?? 0) - (b.accuracy?.mean ?? 1)) < 1e-12)
    }
    // The slow arm ends at 0.16.
    #expect(results[0].matched.last?.accuracy == nil && results[0].matched.last?.reached == 0)
    #expect(results[1].matched.allSatisfy { $0.reached == 1 })
  }

  @Test("tasks that do not move so far are left out on both sides")
  func partial() {
    let mixed = measures([linear(1, perStep: 0.1, steps: 3), linear(1, perStep: 0.02, steps: 3)])
    let far = measures([linear(1, perStep: 0.1, steps: 3), linear(1, perStep: 0.1, steps: 3)])
    #expect(SpeedResult([mixed, far], movements: [0.1]).matched[0].reached == 0.5)
    let head = measures([trace([0.2, 0.9], [0, 0])], trained: 1)
    #expect(SpeedResult.commonMovements(of: [[head]]).isEmpty)
  }

  @Test("steps, time and multiply-adds to 95 % are where the definition says")
  func steps() {
    #expect(stepsTo95Percent(of: [0.2, 0.5, 0.59, 0.6]) == 2)
    #expect(stepsTo95Percent(of: [0.2, 0.6, 0.9, 0.3]) == 2)
    #expect(stepsTo95Percent(of: [0.5, 0.5]) == nil && stepsTo95Percent(of: [0.5, 0.4]) == nil)
    let curves = (0..<30).map { i in
      trace([0.2, 0.5, 0.59, 0.6].map { $0 + 0.001 * Double(i) }, [0, 1, 2, 3])
    }
    let result = SpeedResult([measures(curves)], movements: [])
    #expect(result.stepsTo95Percent == 2 && result.stepsTo95PercentInterval == [2, 2])
    #expect(result.millisecondsTo95Percent == 6 && result.macsTo95Percent == 200)
    #expect(abs(result.degradation.mean - (0.59 - 0.6)) < 1e-12)
    #expect(abs(result.areaUnderCurve.mean - (0.4725 + 0.0145)) < 1e-12)
  }

  @Test("where some tasks are quick and some slow the interval of the steps says so")
  func stepsInterval() throws {
    let quick = trace([0.2, 0.8, 0.8, 0.8], [0, 1, 2, 3])
    let slow = trace([0.2, 0.2, 0.2, 0.8], [0, 1, 2, 3])
    // The mean after step 1 is 0.2 + 0.6·q: above 95 % of the way only if 95 % of the draws are quick.
    let result = SpeedResult([measures((0..<40).map { $0 < 38 ? quick : slow })], movements: [])
    #expect(result.stepsTo95PercentInterval == [1, 3])
    let again = SpeedResult([measures((0..<40).map { $0 < 38 ? quick : slow })], movements: [])
    #expect(again.stepsTo95PercentInterval == result.stepsTo95PercentInterval)
  }
}
