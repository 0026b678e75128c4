import ConvFamilies
import Diagnostics
import Networks
import Testing

@Suite("Benchmarks")
struct BenchmarkTests {
  private func tiny(_ work: Benchmark.Work) -> Benchmark {
    var benchmark = Benchmark()
    (benchmark.work, benchmark.shape, benchmark.filters, benchmark.side) = (work, .cifar, 4, 16)
    (benchmark.ways, benchmark.queries, benchmark.steps, benchmark.tasks, benchmark.repeats) = (2, 1, 1, 1, 1)
    return benchmark
  }

  @Test(
    "every work runs on a residual net", arguments: Benchmark.Work.allCases.filter { $0 != .torchbenchMAML })
  func residual(work: Benchmark.Work) async throws {
    var benchmark = tiny(work)
    benchmark.backbone = "resnet10"
    (benchmark.together, benchmark.threads) = (work == .proto, 2)
    let found = try await benchmark.run(families: FamilyRegistry.families)
    #expect(found.together == (work == .proto))
    #expect(found.backbone == "resnet10" && found.msPerTask > 0 && found.gflopsPerTask > 0)
    #expect(found.family == (work == .mamlAtoms || work == .adaptAtoms ? "acdc" : "standard"))
  }

  @Test("a family and a selector replace those of the work; unknown names are refused")
  func family() async throws {
    var benchmark = tiny(.mamlAll)
    (benchmark.family, benchmark.adapt) = ("svd", "singular")
    let found = try await benchmark.run(families: FamilyRegistry.families)
    #expect(found.family == "svd" && found.adapt == "singular")
    benchmark.backbone = "resnet11"
    await #expect(throws: ConfigurationError.self) {
      try await benchmark.run(families: FamilyRegistry.families)
    }
  }

  @Test("layers of one shape are timed once, for the support and for the query, three passes each")
  func layers() throws {
    var benchmark = tiny(.mamlAll)
    (benchmark.backbone, benchmark.filters) = ("resnet18", 16)
    let times = try LayerTimes(of: benchmark, families: FamilyRegistry.families)
    // The stem; the first stage's; and for each of three stages a strided one, a projection and the others.
    #expect(times.rows.count == 2 * 3 * (2 + 3 * 3))
    #expect(times.peak > 0 && times.rows.allSatisfy { $0.milliseconds > 0 && $0.shareOfPeak > 0 })
  }
}
