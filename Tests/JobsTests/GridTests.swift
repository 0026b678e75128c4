import ConvFamilies
import Jobs
import Settings
import Testing
import Training

@Suite("Grids of ablations")
struct GridTests {
  private let families = FamilyRegistry.families

  @Test("cells are the product of the axes over the base, with names that tell them apart")
  func product() throws {
    let grid = try Grid(
      """
      base: {iterations: 40, ways: 3}
      grid:
        arm:
          - {family: standard, adapt: all}
          - {family: acdc, adapt: atoms, option: {atoms: 4}}
          - {family: acdc, adapt: atoms, option: {atoms: 9}}
        shots: [1, 5]
        seed: [0, 7]
      evaluate: {suite: speed, episodes: 50}
      """, from: "grid.yaml")
    let cells = grid.cells(families: families)
    #expect(cells.count == 12 && Set(cells.map(\.name)).count == 12)
    #expect(cells[0].name == "standard-all-shots1-seed0")
    #expect(cells[11].name == "acdc-atoms-atoms9-shots5-seed7")
    let plan = try cells[11].plan()
    #expect(plan.iterations == 40 && plan.ways == 3 && plan.shots == 5 && plan.seed == 7)
    #expect(plan.options == ["atoms": "9"] && plan.baseline == .none)
    #expect(grid.evaluation.suite == .speed && grid.evaluation.episodes == 50)
  }

  @Test("a cell that contradicts itself stays a cell: it fails alone")
  func contradiction() throws {
    let grid = try Grid("grid: {family: [standard, acdc], adapt: [atoms]}", from: "grid.yaml")
    let cells = grid.cells(families: families)
    #expect(cells.map(\.name) == ["standard-atoms", "acdc-atoms"])
    #expect(cells[0].fault?.contains("kernels, norm, head") == true && cells[1].fault == nil)
    #expect(throws: (any Error).self) { try cells[0].plan().validate(families: families) }
  }

  @Test(
    "faults name the line",
    arguments: [
      ("base: {}\n", "there is no grid"), ("grid:\n  sead: [1]\n", "line 2"),
      ("grid:\n  seed: [x]\n", "line 2"),
      ("grid:\n  seed: 3\n", "seed needs a list"), ("grid:\n  seed: []\n", "seed needs a list"),
      ("gird:\n  seed: [1]\n", "none of base, grid, evaluate"),
      ("base: {wayz: 2}\ngrid: {seed: [1]}\n", "ways"),
      ("grid: {seed: [1]}\nevaluate: {suit: all}\n", "suite"),
      ("grid: {seed: [1]}\nevaluate: {suite: most}\n", "line 2"),
      ("[]", "key: value"),
    ])
  func faults(text: String, words: String) {
    let error = #expect(throws: ConfigurationFileError.self) { try Grid(text, from: "grid.yaml") }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("grid.yaml") == true)
  }
}
