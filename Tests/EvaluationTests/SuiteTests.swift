import Corruptions
import Episodes
import Evaluation
import Images
import MetaLearning
import Randomness
import Settings
import Synchronization
import Testing

@Suite("Robustness suite")
struct SuiteTests {
  /// Something of everything.
  private var mixed: [Perturbation] {
    [
      .corruption(GaussianNoise(), severity: 3, .support), .corruption(GaussianNoise(), severity: 3, .query),
      .corruption(GaussianNoise(), severity: 3, .both), .corruption(Rotation(), severity: 5, .both),
      .corruption(Rotation(), severity: 5, .query, statistics: .support), .shift(Inversion(), .query),
      .labels(.symmetric, share: 0.4), .labels(.outlier, share: 0.4), .normalisation(.support),
      .normalisation(.running), .attack(.fgsm, epsilon: 0.03, .query), .attack(.pgd, epsilon: 0.03, .support),
      .attack(.fgsm, epsilon: 0.03, .support),
    ]
  }

  private func isSame(_ a: [ConditionScores], _ b: [ConditionScores]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.condition == $1.condition && $0.candidate == $1.candidate && $0.accuracy == $1.accuracy
          && $0.loss == $1.loss
      }
  }

  @Test("everything is the same bits for any number of workers, and alone or beside others")
  func deterministic() async throws {
    let tiny = try TinyEvaluation()
    let tasks = try tiny.episodes(2, split: .train).map { MetaTask(try tiny.store.episode($0)) }
    var candidates = [
      try tiny.candidate(), try tiny.candidate("acdc", adapt: "atoms", prototypical: true),
    ]
    for i in candidates.indices {
      candidates[i] = try await candidates[i].knowingRunningStatistics(of: tasks, workers: 1)
    }
    let setting = RobustnessSuite.Setting(
      images: tiny.store, episodes: try tiny.episodes(4, shots: 2, rotations: .episode))
    let suite = RobustnessSuite(mixed, seed: 9)
    let seen = Mutex<[Int]>([])
    let one = try await suite.run(candidates, in: setting, workers: 1) { done, total in
      #expect(total == 4)
      seen.withLock { $0.append(done) }
    }
    #expect(seen.withLock { $0 } == [1, 2, 3, 4])
    #expect(one.skipped.isEmpty && one.scores.count == 2 * (mixed.count + 1))
    #expect(one.scores[0].condition == .clean && one.scores[mixed.count + 1].condition == .clean)
    #expect(one.scores.allSatisfy { $0.accuracy.allSatisfy(\.isFinite) && $0.loss.allSatisfy(\.isFinite) })
    let three = try await suite.run(candidates, in: setting, workers: 3)
    #expect(isSame(one.scores, three.scores))

    // The same condition in another suite, for another list of candidates, from the middle of the list.
    var part = setting
    part.episodes = [setting.episodes[2]]
    let alone = try await RobustnessSuite([mixed[11]], seed: 9).run([candidates[1]], in: part, workers: 1)
      .scores
    let before = one.scores.filter { $0.candidate == 1 && $0.condition == mixed[11].condition }
    #expect(alone[1].loss == [before[0].loss[2]])
    let other = try await RobustnessSuite(mixed, seed: 10).run(candidates, in: setting, workers: 1).scores
    #expect(other[0].loss == one.scores[0].loss && other[1].loss != one.scores[1].loss)
  }

  @Test("a corruption is made before inversion and turning", arguments: CorruptionPlace.allCases)
  func sides(place: CorruptionPlace) async throws {
    let tiny = try TinyEvaluation()
    let candidate = try tiny.candidate()
    let description = try tiny.episodes(1, shots: 2, rotations: .class)[0]
    let suite = RobustnessSuite(
      Side.allCases.map { .corruption(Inversion(), severity: 1, $0) } + [.shift(Inversion(), .both)], seed: 3,
      corruptingAt: place)
    let scores = try await suite.run(
      [candidate], in: .init(images: tiny.store, episodes: [description]), workers: 1
    ).scores
    // Inverted twice, once by the preparation: the same images prepared without inversion.
    func plain(_ paths: [[String]]) throws -> LabelledImages {
      try tiny.store.images(paths, rotations: description.rotations) { path, _, _ throws(DatasetError) in
        var preparation = tiny.store.preparation
        preparation.invert = false
        return preparation.bytes(of: try tiny.store.original(of: path))[...]
      }
    }
    let clean = try tiny.task(description)
    let support = Batch(try plain(description.support), ways: 3)
    let query = Batch(try plain(description.query), ways: 3)
    let tasks = [
      clean, MetaTask(support: support, query: clean.query), MetaTask(support: clean.support, query: query),
      MetaTask(support: support, query: query), MetaTask(support: support, query: query),
    ]
    let sides: [Side?] = [nil, .support, .query, .both, .both]
    for (score, (task, side)) in zip(scores, zip(tasks, sides)) {
      #expect(score.condition.side == side)
      let adapted = candidate.learner.fit(candidate.point, to: task.support)
      let expected = candidate.learner.assess(adapted, on: task)
      #expect(abs(score.loss[0] - expected.loss) < 1e-6 && score.accuracy[0] == expected.accuracy)
    }
  }

  @Test("an original, prepared, is what the store has")
  func originals() throws {
    let tiny = try TinyEvaluation()
    let path = tiny.store.paths[3]
    let image = try tiny.store.original(of: path)
    #expect(image.width == 28 && image.height == 28)
    #expect(tiny.store.preparation.bytes(of: image)[...] == tiny.store.bytes(of: path))
    #expect(throws: DatasetError.unknownImage(path: "no/such.png")) {
      try tiny.store.original(of: "no/such.png")
    }
  }

  @Test("outliers are of classes that the episode does not have")
  func outliers() async throws {
    // All six test classes in the episode: none is left over.
    let tiny = try TinyEvaluation(ways: 6)
    let candidate = try tiny.candidate()
    let suite = RobustnessSuite([.labels(.outlier, share: 0.5)], seed: 1)
    var setting = RobustnessSuite.Setting(images: tiny.store, episodes: try tiny.episodes(2))
    #expect(try await suite.run([candidate], in: setting, workers: 1).skipped.count == 1)
    let others = try TinyEvaluation(ways: 6)
    setting.outliers = others.store
    let found = try await suite.run([candidate], in: setting, workers: 1)
    #expect(found.skipped.isEmpty && found.scores[0].loss != found.scores[1].loss)
  }

  @Test("what cannot be is left out and says why")
  func impossible() throws {
    let tiny = try TinyEvaluation()
    let suite = RobustnessSuite(
      [
        .shift(Grey(), .both), .normalisation(.running), .labels(.symmetric, share: 0.1),
        .labels(.pair, share: 0.4), .corruption(Contrast(), severity: 2, .query, statistics: .running),
      ], seed: 1)
    let setting = RobustnessSuite.Setting(images: tiny.store, episodes: try tiny.episodes(1))
    let candidate = try tiny.candidate()
    let skipped = suite.impossible(for: [candidate], in: setting)
    #expect(
      skipped.map(\.condition.name) == [
        "grey", "running-statistics", "symmetric-swap", "contrast/running-statistics",
      ])
    #expect(skipped.allSatisfy { !$0.reason.isEmpty })
    let colour = try TinyEvaluation(channels: 3)
    let coloured = RobustnessSuite.Setting(images: colour.store, episodes: try colour.episodes(1))
    #expect(suite.impossible(for: [candidate], in: coloured).count == 3)
  }

  @Test("conditions of the presets are unique, and the short one is part of the full one")
  func presets() {
    let full = RobustnessSuite.full(seed: 1).perturbations.map(\.condition)
    let short = RobustnessSuite.short(seed: 1).perturbations.map(\.condition)
    #expect(Set(full).count == full.count && Set(short).isSubset(of: full))
    #expect(short.count == 12)
    let calm = RobustnessSuite.full(seed: 1, withAttacks: false).perturbations.map(\.condition)
    #expect(calm == full.filter { $0.group != .attack })
    #expect(Set(full.map(\.group)) == Set(Condition.Group.allCases).subtracting([.clean]))
  }
}
