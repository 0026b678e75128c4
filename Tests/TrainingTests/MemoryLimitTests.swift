import ConvFamilies
import Episodes
import Files
import Images
import MetaLearning
import Networks
import Results
import Settings
import TestRuns
import Testing
import Training

@Suite("Memory before training")
struct MemoryLimitTests {
  private let families = FamilyRegistry.families
  private let gibibyte = 1_073_741_824.0

  @Test("a run over its limit is refused before it makes its folder")
  func limit() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      plan.memoryLimit = 0.001
      plan.threads = 2
      await #expect { try await plan.run() } throws: { error in
        guard let error = error as? ConfigurationError else { return false }
        // Neither of the usual ways out would be enough.
        return error.field == "memory-limit"
          && error.remedy == "Use smaller images, fewer filters or fewer queries"
      }
      #expect(RunFolder.content(of: folder + "/run") == nil)
      plan.memoryLimit = 64
      let watcher = StepWatcher()
      _ = try await plan.run(watcher)
      #expect(watcher.notes.contains { $0.contains("one task needs") })
    }
  }

  @Test("what would be enough is offered, and a tensor that alone is too large is found without making it")
  func advice() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.filters, plan.innerSteps, plan.evaluationSteps, plan.threads) = (32, 5, 5, 2)
      let arm = try Arm(
        plan, family: plan.family, options: plan.options, adapt: plan.adapt, families: families)
      let images = try RunData(plan, progress: SilentProgress())
      let point = arm.start(seed: 0, rate: 0.1)
      func estimate(_ memory: GraphMemory) throws -> MemoryEstimate {
        var learner = arm.learner
        learner.memory = memory
        return MemoryEstimate(
          learner, at: point, plan, training: try images.task(images.training.episode(0)),
          evaluation: try images.task(images.test.episodes[0]),
          process: 40 << 20)
      }
      let (whole, less) = (try estimate(.unrolled), try estimate(.checkpointed))
      #expect(MemoryEstimate.least(arm.network, plan) < less.task)
      for (limit, isEnough) in [
        (Double(whole.total + less.total) / 2, true), (Double(less.total) - 1, false),
      ] {
        plan.memoryLimit = limit / gibibyte
        #expect {
          try whole.check(arm.name, plan) { less }
        } throws: { error in
          (error as? ConfigurationError)?.remedy.contains("--memory checkpointed") == isEnough
        }
      }
      plan.memoryLimit = Double(whole.total) / gibibyte + 1
      try whole.check(arm.name, plan) { less }

      (plan.imageSize, plan.filters, plan.queries, plan.memoryLimit) = (1024, 512, 75, 64)
      let large = try Arm(
        plan, family: "standard", options: [:], adapt: "all", families: families)
      #expect(throws: ConfigurationError.self) {
        try MemoryEstimate.refuseImpossible(large.network, large.name, plan)
      }
    }
  }
}
