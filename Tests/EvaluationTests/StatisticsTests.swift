import ConvFamilies
import Episodes
import Evaluation
import MetaLearning
import Networks
import Randomness
import Settings
import Tensors
import TestSupport
import Testing

/// Networks with every kind of normalisation: fused with pooling, in residual blocks, within a convolution.
private let networks = [
  ("standard", "conv4-strided", 12), ("acdc", "conv4", 16), ("dsb", "conv4-strided", 12),
  ("dsb", "resnet12", 16),
]

@Suite("Statistics of normalisation")
struct StatisticsTests {
  private func subject(_ item: (String, String, Int), ways: Int = 3) throws -> (Network, Parameters, Tensor) {
    let tiny = try TinyEvaluation(ways: ways)
    let candidate = try tiny.candidate(
      item.0, backbone: item.1, image: ImageShape(channels: 1, side: item.2))
    var stream = RandomStream(seed: 4, purpose: "images")
    let images = Tensor.normal([6, item.2, item.2, 1], &stream)
    return (candidate.network, candidate.point.initial, images)
  }

  @Test("a pass given the statistics of its own batch differs by rounding alone", arguments: 0..<4)
  func roundTrip(item: Int) throws {
    let (network, point, images) = try subject(networks[item])
    let plain = network.logits(images, point)
    let statistics = network.statistics(of: images, point)
    let norms = network.layout.entries.count {
      $0.path.hasSuffix("norm.scale") || $0.path.hasSuffix("norm1.scale")
    }
    #expect(statistics.count >= max(4, norms))
    let scores = network.logits(images, point, statistics: .given(statistics))
    #expect(relativeError(scores.scalars, plain.scalars) < 200 * roundingTolerance, "\(networks[item])")
    let layers = network.activations(images, point, statistics: .given(statistics))
    #expect(layers.last?.rows.scalars == scores.scalars)
  }

  @Test("too few and too many statistics end the program", arguments: [3, 5])
  func counts(given: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [given = given as Int] in
      let network = try Subjects.network()
      let point = network.layout.initialized(seed: 1)
      let images = Tensor(repeating: 0.5, shape: [2, Subjects.side, Subjects.side, 1])
      let found = network.statistics(of: images, point)
      let wrong = Array((found + found).prefix(given))
      _ = network.logits(images, point, statistics: .given(wrong))
    }
    // An optimised program ends without the words.
    #if DEBUG
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains("\(given) statistics were given to a pass with 4 normalisations"))
    #else
      _ = result
    #endif
  }

  @Test("by given statistics every image is judged alone", arguments: 0..<4)
  func alone(item: Int) throws {
    let (network, point, images) = try subject(networks[item])
    let given = StatisticsSource.given(network.statistics(of: images, point))
    let one = images.reshaped([6, images.count / 6]).slice(rows: 2..<3)
      .reshaped([1, images.shape[1], images.shape[2], 1])
    let together = Array(network.logits(images, point, statistics: given).scalars[6..<9])
    let apart = network.logits(one, point, statistics: given).scalars
    #expect(relativeError(apart, together) < 200 * roundingTolerance)
    // By the batch's own they are not.
    #expect(relativeError(network.logits(one, point).scalars, together) > 0.01)
  }

  @Test(
    "where the query is the support, its statistics and those of the support are the same",
    arguments: [false, true])
  func queryIsSupport(prototypical: Bool) async throws {
    let tiny = try TinyEvaluation()
    var episodes = try tiny.episodes(3, shots: 2)
    for i in episodes.indices { episodes[i].query = episodes[i].support }
    let candidate = try tiny.candidate("acdc", prototypical: prototypical)
    let suite = RobustnessSuite([.normalisation(.support)], seed: 1)
    let scores = try await suite.run(
      [candidate], in: .init(images: tiny.store, episodes: episodes), workers: 1
    ).scores
    #expect(scores.map(\.condition.name) == ["clean", "support-statistics"])
    for (a, b) in zip(scores[0].loss, scores[1].loss) { #expect(abs(a - b) < 1e-4) }
  }

  @Test(
    "a candidate asked under other statistics scores as their condition does, and can be asked as before")
  func asked() async throws {
    let tiny = try TinyEvaluation()
    let setting = RobustnessSuite.Setting(
      images: tiny.store, episodes: try tiny.episodes(3))
    let tasks = try tiny.episodes(2).map { MetaTask(try tiny.store.episode($0)) }
    let candidate = try await tiny.candidate("acdc").knowingRunningStatistics(of: tasks, workers: 1)
    func losses(_ candidate: Candidate, _ perturbations: [Perturbation]) async throws -> [[Double]] {
      try await RobustnessSuite(perturbations, seed: 1).run([candidate], in: setting, workers: 1).scores
        .map(\.loss)
    }
    let (support, running) = (Perturbation.normalisation(.support), Perturbation.normalisation(.running))
    let crossed = try await losses(candidate, [support, running])
    let judged = candidate.normalising(by: .support)
    #expect(
      try await losses(judged, [.normalisation(.batch), running]) == [crossed[1], crossed[0], crossed[2]])
    let fixed = try await judged.knowingRunningStatistics(of: tasks, workers: 1).normalising(by: .running)
    #expect(try await losses(fixed, [support]) == [crossed[2], crossed[1]])
    #expect(try await losses(fixed.normalising(by: .batch), []) == [crossed[0]])
    #expect(crossed[0] != crossed[1] && crossed[1] != crossed[2])
  }

  @Test("running statistics over one task are those of its own query", arguments: [false, true])
  func running(prototypical: Bool) async throws {
    let tiny = try TinyEvaluation()
    let episodes = try tiny.episodes(2)
    let candidate = try tiny.candidate(prototypical: prototypical)
    let setting = RobustnessSuite.Setting(images: tiny.store, episodes: [episodes[0]])
    func scores(knowing episode: EpisodeDescription) async throws -> [ConditionScores] {
      let task = MetaTask(try tiny.store.episode(episode))
      let knowing = try await candidate.knowingRunningStatistics(of: [task], workers: 1)
      return try await RobustnessSuite([.normalisation(.running)], seed: 1)
        .run([knowing], in: setting, workers: 1).scores
    }
    let same = try await scores(knowing: episodes[0])
    #expect(abs(same[0].loss[0] - same[1].loss[0]) < 1e-4)
    let other = try await scores(knowing: episodes[1])
    #expect(other[0].loss == same[0].loss)
    #expect(abs(other[1].loss[0] - other[0].loss[0]) > 1e-4)
  }

  @Test("an average is that of means and of variances")
  func average() {
    func pass(_ a: Scalar, _ b: Scalar) -> [ChannelStatistics] {
      [ChannelStatistics(mean: Tensor([a, 1], shape: [2]), variance: Tensor([b, 2], shape: [2]))]
    }
    let average = ChannelStatistics.average([pass(1, 2), pass(3, 6), pass(5, 1)])
    #expect(relativeError(average[0].mean.scalars, [3, 1]) < roundingTolerance)
    #expect(relativeError(average[0].variance.scalars, [3, 2]) < roundingTolerance)
  }
}
