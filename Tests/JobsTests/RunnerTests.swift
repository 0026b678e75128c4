import ConvFamilies
import Episodes
import Evaluation
import Files
import Foundation
import Images
import Jobs
import MetaLearning
import Networks
import Results
import SafeTensors
import Settings
import Studies
import Tensors
import TestRuns
import Testing
import Training

/// The result without what depends on time, folder and machine load.
private func timeless(_ result: RunResult) throws -> String {
  let object = RunFiles.timeless(try JSONSerialization.jsonObject(with: result.json()))
  return String(
    decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
}

@Suite("The main job")
struct RunnerTests {
  @Test("the same seed gives the same bytes for any number of workers, and another seed does not")
  func deterministic() async throws {
    try await withTinyData { data, folder in
      var found: [(String, Data, Data)] = []
      for (i, (threads, seed)) in [(1, 0), (2, 0), (3, 0), (2, 1)].enumerated() {
        var plan = tinyPlan(data, "\(folder)/run\(i)")
        plan.threads = threads
        plan.seed = UInt64(seed)
        let result = try await Runner(plan: plan, families: FamilyRegistry.families).run(
          progress: SilentProgress())
        func file(_ name: String) throws -> Data {
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/run\(i)/\(name)"))
        }
        found.append(
          (try timeless(result), try file("checkpoints/last.safetensors"), try file("eval/episodes.csv")))
      }
      for other in found[1...2] { #expect(other == found[0]) }
      #expect(found[3].0 != found[0].0 && found[3].1 != found[0].1)
    }
  }

  @Test("the run's folder has what the interface says, and both arms met the same episodes")
  func folder() async throws {
    try await withTinyData { data, folder in
      let plan = tinyPlan(data, folder + "/run")
      let result = try await Runner(plan: plan, families: FamilyRegistry.families).run(
        progress: SilentProgress())
      for name in [
        "config.json", "metrics.csv", "checkpoints/last.safetensors", "checkpoints/best.safetensors",
        "checkpoints/baseline/best.safetensors", "episodes/validation.jsonl", "episodes/test.jsonl",
        "eval/episodes.csv", "eval/curves.csv", "results.json",
      ] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/run/\(name)"), "\(name)")
      }
      #expect(result.arms.map(\.name) == ["acdc-atoms", "standard-all"])
      #expect(result.arms.allSatisfy { $0.test.curve.map(\.step) == [0, 1, 2, 3] })
      let plain = result.comparisons.filter { $0.condition == nil }
      #expect(
        plain.map(\.metric).prefix(3) == ["accuracy", "accuracy_after_1_step", "area_under_curve"])
      #expect(plain.prefix(3).allSatisfy { $0.episodes == 8 })
      let perturbed = result.comparisons.filter { $0.condition != nil }
      #expect(!perturbed.isEmpty && perturbed.allSatisfy { $0.episodes == plan.robustnessEpisodes })
      // The mean difference is the difference of the means: the pairs are the same episodes.
      let means = result.arms.map(\.test.accuracy.mean)
      #expect(abs(result.comparisons[0].difference - (means[0] - means[1])) < 1e-12)

      let document = String(decoding: try result.json(), as: UTF8.self)
      for key in [
        "arms", "name", "family", "learner", "adapt", "order", "total", "adapted", "by_role", "iterations",
        "tasks",
        "seconds", "ms_per_task", "peak_bytes", "episodes", "mean", "ci95", "curve", "step", "accuracy",
        "loss",
        "area_under_curve", "steps_to_95_percent", "comparisons", "a", "b", "metric", "difference", "p",
        "second_order_share", "path", "hash", "classes", "images",
      ] {
        #expect(document.contains("\"\(key)\" :"), "\(key)")
      }

      let list = try EpisodeList(contentsOf: folder + "/run/episodes/test.jsonl")
      #expect(list.episodes.count == 8)
      let again = try ConfigurationFile(contentsOf: folder + "/run/config.json")
      // All that a run needs stands there, but not its folder; what was set stands apart from what followed.
      var expected = plan.resolved(adapting: "atoms")
      expected.output = nil
      #expect(try again.resolved() == expected)
      expected = plan
      expected.output = nil
      #expect(try again.applied(to: Plan()) == expected)
      // The folder is taken now.
      await #expect(throws: RunFolderError.self) {
        try await Runner(plan: plan, families: FamilyRegistry.families).run(progress: SilentProgress())
      }
    }
  }

  @Test("a checkpoint gives back what was saved, to the bit")
  func checkpoint() async throws {
    var plan = Plan()
    plan.filters = 4
    let arm = try Arm(plan, family: "acdc", options: [:], adapt: "atoms", families: FamilyRegistry.families)
    let point = arm.start(seed: 3, rate: 0.25)
    let bytes = Checkpoint.encode(point, of: arm)
    let back = try Checkpoint.decode(bytes, for: arm)
    #expect(Checkpoint.encode(back, of: arm) == bytes)
    let other = try Arm(
      plan, family: "standard", options: [:], adapt: "all", families: FamilyRegistry.families)
    #expect(throws: SelfCheckError.self) { try Checkpoint.decode(bytes, for: other) }
    for damaged in [Data(bytes.dropLast(3)), Data(bytes.prefix(40)), Data()] {
      #expect(throws: SealedFile.Broken.self) { try Checkpoint.decode(damaged, for: arm) }
    }
    // Whichever bit changes, it is noticed.
    for position in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
      var altered = bytes
      altered[position] ^= 4
      #expect(throws: SealedFile.Broken.self) { try Checkpoint.decode(altered, for: arm) }
    }
  }

  @Test(
    "every learner and order runs, checkpointed or not",
    arguments: [
      ("prototypical", "second", 0), ("prototypical", "second", 1), ("maml", "first", 2),
      ("maml", "second", 2),
    ])
  func kinds(learner: String, order: String, steps: Int) async throws {
    try await withTinyData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      plan.learner = try #require(LearnerKind(rawValue: learner))
      plan.order = try #require(DerivativeOrder(rawValue: order))
      plan.innerSteps = steps
      plan.memory = .checkpointed
      if steps > 0 { plan.adapt = "atoms" }
      let result = try await Runner(plan: plan, families: FamilyRegistry.families).run(
        progress: SilentProgress())
      #expect((0...1).contains(result.arms[0].test.accuracy.mean))
      #expect(result.arms[0].test.curve.count == (steps == 0 ? 1 : 4))
      #expect((result.secondOrderShare == nil) == (steps == 0))
    }
  }
}

