import Evaluation
import Foundation
import MetaLearning
import Networks
import Testing

@Suite("Adaptation taken apart")
struct AttributionTests {
  private let tiny: TinyEvaluation

  init() throws { tiny = try TinyEvaluation() }

  private func tasks(_ count: Int = 4) throws -> TaskSource {
    TaskSource(try tiny.episodes(count), of: tiny.store)
  }

  private func scores(_ candidate: Candidate, workers: Int = 1) async throws -> [String: [TaskScore]] {
    let suite = AttributionSuite(workers: workers, byLayer: true)
    let parts = suite.parts(of: [candidate])
    let found = try await suite.measure(candidate, parts, on: try tasks())
    return Dictionary(uniqueKeysWithValues: zip(parts.map(\.description), found))
  }

  @Test("all is the learner as it is, nothing is its start, and names of the same tensors agree")
  func ends() async throws {
    let candidate = try tiny.candidate("acdc", adapt: "atoms")
    let found = try await scores(candidate)
    let tasks = try tasks()
    for i in 0..<tasks.count {
      let task = try tasks.task(i)
      #expect(found["all"]?[i] == candidate.learner.score(from: candidate.point, on: task))
      #expect(found["none"]?[i] == candidate.learner.assess(candidate.point.initial, on: task))
    }
    #expect(found["head"] == found["without:atoms"] && found["head"] == found["only:head"])
    #expect(found["body"] == found["only:atoms"] && found["body"] == found["without:head"])
    #expect(found["head"] != found["all"] && found["body"] != found["all"])
    #expect(found["only:atoms@2"] != nil && found["only:atoms@2"] != found["only:atoms"])
  }

  @Test("a part is what a learner does that adapts only it", arguments: ["kernels", "norm", "head"])
  func alone(role: String) async throws {
    let whole = try await scores(try tiny.candidate(adapt: "all"))
    // The head adapts unasked in this learner, so a body role alone is compared without it.
    let own = try await scores(try tiny.candidate(adapt: role == "head" ? "none" : role))
    #expect(whole["only:\(role)"] == own["only:\(role)"])
  }

  @Test("prototypes that step are taken apart by role, and have no head")
  func prototypes() async throws {
    let found = try await scores(try tiny.candidate(adapt: "kernels+norm", prototypical: true))
    #expect(Set(found.keys).isSuperset(of: ["all", "none", "only:kernels", "without:norm"]))
    #expect(found["head"] == nil && found["only:kernels"] == found["without:norm"])
  }

  @Test("the number of workers changes nothing")
  func workers() async throws {
    let candidate = try tiny.candidate("acdc", adapt: "all")
    #expect(try await scores(candidate) == scores(candidate, workers: 3))
  }

  @Test("rows pair every part with all, task by task")
  func rows() async throws {
    let candidates = try [1, 2].map { try tiny.candidate("acdc", adapt: "atoms", seed: $0) }
    let suite = AttributionSuite(workers: 1)
    let parts = suite.parts(of: candidates)
    var scores: [[[TaskScore]]] = []
    for candidate in candidates {
      scores.append(try await suite.measure(candidate, parts, on: try tasks()))
    }
    let rows = Attribution.rows(candidates, parts, scores)
    #expect(rows.map(\.adapted) == parts.map(\.description))
    #expect(rows[0].difference == nil && rows.dropFirst().allSatisfy { $0.difference != nil })
    for row in rows {
      let difference = row.difference?.mean ?? 0
      #expect(abs(row.accuracy.mean - rows[0].accuracy.mean - difference) < 1e-12)
    }
    let layout = candidates[0].network.layout
    #expect(rows.first { $0.adapted == "only:atoms" }?.numbers == layout.count(of: .atoms))
    #expect(rows.first { $0.adapted == "none" }?.numbers == 0)
  }
}
