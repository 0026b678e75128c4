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
import Settings
import Studies
import TestRuns
import Tensors
import Testing
import Training

@Suite("Starting from a trained network")
struct InitialTests {
  /// A trained standard network, and a plan that starts from it without training.
  private func withSource(_ body: (_ source: Plan, _ plan: Plan, _ folder: String) async throws -> Void)
    async throws
  {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 6) {
      data, folder in
      var source = tinyRun(data, folder + "/source")
      (source.family, source.learner, source.iterations) = ("standard", .prototypical, 5)
      _ = try await source.run()
      var plan = tinyRun(data, folder + "/run")
      (plan.initial, plan.iterations, plan.family) = (folder + "/source", 0, "standard")
      (plan.head, plan.adapt) = (.centroid, "none")
      try await body(source, plan, folder)
    }
  }

  private func accuracies(_ folder: String) throws -> [String] {
    let lines = try String(contentsOfFile: folder + "/eval/episodes.csv", encoding: .utf8)
    // All but the arm's name.
    return lines.split(whereSeparator: \.isNewline).map { String($0.drop { $0 != "," }) }
  }

  @Test("without training the same head gives the same answers, whether a run or its checkpoint is named")
  func same() async throws {
    try await withSource { source, plan, folder in
      let copied = try await plan.run().arms[0].train.start
      let wanted = try accuracies(folder + "/source")
      #expect(try accuracies(folder + "/run") == wanted)
      #expect(copied?.initial == folder + "/source" && copied?.error == 0 && copied?.layers.isEmpty == true)
      #expect(copied?.accuracyBefore == copied?.accuracyAfter && copied?.episodes == plan.validationEpisodes)
      var other = plan.moved(to: folder + "/other")
      other.initial = folder + "/source/checkpoints/best.safetensors"
      _ = try await other.run()
      #expect(try accuracies(folder + "/other") == wanted)
      // A run without updates is one that others can start from too.
      var third = plan.moved(to: folder + "/third")
      third.initial = folder + "/run"
      _ = try await third.run()
      #expect(try accuracies(folder + "/third") == wanted)
    }
  }

  @Test(
    "a family that holds every kernel gives the same answers; with fewer atoms it does not",
    arguments: ["9", "3"])
  func fitted(atoms: String) async throws {
    try await withSource { source, plan, folder in
      var plan = plan
      (plan.family, plan.options) = ("acdc", ["atoms": atoms])
      let start = try #require(try await plan.run().arms[0].train.start)
      let (found, wanted) = (try accuracies(folder + "/run"), try accuracies(folder + "/source"))
      let theirs = try #require(
        try TrainedRun.all(in: folder + "/source", families: FamilyRegistry.families).first)
      let ours = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      // The fit is stated as anybody finds it from the two checkpoints.
      func norm(_ tensors: [Tensor]) -> Double { globalNorm(tensors) }
      let kernels = zip(ours.arm.network.convolutions, theirs.arm.network.convolutions).map {
        ($0.kernel(ours.point.initial), $1.kernel(theirs.point.initial), $0.site.path)
      }
      let whole = norm(kernels.map { $0.0 - $0.1 }) / norm(kernels.map { $0.1 })
      #expect(abs(start.error - whole) < 1e-4 && start.layers.map(\.path) == kernels.map { $0.2 })
      for (layer, kernel) in zip(start.layers, kernels) {
        #expect(abs(layer.error - norm([kernel.0 - kernel.1]) / norm([kernel.1])) < 1e-4)
      }
      let data = try RunData(plan, progress: SilentProgress())
      for (run, stated) in [(ours, start.accuracyAfter), (theirs, start.accuracyBefore)] {
        let learner = MetaLearner(
          layout: run.arm.network.layout, objective: FeatureObjective(run.arm.network),
          innerLoop: InnerLoop(steps: 0, adapted: [], order: .first))
        let found = try data.validation.episodes.map {
          learner.assess(run.point.initial, on: try data.task($0)).accuracy
        }
        #expect(abs(found.reduce(0, +) / Double(found.count) - stated) < 1e-12)
      }
      let images = Tensor(repeating: 0.5, shape: [2, 16, 16, 1])
      let (a, b) = (
        ours.arm.network.features(images, ours.point.initial).scalars,
        theirs.arm.network.features(images, theirs.point.initial).scalars
      )
      let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      // Nine atoms span every kernel of nine numbers.
      if atoms == "9" {
        #expect(worst < 1e-4)
        #expect(found.count == wanted.count)
      } else {
        #expect(start.error > 0.01)
      }
    }
  }

  @Test("a plan takes images and body from the run it starts from, and what it says itself from itself")
  func inherited() async throws {
    try await withSource { source, _, folder in
      func made(_ settings: [Setting]) throws -> Plan {
        try Plan.made { try $0.apply([Setting("initial", folder + "/source")] + settings) }
      }
      let plain = try made([])
      #expect(plain.data == source.data && plain.imageSize == source.imageSize)
      #expect(plain.backbone == source.backbone && plain.filters == source.filters)
      // What is trained of it, and how, is not inherited.
      #expect(plain.family == Plan().family && plain.iterations == Plan().iterations)
      #expect(try made([Setting("filters", "8")]).filters == 8)
      // A pretraining for each seed.
      try FileManager.default.copyItem(atPath: folder + "/source", toPath: folder + "/source-3")
      let seeded = [Setting("initial", folder + "/source-{seed}"), Setting("seed", "3")]
      #expect(try Plan.made { try $0.apply(seeded) }.filters == source.filters)
      var fourth = try Plan.made { try $0.apply(seeded) }
      #expect(try RunStart(fourth, families: FamilyRegistry.families).hash != nil)
      fourth.seed = 4
      #expect(throws: ConfigurationError.self) { try RunStart(fourth, families: FamilyRegistry.families) }
      let elsewhere = try made([Setting("data", folder + "/elsewhere")])
      #expect(elsewhere.data == DataFolders(folder + "/elsewhere") && elsewhere.split == "auto")
      #expect(elsewhere.imageSize == source.imageSize)
      // A run that goes on keeps its own settings.
      var begun = plain
      begun.data = DataFolders(folder + "/moved")
      #expect(try Plan.made(from: begun) { _ in } == begun)
    }
  }

  @Test(
    "a cell that started from a pretrained network passes for itself, and not once that network has changed")
  func cells() async throws {
    try await withSource { source, _, folder in
      var source = source.moved(to: folder + "/supervised")
      (source.learner, source.head, source.adapt) = (.supervised, .centroid, nil)
      source.supervision.batchSize = 8
      _ = try await source.run()
      let text =
        "base: {initial: \(folder)/supervised, iterations: 0, ways: 2, queries: 2}\ngrid: {head: [cosine]}"
      let cell = try #require(try Grid(text, from: "grid").cells(families: FamilyRegistry.families).first)
      let place = CellPlace(cell, in: folder)
      var plan = try cell.plan().moved(to: place.folder)
      (plan.episodes, plan.robustnessEpisodes, plan.attributionEpisodes) = (4, 0, 0)
      _ = try await plan.run()
      var known: [[String: String]: DataIdentity] = [:]
      #expect(try RecordedRun(place.folder).resolved.runningStatistics == true)
      #expect(throws: Never.self) { try place.refuseOther(&known) }
      try FileManager.default.removeItem(atPath: folder + "/supervised")
      source.seed += 1
      _ = try await source.run()
      let error = #expect(throws: ConfigurationError.self) { try place.refuseOther(&known) }
      #expect(error?.field == "initial")
    }
  }

  @Test("every head can be asked about a trained network; SimpleShot measures the base classes' mean")
  func heads() async throws {
    try await withSource { source, plan, folder in
      for head in HeadRegistry.heads {
        var plan = plan.moved(to: "\(folder)/\(head.name)")
        plan.head = try #require(HeadPolicy(rawValue: head.name))
        let result = try await plan.run()
        #expect(result.arms[0].test.accuracy.mean > 0.2, "\(head.name)")
      }
      let run = try #require(
        try TrainedRun.all(in: folder + "/simpleshot", families: FamilyRegistry.families).first)
      let place = try #require(run.arm.network.layout.ref(at: SimpleShotHead.baseMeanPath))
      // All 24 training images pass as one batch, since there are fewer than a hundred.
      let data = try RunData(plan, progress: SilentProgress())
      let paths = data.store.classes(in: .train).flatMap(\.images)
      let images = Batch(try data.store.images([paths], rotations: [0]), ways: 1).images
      let features = run.arm.network.features(images, run.point.initial)
      let mean = (1 / Scalar(paths.count)) * features.transposed.rowSums
      let found = run.point.initial[place].scalars
      for (a, b) in zip(found, mean.scalars) { #expect(abs(a - b) < 1e-4) }
    }
  }

  @Test("running statistics of the start judge every image alone")
  func runningStatistics() async throws {
    try await withSource { source, plan, folder in
      let trained = try #require(
        try TrainedRun.all(in: folder + "/source", families: FamilyRegistry.families).first)
      var network = trained.arm.network
      let shape = ImageShape(channels: 1, side: 16)
      let some = Tensor((0..<1024).map { Scalar($0 % 11) / 11 }, shape: [4, 16, 16, 1])
      let found = network.statistics(of: some, trained.point.initial)
      network.declareRunningStatistics(for: shape)
      let values = trained.point.initial.values + found.flatMap { [$0.mean, $0.variance] }
      let point = MetaParameters(initial: Parameters(layout: network.layout, values: values), rates: [])
      let file = folder + "/pretrained.safetensors"
      try Checkpoint.encode(point, of: trained.arm).write(to: URL(fileURLWithPath: file))

      var plan = plan
      plan.initial = file
      _ = try await plan.run()
      let run = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      #expect(run.arm.network.hasRunningStatistics)
      // They are no parameters: counts are those of the network without.
      #expect(run.arm.network.layout.count() == trained.arm.network.layout.count())
      var images: [Tensor] = (1...3).map { Tensor(repeating: 0.2 * Scalar($0), shape: [1, 16, 16, 1]) }
      images[1] = Tensor((0..<256).map { Scalar($0 % 7) / 7 }, shape: [1, 16, 16, 1])
      let together = Tensor(images.flatMap(\.scalars), shape: [3, 16, 16, 1])
      let rows = run.arm.network.features(together, run.point.initial).scalars
      // On the images that they are of they are the batch's own.
      let own = trained.arm.network.features(some, trained.point.initial).scalars
      let same = run.arm.network.features(some, run.point.initial).scalars
      for (a, b) in zip(own, same) { #expect(abs(a - b) < 1e-4) }
      let alone = images.flatMap { run.arm.network.features($0, run.point.initial).scalars }
      for (a, b) in zip(rows, alone) { #expect(abs(a - b) < 1e-4) }
      // What starts from it has them too.
      var next = plan.moved(to: folder + "/next")
      next.initial = folder + "/run"
      _ = try await next.run()
      #expect(try accuracies(folder + "/next") == accuracies(folder + "/run"))
    }
  }

  @Test("a network that does not fit is refused before any image is read, by its first tensor")
  func misfits() async throws {
    try await withSource { source, plan, folder in
      func refusal(_ change: (inout Plan) -> Void) async -> ConfigurationError? {
        var plan = plan.moved(to: folder + "/refused")
        change(&plan)
        plan.data = DataFolders(folder + "/nowhere")
        do {
          _ = try await plan.run()
          return nil
        } catch { return error as? ConfigurationError }
      }
      let width = await refusal { $0.filters = 8 }
      #expect(width?.reason == "layer1.conv.kernel is [8, 1, 3, 3] here and [4, 1, 3, 3] there")
      let alone = await refusal {
        ($0.filters, $0.initial) = (8, folder + "/source/checkpoints/best.safetensors")
      }
      #expect(alone?.reason == "layer1.conv.kernel is [8, 1, 3, 3] here and [4, 1, 3, 3] there")
      #expect(await refusal { $0.backbone = "resnet10" } != nil)
      let none = await refusal { $0.runningStatistics = true }
      #expect(none?.field == "running-statistics" && none?.reason.hasSuffix("has none") == true)
      let missing = await refusal { $0.initial = folder + "/none" }
      #expect(missing?.field == "initial" && missing?.remedy.contains("finished run") == true)
      #expect(!FileManager.default.fileExists(atPath: folder + "/refused"))
    }
  }

  @Test("a run goes on without the network it started from once its state is saved, not from another")
  func sourceGone() async throws {
    try await withSource { source, plan, folder in
      var plan = plan
      (plan.iterations, plan.adapt, plan.threads) = (4, "norm", 1)
      var taken = false
      let copy = folder + "/stopped"
      _ = try await plan.run(
        StepWatcher { stage, done in
          guard stage.hasPrefix("train"), done == 3 else { return }
          try? FileManager.default.copyItem(atPath: folder + "/run", toPath: copy)
        })
      taken = FileManager.default.fileExists(atPath: copy)
      #expect(taken)
      // Another network at the same place is not what the run began with.
      let best = folder + "/source/checkpoints/best.safetensors"
      let kept = try Data(contentsOf: URL(fileURLWithPath: best))
      var other = source.moved(to: folder + "/elsewhere")
      other.seed = 5
      _ = try await other.run()
      try FileManager.default.removeItem(atPath: best)
      try FileManager.default.copyItem(
        atPath: folder + "/elsewhere/checkpoints/best.safetensors", toPath: best)
      await #expect(throws: ResumeRefusal.self) { _ = try await plan.moved(to: copy).resume() }
      try kept.write(to: URL(fileURLWithPath: best))
      try FileManager.default.removeItem(atPath: folder + "/source")
      _ = try await plan.moved(to: copy).resume()
      #expect(try RunFiles(copy).differences(from: RunFiles(folder + "/run")) == [])
    }
  }
}
