import Episodes
import Evaluation
import MetaLearning
import Randomness
import Testing

@Suite("Calibration, classes and confusion")
struct CalibrationTests {
  /// Answers of a task: which are right, and how sure.
  private func task(_ right: [Bool], _ sure: [Double]) -> QueryAnswers {
    QueryAnswers(
      truth: right.map { _ in 0 }, told: right.map { $0 ? 0 : 1 }, confidence: sure, loss: sure, brier: sure)
  }

  private func draws(_ tasks: Int, seed: UInt64) -> [QueryAnswers] {
    var stream = RandomStream(seed: seed, purpose: "calibration")
    return (0..<tasks).map { e in
      let count = 4 + e % 7
      let sure = (0..<count).map { _ in (stream.uniform(0.2, 1) * 1e6).rounded() / 1e6 }
      return task(sure.map { stream.uniform(0, 1) < $0 * 0.8 }, sure)
    }
  }

  @Test("of answers that are 90 % sure and 80 % right, the error is a tenth, in one bin")
  func onePlace() {
    let tasks = (0..<10).map { _ in task([true, true, true, true, false], .init(repeating: 0.9, count: 5)) }
    let found = Calibration([tasks])
    #expect(abs(found.ece.mean - 0.1) < 1e-12 && found.ece.ci95 < 1e-12)
    let filled = found.bins.filter { $0.count > 0 }
    #expect(found.bins.count == 15 && filled.count == 1 && filled[0].count == 50)
    #expect(filled[0].low < 0.9 && 0.9 <= filled[0].high)
    #expect(abs((filled[0].accuracy?.mean ?? 0) - 0.8) < 1e-12 && filled[0].confidence == 0.9)
  }

  @Test("a bin has its upper end and not its lower, and the first bin has 0", arguments: 0...15)
  func edges(k: Int) {
    let edge = Double(k) / 15
    let found = Calibration([[task([true], [edge])]])
    #expect(found.bins.firstIndex { $0.count == 1 } == max(0, k - 1))
  }

  @Test("the mean of its values is the error over all answers, also of unequal tasks")
  func pooled() {
    let tasks = draws(60, seed: 1)
    var expected = 0.0
    let all = tasks.flatMap { t in (0..<t.count).map { (t.confidence[$0], t.isRight($0)) } }
    for b in 0..<15 {
      let own = all.filter { $0.0 > Double(b) / 15 && $0.0 <= Double(b + 1) / 15 }
      guard !own.isEmpty else { continue }
      let accuracy = Double(own.count(where: \.1)) / Double(own.count)
      let confidence = own.reduce(0) { $0 + $1.0 } / Double(own.count)
      expected += Double(own.count) / Double(all.count) * abs(accuracy - confidence)
    }
    let found = Calibration([tasks])
    #expect(abs(found.ece.mean - expected) < 1e-12)
    // With two trainings it is the mean of theirs, and bins have the answers of both.
    let both = Calibration([tasks, draws(60, seed: 2)])
    #expect(abs(both.ece.mean - (expected + Calibration([draws(60, seed: 2)]).ece.mean) / 2) < 1e-12)
    #expect(both.bins.reduce(0) { $0 + $1.count } == 2 * all.count)
  }

  @Test("its interval covers the error of other tasks as often as it says")
  func coverage() {
    // Below its confidence by a fifth everywhere: the true error is known.
    let truth = 0.2 * 0.6
    let misses = (0..<200).count { k in
      let found = Calibration([draws(150, seed: 100 + UInt64(k))])
      return abs(found.ece.mean - truth) > found.ece.ci95
    }
    #expect(misses <= 24)
  }

  @Test("classes and pairs are counted as they stand in the episodes")
  func classes() {
    func episode(_ index: Int, _ names: [String]) -> EpisodeDescription {
      EpisodeDescription(
        index: index, classes: names, rotations: names.map { _ in 0 }, support: names.map { [$0] },
        query: names.map { ["\($0)/1", "\($0)/2"] })
    }
    func answers(_ told: [Int]) -> QueryAnswers {
      let zeros = told.map { _ in 0.0 }
      return QueryAnswers(truth: [0, 0, 1, 1], told: told, confidence: zeros, loss: zeros, brier: zeros)
    }
    let episodes = [episode(0, ["a", "b"]), episode(1, ["c", "a"])]
    let found = ClassAnswers([[answers([0, 1, 1, 1]), answers([1, 1, 1, 0])]], to: episodes)
    #expect(found.accuracies.map(\.name) == ["a", "b", "c"])
    #expect(found.accuracies.map(\.queries) == [4, 2, 2] && found.accuracies.map(\.episodes) == [2, 1, 1])
    #expect(found.accuracies.map(\.accuracy.mean) == [0.5, 1, 0])
    let pairs = found.confusedPairs
    #expect(pairs.map(\.true) == ["c", "a", "a"] && pairs.map(\.predicted) == ["a", "b", "c"])
    #expect(pairs.map(\.count) == [2, 1, 1] && pairs.map(\.asked) == [2, 2, 2])
    #expect(Confusion(pairs).wrong == 4 && Confusion(pairs).pairs == 3)
  }
}
