import ConvFamilies
import Diagnostics
import Files
import Foundation
import Images
import Jobs
import MetaLearning
import Networks
import Results
import Settings
import Tensors
import TestRuns
import Testing
import Training

@Suite("A run whose ranks fall")
struct RankTrainingTests {
  private let options = ["prune-every": "2", "prune-after": "2", "energy": "0.8", "rank": "0.75"]

  private func run<Result>(_ body: (_ result: RunResult, _ plan: Plan) async throws -> Result) async throws
    -> Result
  {
    try await withTinyData(GlyphClasses(train: 6, validation: 4, test: 4), imagesPerClass: 6) {
      data, folder in
      var plan = Plan()
      plan.data = DataFolders(data)
      plan.output = folder + "/run"
      plan.family = "svd"
      plan.options = options
      plan.imageSize = 16
      plan.filters = 8
      plan.ways = 3
      plan.queries = 2
      plan.validationQueries = 2
      plan.metaBatch = 2
      plan.iterations = 6
      plan.episodes = 4
      plan.validationEpisodes = 3
      plan.evaluationSteps = 2
      plan.baseline = .none
      let result = try await Runner(plan: plan, families: FamilyRegistry.families).run(
        progress: SilentProgress())
      return try await body(result, plan)
    }
  }

  private func rows(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test(
    "rank and numbers over time stand in the files, and a pruned checkpoint and its conversion are read back")
  func pruningRun() async throws {
    try await run { result, plan in
      let folder = try #require(plan.output)
      let ranks = try rows(folder + "/ranks.csv")
      #expect(Set(ranks.compactMap { $0["rank"] }) == Set((2...4).map { "layer\($0).conv.rank" }))
      for layer in 2...4 {
        let own = ranks.filter { $0["rank"] == "layer\(layer).conv.rank" }
        let extents = own.compactMap { $0["extent"].flatMap { Int($0) } }
        // Six of eight at first; eight filters on eight channels break even at 8·72/81 = 7.1.
        #expect(extents.first == 6 && extents == extents.sorted(by: >) && (extents.last ?? 9) < 6)
        #expect(own.allSatisfy { $0["declared"] == "6" && $0["break_even"]?.hasPrefix("7.1") == true })
        #expect(own.first?["iteration"] == "0")
      }
      let metrics = try rows(folder + "/metrics.csv")
      let numbers = metrics.compactMap { $0["parameters"].flatMap { Int($0) } }
      let sums = metrics.compactMap { $0["rank"].flatMap { Int($0) } }
      #expect(numbers == numbers.sorted(by: >) && numbers.last ?? 0 < numbers[0])
      #expect(sums == sums.sorted(by: >) && sums.allSatisfy { 3 <= $0 && $0 <= 18 })
      // Of r·(8 + 72 + 1) numbers per rank; all else stays.
      #expect(numbers[0] - (numbers.last ?? 0) == 81 * (sums[0] - (sums.last ?? 0)))

      let fresh = try Arm(
        plan, family: "svd", options: options, adapt: nil, families: FamilyRegistry.families)
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/checkpoints/last.safetensors"))
      let point = try Checkpoint.decode(data, for: fresh)
      #expect(point.initial.layout.count() == numbers.last)
      let arm = fresh.lowered(to: point.initial.layout)
      #expect(try Checkpoint.decode(data, for: arm).initial.layout.ranks == point.initial.layout.ranks)
      #expect(arm.network.layout.ranks.map(\.kept) == point.initial.layout.ranks.map(\.kept))
      let again = Checkpoint.encode(point, of: arm)
      #expect(try Checkpoint.decode(again, for: fresh).tensors.map(\.scalars) == point.tensors.map(\.scalars))
      #expect(result.arms[0].parameters.byRole["singular"] != nil)

      // Any kernel of this run is a standard one.
      let standard = try RunConversion(
        of: folder, checkpoint: "checkpoints/last.safetensors", to: "standard", options: [:],
        families: FamilyRegistry.families)
      #expect(standard.conversion.totalError == 0 && standard.trainedNumbers == numbers.last)
      let small = try RunConversion(
        of: folder, to: "fsnet", options: ["compression": "4"], families: FamilyRegistry.families)
      #expect(small.conversion.totalError > 0 && small.conversion.totalError < 1)
      #expect(small.arm.name == "fsnet-summary")
      try small.write(to: folder + "-fsnet")
      let plan = try ConfigurationFile(contentsOf: folder + "-fsnet/config.json").applied(to: Plan())
      #expect(plan.family == "fsnet" && plan.options == ["compression": "4"] && plan.filters == 8)
      let written = try Data(contentsOf: URL(fileURLWithPath: folder + "-fsnet/checkpoints/best.safetensors"))
      #expect(
        try Checkpoint.decode(written, for: small.arm).tensors.map(\.scalars)
          == small.point.tensors.map(\.scalars))
    }
  }

  @Test("a checkpoint whose ranks are none of the arm's is refused")
  func badRanks() async throws {
    try await run { _, plan in
      let data = try Data(
        contentsOf: URL(fileURLWithPath: try #require(plan.output) + "/checkpoints/last.safetensors"))
      var options = options
      options["rank"] = "1"
      let narrow = try Arm(
        plan, family: "svd", options: options, adapt: nil, families: FamilyRegistry.families)
      #expect(throws: SelfCheckError.self) { try Checkpoint.decode(data, for: narrow) }
    }
  }
}
