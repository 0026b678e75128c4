import Evaluation
import MetaLearning
import Testing

@Suite("Robustness table")
struct RobustnessTableTests {
  private static func corruption(_ name: String, _ severity: Double?) -> Condition {
    Condition(group: .corruption, name: name, severity: severity, side: .both)
  }

  /// Candidates 0 and 1 are two seeds of one arm, 2 is the reference; two episodes.
  private let table: RobustnessTable = {
    var scores: [ConditionScores] = []
    func add(_ condition: Condition, _ accuracies: [[Double]]) {
      for (k, values) in accuracies.enumerated() {
        scores.append(
          ConditionScores(
            condition: condition, candidate: k, episodes: Array(values.indices),
            scores: values.map { TaskScore(loss: -$0, accuracy: $0) }))
      }
    }
    add(.clean, [[0.9, 0.7], [0.7, 0.9], [0.8, 1.0]])
    add(Self.corruption("a", 2), [[0.4, 0.4], [0.4, 0.4], [0.7, 0.5]])
    add(Self.corruption("a", 1), [[0.8, 0.6], [0.6, 0.4], [0.8, 0.8]])
    add(Self.corruption("b", 1), [[0.5, 0.7], [0.7, 0.9], [0.5, 0.7]])
    add(
      Condition(group: .normalisation, name: "support-statistics"), [[0.8, 0.8], [0.8, 0.8], [1, 1]])
    return RobustnessTable(scores)
  }()

