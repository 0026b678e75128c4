import ConvFamilies
import Diagnostics
import Foundation
import Results
import Testing

@Suite("Scaling of a workload")
struct ScalingTests {
  @Test("arithmetic grows as counted by hand, from one at the first row, and the files hold every row")
  func steps() async throws {
    var base = Benchmark()
    base.filters = 4
    base.tasks = 1
    base.repeats = 1
    base.queries = 1
    var scaling = Scaling(of: base)
    scaling.axes = [.steps]
    let report = try await scaling.run(families: FamilyRegistry.families)
    #expect(report.rows.map(\.value) == [1, 2, 5, 10])
    // Nine passes over the support for every step, three over as many query images.
    for row in report.rows {
      #expect(abs(row.workGrowth - Double(9 * row.value + 3) / 12) < 1e-9)
      #expect(row.milliseconds > 0 && row.timeGrowth > 0)
    }
    let folder = NSTemporaryDirectory() + "scaling-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try report.write(to: try RunFolder(making: folder))
    let lines = try String(contentsOfFile: folder + "/scaling.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + report.rows.count)
    #expect(try String(contentsOfFile: folder + "/scaling.svg", encoding: .utf8).contains("inner steps"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/scaling.png")).starts(with: [0x89, 0x50]))
  }

  @Test("a prototypical task has no inner steps to vary")
  func prototypical() async throws {
    var base = Benchmark()
    base.work = .proto
    var scaling = Scaling(of: base)
    scaling.axes = [.steps]
    #expect(try await scaling.run(families: FamilyRegistry.families).rows.isEmpty)
  }
}
