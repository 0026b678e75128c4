import ConvFamilies
import Files
import Formats
import Jobs
import MetaLearning
import Networks
import Results
import Settings
import TestRuns
import Testing
import Training

/// A budget, and what it makes of an arm: Conv-4 of 32 filters, three layers of 32 × 32 kernels of side 3.
private struct BudgetCase: Sendable, CustomTestStringConvertible {
  let family: String
  var options: [String: String] = [:]
  var adapt: String?
  let budget: Int
  let found: (options: [String: String], adapt: String, numbers: Int)

  var testDescription: String { "\(family) \(options) \(adapt ?? "-") \(budget)" }

  static let all = [
    BudgetCase(family: "acdc", budget: 162, found: (["atoms": "6"], "atoms", 162)),
    BudgetCase(family: "acdc", budget: 188, found: (["atoms": "6"], "atoms", 162)),
    BudgetCase(family: "acdc", budget: 189, found: (["atoms": "7"], "atoms", 189)),
    // More than there can be.
    BudgetCase(family: "acdc", budget: 1_000_000, found: (["atoms": "64"], "atoms", 1728)),
    BudgetCase(
      family: "acdc", options: ["delta": "on"], adapt: "atoms-delta", budget: 100,
      found: (["delta": "on", "atoms": "3"], "atoms-delta", 81)),
    // No more than eight of these functions fit a kernel.
    BudgetCase(
      family: "acdc", options: ["init": "fourier-bessel"], budget: 1000,
      found: (["init": "fourier-bessel", "atoms": "8"], "atoms", 216)),
    BudgetCase(
      family: "acdc", adapt: "atoms@2+norm@2", budget: 100, found: (["atoms": "4"], "atoms@2+norm@2", 100)),
    // 9·32 + 32 for each layer and rank.
    BudgetCase(family: "lora", budget: 3000, found: (["rank": "3"], "lora", 2880)),
    BudgetCase(family: "lora", adapt: "lora@2", budget: 330, found: (["rank": "1"], "lora@2", 320)),
    BudgetCase(family: "lora", budget: 10_000_000, found: (["rank": "32"], "lora", 30_720)),
    // Nothing less can be chosen, and it is less than a tenth too much.
    BudgetCase(family: "lora", budget: 900, found: (["rank": "1"], "lora", 960)),
    BudgetCase(family: "svd", budget: 40, found: (["rank": "13"], "singular", 39)),
    BudgetCase(family: "adapter", budget: 4095, found: (["alignment": "off"], "adapter", 3072)),
    BudgetCase(family: "adapter", budget: 4096, found: (["alignment": "on"], "adapter", 4096)),
    // A setting that is given stays.
    BudgetCase(family: "acdc", options: ["atoms": "2"], budget: 162, found: (["atoms": "2"], "atoms", 54)),
    // What adapts needs no setting, or has none.
    BudgetCase(family: "acdc", adapt: "norm", budget: 300, found: ([:], "norm", 256)),
    BudgetCase(family: "film", budget: 256, found: ([:], "norm", 256)),
    BudgetCase(family: "film", budget: 162, found: ([:], "random:162", 162)),
    BudgetCase(family: "standard", budget: 162, found: ([:], "random:162", 162)),
    BudgetCase(family: "acdc", adapt: "random", budget: 162, found: ([:], "random:162", 162)),
    BudgetCase(family: "standard", adapt: "random@3-4", budget: 162, found: ([:], "random:162@3-4", 162)),
    BudgetCase(family: "standard", adapt: "random@4", budget: 1_000_000, found: ([:], "random:9280@4", 9280)),
  ]
}

@Suite("Budgets of adapted numbers")
struct AdaptBudgetTests {
  private let families = FamilyRegistry.families

  private func plan(_ item: BudgetCase) -> Plan {
    var plan = Plan()
    (plan.family, plan.options, plan.adapt, plan.adaptBudget) = (
      item.family, item.options, item.adapt, item.budget
    )
    plan.head = .adapts
    return plan
  }