  private func isClose(_ a: [Double]?, _ b: [Double]) -> Bool {
    guard let a, a.count == b.count else { return false }
    return zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("per episode: means over seeds, then severities, then corruptions")
  func perEpisode() {
    #expect(isClose(table.accuracies(under: .clean, of: [0, 1]), [0.8, 0.8]))
    #expect(isClose(table.accuracies(under: Self.corruption("a", 1), of: [0, 1]), [0.7, 0.5]))
    #expect(isClose(table.accuracies(under: Self.corruption("a", nil), of: [0, 1]), [0.55, 0.45]))
    #expect(isClose(table.accuracies(under: Self.corruption("b", nil), of: [0, 1]), [0.6, 0.8]))
    #expect(isClose(table.accuracies(under: .meanCorruption(on: .both), of: [0, 1]), [0.575, 0.625]))
    #expect(table.accuracies(under: .meanCorruption(on: .query), of: [0, 1]) == nil)
    #expect(table.accuracies(under: Self.corruption("a", 3), of: [0]) == nil)
  }

  @Test(
    "changes are root mean squares over images, seeds, severities and corruptions; none where nothing changed"
  )
  func changes() {
    var scores: [ConditionScores] = []
    func add(_ condition: Condition, _ candidate: Int, _ squares: [Double]?) {
      let score = TaskScore(loss: 0, accuracy: 0.5)
      scores.append(
        ConditionScores(
          condition: condition, candidate: candidate, episodes: [0, 1], scores: [score, score],
          squaredChanges: squares))
    }
    for k in 0..<2 { add(.clean, k, nil) }
    add(Self.corruption("a", 1), 0, [0.01, 0.03])
    add(Self.corruption("a", 1), 1, [0.01, 0.05])
    for k in 0..<2 { add(Self.corruption("a", 2), k, [0.04, 0.06]) }
    for k in 0..<2 { add(Self.corruption("b", 1), k, [0.16, 0.16]) }
    for k in 0..<2 { add(Condition(group: .labels, name: "swap", severity: 0.4, side: .support), k, nil) }
    let table = RobustnessTable(scores)
    // Mean squares: a at 1 has 0.02 and 0.03 of two seeds, at 2 it has 0.05, so a has 0.0375; b has 0.16.
    let expected: [(Condition, Double?)] = [
      (.clean, nil), (Self.corruption("a", 1), 0.025), (Self.corruption("a", 2), 0.05),
      (Self.corruption("a", nil), 0.0375), (Self.corruption("b", 1), 0.16),
      (.meanCorruption(on: .both), (0.0375 + 0.16) / 2),
      (Condition(group: .labels, name: "swap", severity: 0.4, side: .support), nil),
    ]
    let rows = table.rows(of: [0, 1], reference: nil)
    #expect(rows.map(\.condition) == expected.map(\.0))
    for (row, (_, square)) in zip(rows, expected) {
      #expect((row.rmsChange == nil) == (square == nil))
      #expect(abs((row.rmsChange ?? 0) - (square ?? 0).squareRoot()) < 1e-12, "\(row.condition)")
    }
  }

  @Test("a drop under other statistics of normalisation is measured from what those give unperturbed")
  func crossed() {
    let support = Condition(group: .normalisation, name: "support-statistics")
    let noisy = Condition(
      group: .normalisation, name: "noise/support-statistics", severity: 3, side: .query)
    #expect(noisy.unperturbed == support && support.unperturbed == .clean)
    #expect(Self.corruption("a", 1).unperturbed == .clean)
    let accuracies = [Condition.clean: 0.8, support: 0.5, noisy: 0.4]
    let table = RobustnessTable(
      accuracies.map {
        ConditionScores(
          condition: $0, candidate: 0, episodes: [0], scores: [TaskScore(loss: 0, accuracy: $1)])
      })
    let drops = Dictionary(
      uniqueKeysWithValues: table.rows(of: [0], reference: nil).map { ($0.condition, $0.relativeDrop) })
    #expect(abs((drops[noisy] ?? 0) - 0.2) < 1e-12 && abs((drops[support] ?? 0) - 0.375) < 1e-12)
  }

  @Test("values of a relative drop have it as their mean, with the spread of a ratio")
  func drops() {
    let (clean, left) = ([0.8, 1, 0.6, 0.8], [0.4, 0.9, 0.2, 0.5, 0.9])
    let values = relativeDrops(clean, left)
    let mean = values.reduce(0, +) / 4
    #expect(abs(mean - 0.375) < 1e-12)
    // An arm that keeps half of every episode's accuracy drops by one half without any doubt.
    #expect(relativeDrops(clean, clean.map { $0 / 2 }).allSatisfy { abs($0 - 0.5) < 1e-12 })
    #expect(relativeDrops([0, 0], [0.1, 0]) == [0, 0])
  }

  @Test("rows: severities in order, their mean, the mean of all; drops and errors")
  func rows() {
    let rows = table.rows(of: [0, 1], reference: [2])
    #expect(
      rows.map(\.condition) == [
        .clean, Self.corruption("a", 1), Self.corruption("a", 2), Self.corruption("a", nil),
        Self.corruption("b", 1), .meanCorruption(on: .both),
        Condition(group: .normalisation, name: "support-statistics"),
      ])
    #expect(isClose(rows.map(\.accuracy.mean), [0.8, 0.6, 0.4, 0.5, 0.7, 0.6, 0.8]))
    #expect(isClose(rows.map(\.relativeDrop), [0, 0.25, 0.5, 0.375, 0.125, 0.25, 0]))
    // Reference errors: 0.1, 0.2, 0.4, 0.3, 0.4. mCE is the mean of 0.5/0.3 and 0.3/0.4.
    let errors = [2.0, 2, 1.5, 5.0 / 3, 0.75, (5.0 / 3 + 0.75) / 2]
    #expect(isClose(rows.prefix(6).compactMap(\.relativeError), errors))
    #expect(rows[6].relativeError == nil, "the reference makes no error")
    #expect(table.rows(of: [2], reference: [2]).allSatisfy { $0.relativeError == nil })
    #expect(table.rows(of: [0, 1], reference: nil).allSatisfy { $0.relativeError == nil })
    #expect(table.rows(of: [7], reference: nil).isEmpty)
  }
}
