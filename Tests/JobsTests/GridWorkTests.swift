import ConvFamilies
import Evaluation
import Files
import Foundation
import Jobs
import Results
import Settings
import Studies
import TestRuns
import Testing

@Suite("Cells by number")
struct GridWorkTests {
  private func work(_ grid: String, until looks: SeedPlan? = nil, in folder: String) throws -> GridWork {
    GridWork(
      try Grid("grid: {\(grid)}", from: "grid"), seedPlan: looks, in: folder,
      families: FamilyRegistry.families)
  }

  private func finish(_ cell: GridWork.Numbered) throws {
    try FileManager.default.createDirectory(
      atPath: cell.place.folder, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: cell.place.folder + "/results.json"))
  }

  @Test("a number stays with its cell however many seeds are added, wherever the seeds stand in the grid")
  func numbers() async throws {
    try await withFolder { folder in
      let arms = "arm: [{family: standard, adapt: all}, {family: acdc, adapt: atoms}]"
      let plan = SeedPlan(pilot: 2, limit: 6, halfWidth: 0.01)
      for grid in ["\(arms), seed: [5, 7]", "seed: [5, 7], \(arms)"] {
        let pilot = try work(grid, in: folder).all.map(\.cell.name)
        let work = try work(grid, until: plan, in: folder)
        #expect(work.wanted.map(\.cell.name) == pilot, "the pilot comes first, as without added seeds")
        #expect(work.all.count == 12 && work.all.map(\.cell.name).starts(with: pilot))
        #expect(work.all.map(\.index) == Array(0..<12) && Set(work.all.map(\.cell.name)).count == 12)
        #expect(Set(work.all.map(\.seed)) == [5, 7, 8, 9, 10, 11])
        #expect(Set(work.all[4..<8].map(\.seed)) == [8, 9], "then those of the next look")
        #expect(Set(work.all[4..<8].map(\.cell.arm)) == ["standard-all", "acdc-atoms"])
      }
    }
  }

  @Test("the seeds that are wanted follow from the finished cells and from what the report asks for")
  func rounds() async throws {
    try await withFolder { folder in
      let grid = "arm: [{family: standard, adapt: all}, {family: acdc, adapt: atoms}], seed: [0, 1]"
      let plan = SeedPlan(pilot: 2, limit: 6, halfWidth: 0.01)
      let work = try work(grid, until: plan, in: folder)
      for cell in work.wanted { try finish(cell) }
      #expect(work.wanted.count == 4, "all are there, and nobody has looked yet")
      // What a look has written.
      var result = RunResult(
        kind: .ablation, ways: 5, shots: 1, queries: 15, arms: [], comparisons: [],
        pixelBaseline: Estimate([0.2, 0.4]),
        data: .init(path: "images", hash: "", classes: 9, images: 9, skipped: 0), command: "", folder: folder,
        version: "", machine: .init(blasCore: "", threads: 1), seconds: 1)
      result.seedLook = .init(
        seeds: 2, looks: plan.looks, wanted: plan.halfWidth, widest: 0.1, isNarrow: false, next: 4,
        expected: 4)
      try result.json().write(to: URL(fileURLWithPath: folder + "/results.json"))
      #expect(work.wanted.count == 8 && work.wanted.map(\.index) == Array(0..<8))
      // A look with another aim asks for nothing here.
      let other = try self.work(grid, until: SeedPlan(pilot: 2, limit: 6, halfWidth: 0.02), in: folder)
      #expect(other.wanted.count == 4)
      for cell in work.wanted { try finish(cell) }
      #expect(work.wanted.count == 8)
    }
  }
}
