import Corruptions
import Episodes
import Evaluation
import Foundation
import Images
import MetaLearning
import Randomness
import Synchronization
import Tensors
import TestData
import Testing

@Suite("Where images are corrupted")
struct CorruptionPlaceTests {
  /// Ink strokes on paper of 105 × 105 pixels, as wide as those of Omniglot, prepared for 28 × 28.
  private func strokes(
    channels: Int = 1, invert: Bool = true, crop: Crop = .whole
  ) throws -> (folder: TemporaryFolder, store: ImageStore) {
    let folder = try TemporaryFolder()
    for number in 0..<3 {
      var stream = RandomStream(seed: 4, purpose: "strokes", index: UInt64(number))
      var pixels = [UInt8](repeating: 255, count: 105 * 105)
      for _ in 0..<4 {
        let ends = (0..<4).map { _ in stream.uniform(15, 90) }
        for t in stride(from: 0.0, through: 1, by: 0.005) {
          let (x, y) = (Int(ends[0] + t * (ends[2] - ends[0])), Int(ends[1] + t * (ends[3] - ends[1])))
          for dy in -1...1 { for dx in -1...1 { pixels[(y + dy) * 105 + x + dx] = 0 } }
        }
      }
      try folder.write(PNGCodec.encode(pixels, width: 105, height: 105), "letter/\(number).png")
    }
    let index = try DatasetIndex(root: folder.path, split: .whole(.test))
    let preparation = ImagePreparation(channels: channels, crop: crop, invert: invert)
    return (folder, try ImageStore(index, preparation: preparation, threads: 1))
  }

  private func stream(_ path: String) -> RandomStream { RandomStream(seed: 8, purpose: path) }

  /// The change of all images of a store together.
  private func change(
    _ store: ImageStore, _ corruption: any Corruption, _ severity: Int, at place: CorruptionPlace
  ) throws -> Double {
    var images = CorruptedImages(of: store, at: place)
    var change = SquaredChange()
    for path in store.paths {
      var stream = stream(path)
      change += try images.corrupted(path, by: corruption, severity: severity, &stream).change
    }
    return change.rms
  }

  @Test(
    "at the network's side the resized picture itself is corrupted, with the file's dark and light",
    arguments: [1, 3], [(false, Crop.whole), (true, .whole), (true, .middle(0.875))])
  func network(channels: Int, kind: (Bool, Crop)) throws {
    let (invert, crop) = kind
    let (folder, store) = try strokes(channels: channels, invert: invert, crop: crop)
    var upright = store.preparation
    upright.invert = false
    var images = CorruptedImages(of: store, at: .network)
    for path in store.paths {
      let picture = upright.bytes(of: try store.original(of: path))
      let planes = (0..<channels).map { Array(picture[$0 * 784..<($0 + 1) * 784]) }
      let clean = try #require(store.bytes(of: path))
      #expect(store.preparation.planes(of: clean) == planes)
      for corruption in CorruptionRegistry.corruptions {
        for severity in 1...5 {
          var (own, other) = (stream(path), stream(path))
          let found = try images.corrupted(path, by: corruption, severity: severity, &own)
          let direct = PlanarImage(planes: planes, height: 28, width: 28)
            .corrupted(by: corruption, severity: severity, &other).planes.joined()
          #expect(found.bytes == direct.map { invert ? 255 - $0 : $0 }, "\(corruption.name) \(severity)")
          let squares = zip(clean, found.bytes).map { (Double($1) - Double($0)) * (Double($1) - Double($0)) }
          let mean = squares.reduce(0, +) / Double(squares.count) / (255 * 255)
          #expect(abs(found.change.mean - mean) < 1e-12)
          // No severity of any corruption leaves so small a picture as it is.
          #expect(mean > 1e-7, "\(corruption.name) \(severity)")
        }
      }
    }
    withExtendedLifetime(folder) {}
  }

