internal import Figures
package import Formats
internal import Foundation
package import Networks
package import Results

/// How the time of a workload grows with what makes it larger, one thing at a time.
package struct Scaling: Sendable {
  /// The workload from which each series departs.
  package var base: Benchmark
  /// What is varied.
  package var axes = Axis.allCases

  /// Scaling of a workload over everything that can be varied.
  package init(of base: Benchmark) { self.base = base }

  /// What is made larger.
  package enum Axis: String, CaseIterable, Sendable {
    /// Inner steps.
    case steps = "inner steps"
    /// Support images per class.
    case shots
    /// Channels of every layer.
    case filters
    /// Side of the images.
    case side = "image side"
    /// Workers; the time is that of a task with all of them busy, so it should fall.
    case threads

    fileprivate func values(threads: Int) -> [Int] {
      switch self {
      case .steps: [1, 2, 5, 10]
      case .shots: [1, 2, 5, 10]
      case .filters: [16, 32, 64, 128]
      case .side: [20, 28, 42, 56, 84]
      case .threads: Array(1...max(1, threads))
      }
    }

    fileprivate func apply(_ value: Int, to benchmark: inout Benchmark) {
      switch self {
      case .steps: benchmark.steps = value
      case .shots: benchmark.shots = value
      case .filters: benchmark.filters = value
      case .side: benchmark.side = value
      case .threads: benchmark.threads = value
      }
    }
  }

  /// One measured size.
  package struct Row: Sendable {
    /// What was varied.
    package var axis: Axis
    /// Its value.
    package var value: Int
    /// Wall time per task with all workers busy.
    package var milliseconds: Double
    /// Convolution arithmetic of a task in the dense form, in units of 10⁹ operations.
    package var gflops: Double
    /// Time relative to the first row of the axis.
    package var timeGrowth: Double
    /// Arithmetic, shared among the workers, relative to the first row of the axis.
    package var workGrowth: Double
  }

  /// What was measured.
  package struct Report: Sendable {
    /// All rows, axis by axis.
    package var rows: [Row]
    /// The workload, in words.
    package var title: String
  }

  /// Measures all axes.
  ///
  /// - Parameters:
  ///   - families: The convolution families by name.
  ///   - progress: Receives every row as it is measured.
  /// - Returns: One row for every axis and value.
  /// - Throws: If a setting is not valid.
  package func run(
    families: [any ConvFamily.Type], progress: @Sendable (Row) -> Void = { _ in }
  ) async throws -> Report {
    var rows: [Row] = []
    for axis in axes where axis != .steps || base.work != .proto {
      var first: Row?
      for value in axis.values(threads: base.threads) {
        var benchmark = base
        axis.apply(value, to: &benchmark)
        let found = try await benchmark.run(families: families)
        var row = Row(
          axis: axis, value: value, milliseconds: found.msPerTask, gflops: found.gflopsPerTask, timeGrowth: 1,
          workGrowth: 1)
        if let first {
          row.timeGrowth = row.milliseconds / first.milliseconds
          row.workGrowth = row.gflops / first.gflops
          if axis == .threads { row.workGrowth *= Double(first.value) / Double(value) }
        }
        first = first ?? row
        rows.append(row)
        progress(row)
      }
    }
    return Report(rows: rows, title: "\(base.work.rawValue), \(base.shape.rawValue), \(base.backbone)")
  }
}

extension Scaling.Report {
  /// A table for people: time and arithmetic, and their growth from the first row of each axis.
  package var summaryText: String {
    let table = TextTable(
      ["varied", "value", "ms per task", "GFLOP", "time ×", "arithmetic ×"],
      rows.map { row in
        [
          row.axis.rawValue, "\(row.value)", TextTable.fixed(row.milliseconds, 2),
          TextTable.fixed(row.gflops, 3),
          TextTable.fixed(row.timeGrowth, 2), TextTable.fixed(row.workGrowth, 2),
        ]
      })
    return title + "\n" + table.text
  }

  /// The same as one document.
  package var document: JSONValue {
    .members([
      "workload": .text(title),
      "rows": .list(
        rows.map { row in
          .members([
            "varied": .text(row.axis.rawValue), "value": .integer(row.value),
            "ms_per_task": .number(row.milliseconds), "gflop_per_task": .number(row.gflops),
            "time_growth": .number(row.timeGrowth), "arithmetic_growth": .number(row.workGrowth),
          ])
        }),
    ])
  }

  /// Writes `scaling.csv`, `scaling.svg` and `scaling.png`.
  ///
  /// - Throws: ``RunFolderError`` if a file cannot be written.
  package func write(to folder: RunFolder) throws {
    let lines =
      [CSV.line(["varied", "value", "ms_per_task", "gflop_per_task", "time_growth", "arithmetic_growth"])]
      + rows.map {
        CSV.line([$0.axis.rawValue, $0.value, $0.milliseconds, $0.gflops, $0.timeGrowth, $0.workGrowth])
      }
    try folder.write(lines.joined(), to: "scaling.csv")
    try folder.write(chart.svg(), to: "scaling.svg")
    try folder.write(Data(chart.png()), to: "scaling.png")
  }

  /// Growth of the time against growth of the arithmetic, both in doublings; the work itself is the diagonal.
  var chart: LineChart {
    func doublings(_ value: Double) -> Double { log2(value) }
    let growing = Scaling.Axis.allCases.filter { $0 != .threads }
    let most = rows.map { doublings($0.workGrowth) }.max() ?? 1
    return LineChart(
      title: "Growth of the time per task: \(title)", xLabel: "arithmetic, doublings",
      yLabel: "time, doublings",
      series: [.init("as the arithmetic", [.init(x: 0, y: 0), .init(x: most, y: most)])]
        + growing.compactMap { axis in
          let points = rows.filter { $0.axis == axis }
          return points.isEmpty
            ? nil
            : .init(
              axis.rawValue, points.map { .init(x: doublings($0.workGrowth), y: doublings($0.timeGrowth)) })
        })
  }
}
