import ConvFamilies
import Episodes
import Evaluation
import Foundation
import Images
import MetaLearning
import Networks
import Randomness
import Tensors
import TestSupport

/// Small networks on a few glyphs of 12×12 pixels.
struct TinyEvaluation {
  let store: ImageStore
  let ways: Int
  private let folder: TemporaryImages

  /// Draws glyphs and reads them; the folder goes with the last copy of this value.
  init(ways: Int = 3, channels: Int = 1) throws {
    folder = TemporaryImages()
    try GlyphSet.write(
      to: folder.path, classes: GlyphClasses(train: 6, validation: 2, test: 6), imagesPerClass: 8)
    store = try ImageStore(
      DatasetIndex(root: folder.path),
      preparation: ImagePreparation(imageSize: 12, channels: channels, invert: true), threads: 1)
    self.ways = ways
  }

  /// Episodes of a split.
  func episodes(
    _ count: Int, shots: Int = 1, queries: Int = 3, split: Split = .test, rotations: RotationPolicy = .none
  ) throws -> [EpisodeDescription] {
    let sampler = try EpisodeSampler(
      store, split: split, shape: EpisodeShape(ways: ways, shots: shots, queries: queries),
      rotations: rotations, seed: 5)
    return try (0..<count).map { try sampler.episode($0) }
  }

  /// A network with random weights, so that nothing is trained here.
  func candidate(
    _ family: String = "standard", backbone: String = "conv4-strided", adapt: String = "all",
    prototypical: Bool = false, steps: Int = 2, seed: UInt64 = 1, image: ImageShape? = nil,
    isSmooth: Bool = false
  ) throws -> Candidate {
    let made = try FamilyRegistry.families.family(named: family)
    let kind = BackboneRegistry.backbones.first { $0.name == backbone }
    let image = image ?? ImageShape(channels: store.preparation.channels, side: store.preparation.imageSize)
    let network = try Network(ways: prototypical ? nil : ways) { layout throws(ConfigurationError) in
      if isSmooth { return try SmoothBackbone(made, side: image.side, in: &layout) }
      guard let kind else {
        throw ConfigurationError(field: "backbone", value: backbone, reason: "unknown", remedy: "")
      }
      return try kind.backbone(filters: 4, image: image, family: made, in: &layout)
    }
    let adapted = try AdaptSelector(adapt).adapted(in: network.layout, withHead: !prototypical, seed: 0)
    let objective: any TaskObjective =
      prototypical ? FeatureObjective(network) : LinearHeadObjective(network)
    let learner = MetaLearner(
      layout: network.layout, objective: objective,
      innerLoop: InnerLoop(steps: steps, adapted: adapted, order: .first))
    let rates = adapted.map { _ in Tensor(repeating: 0.1, shape: [max(1, steps)]) }
    return Candidate(
      name: "\(family)-\(seed)", network: network, learner: learner,
      point: MetaParameters(initial: network.layout.initialized(seed: seed), rates: rates),
      macsPerImageStep: 0)
  }

  /// The task of an episode.
  func task(_ description: EpisodeDescription) throws -> MetaTask { MetaTask(try store.episode(description)) }
}

/// A folder that goes when nothing holds it any more.
private final class TemporaryImages: Sendable {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("fewshot-\(UUID().uuidString)")
    .path

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
