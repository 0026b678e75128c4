import ConvFamilies
import Jobs
import Networks
import Settings
import Studies
import Testing

@Suite("Seeds that are added")
struct SeedPlanTests {
  private func grid(_ seeds: String) throws -> Grid {
    try Grid("grid: {seed: \(seeds), shots: [1, 5]}", from: "grid.yaml")
  }

  @Test("more seeds follow the largest, and cells that were there stay")
  func more() throws {
    let grid = try grid("[0, 7]")
    #expect(try grid.pilotSeeds() == 2)
    let cells = grid.cells(families: FamilyRegistry.families).map(\.name)
    let more = grid.withSeeds(4).cells(families: FamilyRegistry.families).map(\.name)
    #expect(more.count == 8 && Set(cells).isSubset(of: more))
    #expect(more.contains { $0.contains("seed8") } && more.contains { $0.contains("seed9") })
    #expect(grid.withSeeds(2).cells(families: FamilyRegistry.families).map(\.name) == cells)
  }

  @Test("a grid with fewer than two seeds is no pilot", arguments: ["{shots: [1]}", "{seed: [3]}"])
  func noPilot(axes: String) throws {
    let grid = try Grid("grid: \(axes)", from: "grid.yaml")
    #expect(throws: ConfigurationError.self) { try grid.pilotSeeds() }
  }

  @Test("looks begin at the pilot, go on by two, and end at the limit")
  func looks() {
    #expect(SeedPlan(pilot: 3, limit: 8, halfWidth: 0.01).looks == [3, 5, 7, 8])
    #expect(SeedPlan(pilot: 5, limit: 5, halfWidth: 0.01).looks == [5])
  }
}