@Suite("Advice on OpenBLAS")
struct BLASAdviceTests {
  @Test("old kernels on a new processor are noticed, and who chose them")
  func oldKernels() {
    #expect(BLASAdvice.warning(core: "Zen", hasAVX512: false, forced: nil) == nil)
    #expect(BLASAdvice.warning(core: "SkylakeX", hasAVX512: true, forced: nil) == nil)
    #expect(
      BLASAdvice.warning(core: "Haswell", hasAVX512: true, forced: "Haswell")?.contains("unset") == true)
    #expect(BLASAdvice.warning(core: "Haswell", hasAVX512: true, forced: nil)?.contains("newer") == true)
  }
}

@Suite("Self-checks")
struct SelfCheckTests {
  private func evaluation(step0: Double) -> (SpeedMeasures, Plan) {
    let traces = (0..<100).map { episode in
      let curve = (0...2).map { step in
        CurvePoint(
          step: step, supportLoss: 1, supportAccuracy: 1, queryLoss: 1,
          queryAccuracy: step0 + (episode % 2 == 0 ? 0.1 : -0.1), milliseconds: 0)
      }
      return AdaptationTrace(curve: curve, kernelMovement: [0, 0, 0], macsPerStep: 1)
    }
    return (SpeedMeasures(candidate: "standard-all", trainedSteps: 2, traces: traces), Plan())
  }

