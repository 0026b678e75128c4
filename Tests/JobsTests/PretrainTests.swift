import ConvFamilies
import Episodes
import Files
import Foundation
import Images
import Jobs
import MetaLearning
import Networks
import Results
import Settings
import Studies
import Tensors
import TestRuns
import Testing
import Training

@Suite("Supervised training of all classes")
struct PretrainTests {
  private func plan(_ data: String, _ folder: String) -> Plan {
    var plan = tinyRun(data, folder)
    (plan.learner, plan.head, plan.family, plan.outerRate) = (.supervised, .centroid, "standard", 0.1)
    (plan.iterations, plan.checkpointMinutes) = (12, 100)
    plan.supervision.batchSize = 8
    return plan
  }

  private func withImages(_ body: (_ data: String, _ folder: String) async throws -> Void) async throws {
    try await withTinyData(GlyphClasses(train: 5, validation: 3, test: 3), imagesPerClass: 6, body)
  }

  @Test("every pass has every image once, in another order; images that are kept back are not among them")
  func order() async throws {
    try await withImages { data, folder in
      var plan = plan(data, folder + "/run")
      plan.supervision.heldOut = 0.3
      let images = try BaseImages(RunData(plan, progress: SilentProgress()), plan)
      #expect(images.classes == 5 && images.training.count == 25 && images.heldOut.count == 5)
      #expect(Set(images.training).isDisjoint(with: images.heldOut))
      let all = (0..<10).flatMap { images.items(ofUpdate: $0, size: 5) }
      #expect(Set(all[..<25]) == Set(images.training) && Set(all[25...]) == Set(images.training))
      #expect(Array(all[..<25]) != Array(all[25...]))
      // Updates of other sizes take the same sequence.
      #expect((0..<5).flatMap { images.items(ofUpdate: $0, size: 10) } == all)
      // Turned classes are classes of their own.
      plan.rotations = .class
      let turned = try BaseImages(RunData(plan, progress: SilentProgress()), plan)
      #expect(turned.classes == 20 && turned.training.count == 100)
    }
  }

  @Test("the same bytes for any number of threads")
  func threads() async throws {
    try await withImages { data, folder in
      var found: [RunFiles] = []
      for threads in [1, 2, 3] {
        var plan = plan(data, folder + "/run\(threads)")
        plan.threads = threads
        _ = try await plan.run()
        found.append(try RunFiles(plan.output ?? ""))
      }
      #expect(found[1].differences(from: found[0]) == [] && found[2].differences(from: found[0]) == [])
    }
  }

  @Test("it learns, says so in metrics, and is a start for other families and heads")
  func learns() async throws {
    try await withImages { data, folder in
      var plan = plan(data, folder + "/run")
      plan.iterations = 60
      let result = try await plan.run()
      #expect(result.arms[0].learner == "supervised")
      let rows = try String(contentsOfFile: folder + "/run/metrics.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
      for split in ["train", "held-out", "validation"] {
        #expect(rows.count { $0[2] == split } == 10, "\(split)")
      }
      let losses = rows.filter { $0[2] == "train" }.compactMap { Double($0[3]) }
      #expect(losses.count == 10 && (losses.last ?? 9) < 0.7 * (losses.first ?? 0))
      // The classifier of the training classes is no part of the network.
      let run = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      #expect(run.arm.network.hasRunningStatistics && run.arm.network.layout.count(of: .head) == 0)

      var next = tinyRun(data, folder + "/next")
      (next.initial, next.iterations) = (folder + "/run", 0)
      (next.options, next.adapt) = (["delta": "on", "atoms": "9"], "atoms-delta")
      next.head = try #require(HeadPolicy(rawValue: "cosine"))
      let adapted = try await next.run()
      #expect(adapted.arms[0].name == "acdc-atoms-delta")
      let theirs = try #require(
        try TrainedRun.all(in: folder + "/next", families: FamilyRegistry.families).first)
      #expect(theirs.arm.network.hasRunningStatistics && theirs.plan.runningStatistics == true)
    }
  }

  @Test("weight decay is for the roles it names")
  func decay() async throws {
    try await withImages { data, folder in
      // Without a gradient to speak of, only decay moves weights.
      var plan = plan(data, folder + "/run")
      (plan.clip, plan.iterations, plan.outerRate) = (1e-12, 5, 0.1)
      (plan.supervision.weightDecay, plan.supervision.momentum) = (0.5, 0)
      plan.supervision.decayRoles = "norm"
      _ = try await plan.run()
      let run = try #require(
        try TrainedRun.all(in: folder + "/run", families: FamilyRegistry.families).first)
      let layout = run.arm.network.layout
      let start = layout.initialized(seed: plan.seed)
      for ref in layout.refs where layout[ref].isLearned {
        let (old, new) = (start[ref].scalars, run.point.initial[ref].scalars)
        let isMoved = zip(old, new).contains { abs($0 - $1) > 1e-3 }
        // Shifts begin at zero, where decay has nothing to do.
        #expect(isMoved == layout[ref].path.hasSuffix("norm.scale"), "\(layout[ref].path)")
      }
    }
  }

  @Test("classes and batches that cannot be are refused before any training")
  func refusals() async throws {
    try await withImages { data, folder in
      func refusal(_ change: (inout Plan) -> Void) async -> ConfigurationError? {
        var plan = plan(data, folder + "/refused")
        change(&plan)
        do {
          _ = try await plan.run()
          return nil
        } catch { return error as? ConfigurationError }
      }
      let large = await refusal { $0.supervision.batchSize = 1000 }
      #expect(large?.reason == "there are only 25 training images")
      let back = await refusal { ($0.supervision.heldOut, $0.supervision.batchSize) = (0.9, 6) }
      #expect(back?.reason == "there are only 5 training images")
      #expect(!FileManager.default.fileExists(atPath: folder + "/refused"))
    }
  }
}
