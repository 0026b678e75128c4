import ConvFamilies
import Episodes
import Evaluation
import Foundation
import Jobs
import Results
import Settings
import TestRuns
import Testing

@Suite("Runs on episodes of variable size")
struct VariableRunTests {
  /// Lends data whose classes have 3 to 8 images.
  private func withUnequalData(_ body: (_ data: String, _ folder: String) async throws -> Void) async throws {
    try await withTinyData { data, folder in
      let files = FileManager.default
      var count = 0
      for case let name as String in files.enumerator(atPath: data)?.allObjects.sorted(by: {
        "\($0)" < "\($1)"
      }) ?? [] {
        let path = "\(data)/\(name)"
        guard
          let images = try? files.contentsOfDirectory(atPath: path).filter({ $0.hasSuffix(".png") }).sorted(),
          !images.isEmpty
        else { continue }
        for image in images.prefix(count % 6) { try files.removeItem(atPath: "\(path)/\(image)") }
        count += 1
      }
      try await body(data, folder)
    }
  }

  private func variable(_ data: String, _ output: String) -> Plan {
    var plan = tinyPlan(data, output)
    (plan.wayRange, plan.shotRule, plan.queries) = (WayRange(from: 2, to: 4), .variable, 3)
    (plan.iterations, plan.metaBatch, plan.episodes, plan.rateTrials) = (2, 2, 11, 2)
    (plan.baseline, plan.head, plan.attributionEpisodes) = (.none, .frozen, 2)
    return plan
  }

  /// That a run's episodes vary, and that its result is what its files say.
  private func check(_ result: RunResult, _ folder: String) throws {
    let list = try EpisodeList(contentsOf: folder + "/episodes/test.jsonl")
    #expect(Set(list.episodes.map(\.classes.count)).count > 1)
    #expect(list.episodes.contains { Set($0.support.map(\.count)).count > 1 })
    let sizes = try #require(result.sizes)
    #expect(result.shots == nil && result.ways == 4 && sizes.ways.fewest >= 2 && sizes.ways.most <= 4)
    let guesses = list.episodes.map { 1 / Double($0.classes.count) }
    #expect(abs(sizes.chance - guesses.reduce(0, +) / Double(guesses.count)) < 1e-12)
    try AnswerOracle().check(result, folder)
  }

  @Test(
    "MAML with every start of its head, prototypes and rules that can be trained",
    arguments: [
      (LearnerKind.maml, "frozen"), (.maml, "adapts"), (.maml, "prototypes"), (.maml, "shared"),
      (.maml, "ridge"), (.maml, "cosine"), (.maml, "centroid"), (.prototypical, "frozen"),
    ])
  func learners(learner: LearnerKind, head: String) async throws {
    try await withUnequalData { data, folder in
      var plan = variable(data, folder + "/run")
      (plan.learner, plan.head) = (learner, try #require(HeadPolicy(rawValue: head)))
      let result = try await plan.run()
      try check(result, folder + "/run")
      // Whatever is disturbed is left out or measured on the same episodes.
      #expect(result.arms[0].robustness.contains { $0.condition.group == .corruption })
      #expect(!result.arms[0].robustness.contains { $0.condition.group == .labels })
    }
  }

  @Test("rules that are fitted to a trained network", arguments: ["simpleshot", "logistic"])
  func fitted(head: String) async throws {
    try await withUnequalData { data, folder in
      var source = variable(data, folder + "/source")
      (source.learner, source.family) = (.prototypical, "standard")
      _ = try await source.run()
      var plan = variable(data, folder + "/run")
      (plan.family, plan.iterations, plan.adapt) = ("standard", 0, "none")
      plan.head = try #require(HeadPolicy(rawValue: head))
      plan.initial = folder + "/source"
      try check(try await plan.run(), folder + "/run")
    }
  }

  @Test("a run is the same for any number of threads, and goes on where it was cut off")
  func threads() async throws {
    try await withUnequalData { data, folder in
      var files: [RunFiles] = []
      for threads in [1, 2] {
        var plan = variable(data, "\(folder)/\(threads)")
        plan.threads = threads
        _ = try await plan.run()
        files.append(try RunFiles("\(folder)/\(threads)"))
      }
      #expect(files[0].differences(from: files[1]) == [])
    }
  }

  @Test("with short classes a run takes what they have, and says how many there are; else it is refused")
  func shortClasses() async throws {
    try await withUnequalData { data, folder in
      var plan = tinyPlan(data, folder + "/run")
      (plan.shots, plan.queries, plan.trainQueries, plan.baseline, plan.iterations) = (2, 4, 4, .none, 2)
      plan.attributionEpisodes = 0
      await #expect(throws: (any Error).self) { try await plan.run() }
      plan.shortClasses = .use
      let progress = StepWatcher()
      let result = try await plan.run(progress)
      #expect(result.shots == 2 && result.sizes?.query.fewest ?? 99 < 12)
      #expect(
        progress.notes.contains { $0.contains("classes of the test split have fewer images than 2 shots") })
      try AnswerOracle().check(result, folder + "/run")
    }
  }
}
