internal import Documents
internal import Evaluation
internal import Results

/// Accuracy on the test episodes of each data set of a union.
enum UnionSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    let arms = result.arms.filter { $0.test.dataSets?.isEmpty == false }
    guard let first = arms.first?.test.dataSets else { return nil }
    let pairs = differences(result)
    let table = Table(
      name: "accuracy-by-data-set",
      columns: [
        .text("data set", "data_set"), .number("test classes", "classes"), .number("their images", "images"),
        .number("test episodes", "episodes"),
      ] + arms.map { .number($0.name, "accuracy_\($0.name)", .share) }
        + pairs.map { .number("\($0.a) − \($0.b)", "difference_\($0.a)_to_\($0.b)", .share) },
      rows: first.enumerated().map { k, row in
        [.text(row.name), .count(row.classes), .count(row.images), .count(row.episodes)]
          + arms.map { .percent($0.test.dataSets?[k].accuracy) }
          + pairs.map { pair in cell(pair.all.first { $0.condition?.dataSetName == row.name }) }
      } + [
        [.text("all"), .empty, .empty, .count(arms[0].test.episodes)]
          + arms.map { .percent($0.test.accuracy) }
          + pairs.map { pair in
            cell(
              result.comparisons.first {
                ($0.a, $0.b, $0.metric) == (pair.a, pair.b, "accuracy") && $0.condition.isClean
              })
          }
      ],
      note:
        "Mean ± half-width of the 95 % interval over the test episodes of each data set: the classes of an episode come from "
        + "one data set. Differences in percentage points, paired over the same episodes, with intervals that hold at once "
        + "over all comparisons of their kind; those of single data sets are secondary comparisons.")
    return Section(title: "Accuracy by data set", blocks: [.table(table)])
  }

  /// The comparisons of two arms on single data sets.
  private struct Pair {
    let a: String
    let b: String
    let all: [RunResult.Comparison]
  }

  /// Pairs of arms that were compared on single data sets, in their order.
  private static func differences(_ result: RunResult) -> [Pair] {
    let found = result.comparisons.filter {
      $0.metric == "accuracy" && $0.condition?.dataSetName != nil
    }
    var seen: Set<[String]> = []
    return found.filter { seen.insert([$0.a, $0.b]).inserted }.map { first in
      Pair(a: first.a, b: first.b, all: found.filter { ($0.a, $0.b) == (first.a, first.b) })
    }
  }

  private static func cell(_ comparison: RunResult.Comparison?) -> Table.Cell {
    guard let comparison else { return .empty }
    let seen = Difference(comparison)
    let unit = MetricUnit(of: comparison.metric)
    return Table.Cell(
      text: "\(unit.signed(comparison.difference)) (\(unit.text(seen.low)) to \(unit.text(seen.high)))",
      value: comparison.difference
    ).within(seen.low, seen.high)
  }
}
