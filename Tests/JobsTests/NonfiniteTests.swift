import ConvFamilies
import Diagnostics
import Evaluation
import Files
import Formats
import Foundation
import Images
import Jobs
import MetaLearning
import Networks
import Settings
import Tensors
import TestRuns
import Testing
import Training

@Suite("Tasks whose numbers are not finite")
struct NonfiniteTests {
  private let families = FamilyRegistry.families + [FragileFamily.self]

  private func plan(_ data: String, _ output: String) -> Plan {
    var plan = fragileRun(data, output)
    plan.trainQueries = 3
    return plan
  }

  @Test(
    "stop names the episode, which can be replayed; skip counts it; going on with skip is the same as skipping"
  )
  func rules() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      let stopping = plan(data, folder + "/run")
      let error = await #expect(throws: SelfCheckError.self) {
        try await Runner(plan: stopping, families: families).run(progress: SilentProgress())
      }
      let text = error?.description ?? ""
      let match = try #require(text.firstMatch(of: /training episode ([0-9]+), update ([0-9]+)/))
      let episode = try #require(Int(match.1))
      #expect(text.contains("fewshot run --resume \(folder)/run --replay-episode \(episode)"))

      let replay = try EpisodeReplay(
        EpisodeName("\(episode)"), of: stopping, families: families, folder: folder + "/run",
        progress: SilentProgress())
      // The state of the very moment was saved.
      #expect(replay.origin.contains("after update \((Int(match.2) ?? 0) - 1)"))
      #expect(
        replay.steps.map(\.step) == [0, 1, 2]
          && replay.steps.map(\.movements.count) == [4, 4, 0].map { $0 + ($0 == 0 ? 0 : 2) })
      #expect(replay.steps.allSatisfy { $0.queryLoss.isNaN && $0.supportLoss.isFinite })
      #expect(replay.metaGradientNorm.isNaN)
      #expect(replay.text.contains("layer2.conv.kernel") && replay.document.text.contains("\"NaN\""))

      var skipping = stopping
      skipping.onNonfinite = .skip
      let watcher = StepWatcher()
      _ = try await Runner(plan: skipping, families: families).resume(progress: watcher)
      #expect(watcher.notes.contains { $0.contains("skipped training episode \(episode),") })
      skipping.output = folder + "/skip"
      _ = try await Runner(plan: skipping, families: families).run(progress: SilentProgress())
      let rows = try String(contentsOfFile: folder + "/skip/metrics.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      let column = try #require(rows[0].firstIndex(of: "skipped"))
      let skipped = rows.dropFirst().compactMap { Int($0[column]) }.reduce(0, +)
      #expect((1..<40).contains(skipped))
      #expect(try RunFiles(folder + "/run").differences(from: RunFiles(folder + "/skip")) == [])
    }
  }

  @Test("a rate that blows every task up leaves the parameters where they were")
  func everyTask() async throws {
    try await withTinyData(GlyphClasses(train: 4, validation: 3, test: 3), imagesPerClass: 4) {
      data, folder in
      var plan = tinyRun(data, folder + "/run")
      // Near the largest number, whatever the precision: normalisation forgives all smaller ones.
      plan.innerRate = .fixed(Double(Scalar.greatestFiniteMagnitude) / 4)
      plan.iterations = 2
      await #expect(throws: SelfCheckError.self) { try await plan.run() }
    }
  }
}