  @Test("they choose the setting that comes nearest, and say what adapts", arguments: BudgetCase.all)
  fileprivate func chosen(item: BudgetCase) throws {
    let arm = try plan(item).arms(families: families)[0]
    #expect(arm.options == item.found.options && arm.selector.description == item.found.adapt)
    let numbers = arm.audit.filter { $0.role != "head" }.reduce(0) { $0 + $1.numbers }
    #expect(numbers == item.found.numbers)
    let note = try #require(arm.budgetNote)
    #expect(
      note.hasPrefix("adapt-budget \(item.budget): \(item.family)") && note.contains("adapts \(numbers) "))
    // Written out, it is the same arm again.
    let again = plan(item).resolved(as: arm)
    #expect(again.adaptBudget == item.budget && again.options == arm.options)
    let second = try again.arms(families: families)[0]
    #expect(second.options == arm.options && second.name == arm.name && second.budgetNote == note)
    #expect(again.resolved(as: second) == again)
  }

  @Test(
    "where nothing fits, the least that would is named",
    arguments: [
      ("lora", [:], nil, 162, "960"), ("acdc", [:], nil, 20, "27"), ("acdc", ["atoms": "9"], nil, 162, "243"),
      ("film", [:], "norm", 162, "256"), ("standard", [:], "all", 162, "28192"),
      ("adapter", [:], nil, 100, "3072"), ("standard", [:], "random:500", 162, "500"),
    ] as [(String, [String: String], String?, Int, String)])
  func refused(_ family: String, _ options: [String: String], _ adapt: String?, _ budget: Int, _ word: String)
    throws
  {
    var plan = Plan()
    (plan.family, plan.options, plan.adapt, plan.adaptBudget) = (family, options, adapt, budget)
    let error = #expect(throws: ConfigurationError.self) { try plan.validate(families: families) }
    #expect(error?.field == "adapt-budget" && error?.value == "\(budget)")
    #expect(error?.reason.contains(word) == true, "\(error?.description ?? "")")
    // What it says to do works.
    let wanted = try #require(Int(word))
    plan.adaptBudget = wanted
    #expect(throws: Never.self) { try plan.validate(families: families) }
  }

  @Test("an arm in which nothing adapts fits any budget, and a cell of a grid is named after what is chosen")
  func others() throws {
    var plan = Plan()
    (plan.head, plan.adapt, plan.adaptBudget) = (.centroid, "none", 5)
    #expect(try plan.arms(families: families)[0].audit.isEmpty)
    let grid = try Grid(
      """
      base: {adapt-budget: 960, head: adapts}
      grid: {family: [acdc, lora, standard, film]}
      """, from: "grid.yaml")
    let cells = grid.cells(families: families)
    #expect(cells.map(\.name) == ["acdc-atoms", "lora-lora", "standard-random_960", "film-norm"])
    #expect(cells.allSatisfy { $0.fault == nil })
  }

  @Test("every arm of a run keeps to it; the folder holds the choice, and repeats the run")
  func run() async throws {
    try await withTinyData { data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.family, plan.adaptBudget, plan.iterations, plan.baseline) = ("lora", 130, 2, .standard)
      let notes = StepWatcher()
      let result = try await Runner(plan: plan, families: families).run(progress: notes)
      #expect(result.arms.map(\.name) == ["lora-lora", "standard-random:130"])
      // 9·4 + 4 in each of three layers.
      #expect(notes.notes.contains("adapt-budget 130: lora with rank 1 adapts 120 numbers"))
      #expect(notes.notes.contains("adapt-budget 130: standard adapts 130 numbers (random:130)"))
      let file = try ConfigurationFile(contentsOf: folder + "/run/config.json")
      #expect(try file.resolved().options == ["rank": "1"] && file.resolved().adapt == "lora")
      #expect(try file.applied(to: Plan()).options.isEmpty && file.applied(to: Plan()).adaptBudget == 130)
      // Finished, it is its own result; as another run it is the same.
      let resumed = try await Runner(plan: plan, families: families).resume(progress: SilentProgress())
      #expect(resumed.arms.map(\.name) == result.arms.map(\.name))
      var again = try file.resolved()
      again.output = folder + "/again"
      _ = try await Runner(plan: again, families: families).run(progress: SilentProgress())
      #expect(try RunFiles(folder + "/again").differences(from: RunFiles(folder + "/run")).isEmpty)
    }
  }
}