  @Test("the same settings give the same bytes, other streams others", arguments: CorruptionPlace.allCases)
  func repeated(place: CorruptionPlace) throws {
    let (folder, store) = try strokes()
    var (once, again) = (CorruptedImages(of: store, at: place), CorruptedImages(of: store, at: place))
    for path in store.paths {
      for corruption in CorruptionRegistry.corruptions {
        var (a, b) = (stream(path), stream(path))
        let first = try once.corrupted(path, by: corruption, severity: 4, &a)
        let second = try again.corrupted(path, by: corruption, severity: 4, &b)
        #expect(first == second, "\(corruption.name)")
      }
      var (a, b) = (stream(path), stream("another"))
      let first = try once.corrupted(path, by: GaussianNoise(), severity: 4, &a)
      #expect(try first.bytes != once.corrupted(path, by: GaussianNoise(), severity: 4, &b).bytes)
    }
    var none = stream("none")
    #expect(throws: DatasetError.unknownImage(path: "no/such.png")) {
      try once.corrupted("no/such.png", by: GaussianNoise(), severity: 1, &none)
    }
    withExtendedLifetime(folder) {}
  }

  @Test("noise changes more the severer it is", arguments: CorruptionPlace.allCases)
  func severity(place: CorruptionPlace) throws {
    let (folder, store) = try strokes()
    for corruption in [GaussianNoise(), ShotNoise(), ImpulseNoise(), SpeckleNoise()] as [any Corruption] {
      let changes = try (1...5).map { try change(store, corruption, $0, at: place) }
      #expect(changes[0] > 0 && zip(changes, changes.dropFirst()).allSatisfy { $0 < $1 }, "\(changes)")
    }
    withExtendedLifetime(folder) {}
  }

  // A pixel of the network is the mean of 14 of the file, whose coarse pixels of 105/68 are averaged away in it. On white
  // paper half of a noise σ·n is clipped: it changes values by σ/√2, and the mean of many keeps σ/√(2π), 1.77 times less.
  // Of impulses with a share p only p/2 are visible: √(p/2) becomes √(p/2/14 + p²/4), 3 times less for p = 0.07.
  @Test("resizing after it takes most of coarse pixels and of noise away")
  func strength() throws {
    let (folder, store) = try strokes()
    func ratio(_ corruption: any Corruption) throws -> Double {
      try change(store, corruption, 5, at: .network) / change(store, corruption, 5, at: .original)
    }
    let (coarse, gaussian, impulse) = (
      try ratio(Pixelate()), try ratio(GaussianNoise()), try ratio(ImpulseNoise())
    )
    #expect(coarse > 3, "\(coarse)")
    #expect(gaussian > 1.5 && impulse > 2.5, "\(gaussian) \(impulse)")
    withExtendedLifetime(folder) {}
  }

  @Test(
    "every condition that changes images says how far, the same for any workers and from what was kept",
    arguments: CorruptionPlace.allCases)
  func suite(place: CorruptionPlace) async throws {
    let tiny = try TinyEvaluation()
    let candidate = try tiny.candidate()
    let suite = RobustnessSuite(
      [
        .corruption(GaussianNoise(), severity: 3, .support),
        .corruption(GaussianNoise(), severity: 3, .query),
        .corruption(GaussianNoise(), severity: 3, .both),
        .corruption(GaussianNoise(), severity: 3, .query, statistics: .support),
        .shift(Inversion(), .query), .attack(.fgsm, epsilon: 0.03, .query), .labels(.symmetric, share: 0.4),
        .normalisation(.support),
      ], seed: 3, corruptingAt: place)
    let setting = RobustnessSuite.Setting(images: tiny.store, episodes: try tiny.episodes(3, shots: 2))
    let cache = KeptResults()
    let one = try await suite.run([candidate], in: setting, workers: 1, keeping: [cache]).scores
    let three = try await suite.run([candidate], in: setting, workers: 3).scores
    let kept = try await suite.run([candidate], in: setting, workers: 2, keeping: [cache]).scores
    #expect(cache.count == 3, "what was kept is not done again")
    let changes = one.map(\.squaredChanges)
    #expect(three.map(\.squaredChanges) == changes && kept.map(\.squaredChanges) == changes)
    // Clean first; labels and statistics change no image.
    #expect([0, 7, 8].allSatisfy { changes[$0] == nil })
    #expect(changes[4] == changes[2])
    for episode in 0..<3 {
      let found = changes.map { $0?[episode] ?? 0 }
      // 6 support and 9 query images.
      #expect(abs(found[3] - (6 * found[1] + 9 * found[2]) / 15) < 1e-12)
      #expect(found[1] > 0 && found[1] != found[2])
      // Not more than ε, and ε wherever a value has room; paper has room on one side only.
      #expect(found[6] > 0 && found[6] <= 0.03 * 0.03 * 1.0001)
      // x becomes 1 − x.
      let clean = try tiny.task(setting.episodes[episode]).query.images.scalars.map { Double($0) }
      let inverted = clean.reduce(0) { $0 + (1 - 2 * $1) * (1 - 2 * $1) } / Double(clean.count)
      #expect(abs(found[5] - inverted) < 0.01)
    }
    let other = CorruptionPlace.allCases.first { $0 != place } ?? place
    let elsewhere = RobustnessSuite(suite.perturbations, seed: 3, corruptingAt: other)
    let others = try await elsewhere.run([candidate], in: setting, workers: 1).scores
    #expect(others[2].squaredChanges != changes[2] && others[0].loss == one[0].loss)
  }
}

/// Keeps results in memory, and counts them.
private final class KeptResults: ResultCache {
  private let state = Mutex((results: [Int: Data](), count: 0))

  var count: Int { state.withLock { $0.count } }
  func result(of task: Int) -> Data? { state.withLock { $0.results[task] } }
  func keep(_ result: Data, of task: Int) {
    state.withLock {
      $0.results[task] = result
      $0.count += 1
    }
  }
  func save() {}
}