  @Test("knowing the labels before adaptation stops a run")
  func leak() throws {
    let (fair, plan) = evaluation(step0: 0.21)
    try SelfChecks.startsAtChance(fair, plan)
    let (leaking, _) = evaluation(step0: 0.3)
    #expect(throws: SelfCheckError.self) { try SelfChecks.startsAtChance(leaking, plan) }
    // A network whose few test episodes happen to agree knows nothing; one that is right on all of them does.
    func few(_ accuracy: Double) -> SpeedMeasures {
      let point = CurvePoint(
        step: 0, supportLoss: 1, supportAccuracy: 1, queryLoss: 1, queryAccuracy: accuracy, milliseconds: 0)
      let trace = AdaptationTrace(curve: [point], kernelMovement: [0], macsPerStep: 1)
      return SpeedMeasures(
        candidate: "standard-all", trainedSteps: 0, traces: Array(repeating: trace, count: 6))
    }
    try SelfChecks.startsAtChance(few(0.04), plan)
    #expect(throws: SelfCheckError.self) { try SelfChecks.startsAtChance(few(0.97), plan) }
    // Prototypes start where they end.
    var prototypes = plan
    prototypes.learner = .prototypical
    try SelfChecks.startsAtChance(few(0.97), prototypes)
  }

  @Test("second order that equals first order stops a run")
  func secondOrder() {
    #expect(throws: SelfCheckError.self) { try SelfChecks.isSecondOrder(0, Plan()) }
    #expect(throws: SelfCheckError.self) { try SelfChecks.isSecondOrder(.nan, Plan()) }
    #expect(throws: Never.self) { try SelfChecks.isSecondOrder(0.1, Plan()) }
  }

  @Test("a head that fits the support at once leaves no second order to see, and stops no run")
  func saturated() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      // Many features of a pooled body, far apart: the softmax of the class means has no slope.
      (plan.head, plan.backbone, plan.filters, plan.shots) = (.prototypes, "conv4", 64, 1)
      let result = try await plan.run()
      #expect(result.arms[0].test.episodes == plan.episodes)
      let run = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      let task = try RunData(plan, progress: SilentProgress()).task(
        RunData(plan, progress: SilentProgress()).training.episode(0))
      // Where the features stand farther apart still.
      let layout = run.arm.network.layout
      let scales = layout.refs.filter { layout[$0].path.hasSuffix(".norm.scale") }
      let wide = MetaParameters(
        initial: run.point.initial.replacing(scales, with: scales.map { 30 * run.point.initial[$0] }),
        rates: run.point.rates)
      #expect(SelfChecks.secondOrderShare(run.arm, wide, task) == nil)
    }
  }

  @Test("a query loss that has no slope where the steps end leaves no second order to see")
  func flat() async throws {
    try await withTinyData { data, folder in
      var plan = tinyRun(data, folder + "/run")
      (plan.family, plan.adapt, plan.head) = ("standard", "kernels@1", .frozen)
      _ = try await plan.run()
      let run = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      let images = try RunData(plan, progress: SilentProgress())
      let task = try images.task(images.training.episode(0))
      let share = try #require(SelfChecks.secondOrderShare(run.arm, run.point, task))
      #expect(share > 1e-6)
      // The first kernels see nothing in black images.
      let black = Batch(
        images: task.query.images.affine(scale: 0), labels: task.query.labels, ways: task.query.ways)
      let blind = MetaTask(support: task.support, query: black)
      #expect(SelfChecks.secondOrderShare(run.arm, run.point, blind) == nil)
    }
  }

  @Test("an image on both sides of an episode stops a run")
  func overlap() async throws {
    try await withTinyData { data, _ in
      let store = try ImageStore(DatasetIndex(root: data))
      let sampler = try EpisodeSampler(
        store, split: .test, shape: EpisodeShape(ways: 2, shots: 1, queries: 2), seed: 1)
      var list = try EpisodeList(3, from: sampler, of: store)
      try SelfChecks.isDisjoint(list, store)
      let good = list.episodes[1]
      list.episodes[1] = EpisodeDescription(
        index: 1, classes: good.classes, rotations: good.rotations, support: good.support,
        query: [[good.support[0][0], good.query[0][1]], good.query[1]])
      #expect(throws: SelfCheckError.self) { try SelfChecks.isDisjoint(list, store) }
    }
  }
}
