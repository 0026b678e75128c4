import Episodes
import Images
import TestData
import Testing

@Suite("Episode sampler")
struct EpisodeSamplerTests {
  func sampler(
    _ store: ImageStore, _ ways: Int, _ shots: Int, _ queries: Int, _ rotations: RotationPolicy = .none,
    split: Split = .train, seed: UInt64 = 1
  ) throws -> EpisodeSampler {
    try EpisodeSampler(
      store, split: split, shape: EpisodeShape(ways: ways, shots: shots, queries: queries),
      rotations: rotations, seed: seed)
  }

  /// Every episode must keep this, whatever the data.
  func check(_ episode: EpisodeDescription, _ store: ImageStore, _ shape: EpisodeShape) {
    #expect(Set(episode.classes).count == shape.ways)
    #expect(episode.support.map(\.count) == Array(repeating: shape.shots, count: shape.ways))
    #expect(episode.query.map(\.count) == Array(repeating: shape.queries, count: shape.ways))
    let support = Set(episode.support.joined())
    let query = Set(episode.query.joined())
    #expect(support.isDisjoint(with: query))
    let contents = Set(support.map { store.contentKey(of: $0) })
    #expect(contents.isDisjoint(with: query.map { store.contentKey(of: $0) }))
    for c in 0..<shape.ways {
      #expect(Set(episode.support[c] + episode.query[c]).count == shape.shots + shape.queries)
    }
  }

  @Test(
    "support and query share nothing, and every class has its images", arguments: RotationPolicy.allCases,
    [(5, 1, 15), (5, 5, 15), (20, 1, 5), (1, 19, 1), (3, 1, 1)])
  func disjoint(rotations: RotationPolicy, shape: (Int, Int, Int)) throws {
    let store = try Fixtures.glyphs.get().store
    let sampler = try sampler(store, shape.0, shape.1, shape.2, rotations)
    for i in 0..<60 { check(try sampler.episode(i), store, sampler.shape) }
  }

  @Test("an episode depends on seed, split and index alone")
  func pure() throws {
    let store = try Fixtures.glyphs.get().store
    let first = try sampler(store, 5, 1, 5)
    let forwards = try (0..<20).map(first.episode)
    let again = try sampler(store, 5, 1, 5)
    let backwards = try (0..<20).reversed().map(again.episode)
    #expect(forwards == backwards.reversed())
    #expect(Set(forwards).count == 20)
    #expect(try sampler(store, 5, 1, 5, seed: 2).episode(0) != forwards[0])
    #expect(try sampler(store, 5, 1, 5, split: .test).episode(0).classes != forwards[0].classes)
    #expect(try sampler(store, 5, 1, 5).episode(-1).index == -1)
  }

  @Test("every class is drawn as often as any other, and at every label")
  func balance() throws {
    let store = try Fixtures.glyphs.get().store
    let sampler = try sampler(store, 5, 1, 1, split: .validation)
    var counts: [String: [Int]] = [:]
    for i in 0..<2000 {
      for (label, name) in try sampler.episode(i).classes.enumerated() {
        counts[name, default: [0, 0, 0, 0, 0]][label] += 1
      }
    }
    #expect(counts.count == 20)
    // 100 expected at each label, deviation 10: six deviations on each side.
    #expect(counts.values.joined().allSatisfy { (40...160).contains($0) })
    // 500 expected for each class, deviation √(2000 · 1/4 · 3/4) ≈ 19.
    #expect(counts.values.allSatisfy { (390...610).contains($0.reduce(0, +)) })
  }

  @Test("a turn of the class makes four classes of one, which may meet")
  func classRotations() throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 4)
    let store = try Fixtures.store(folder)
    let sampler = try sampler(store, 8, 1, 3, .class)
    let episode = try sampler.episode(0)
    check(episode, store, sampler.shape)
    let names = ["a", "b"].flatMap { name in ["", "@90", "@180", "@270"].map { "train/\(name)\($0)" } }
    #expect(Set(episode.classes) == Set(names))
    for (name, turn) in zip(episode.classes, episode.rotations) {
      #expect(turn == 0 ? !name.contains("@") : name.hasSuffix("@\(turn)"))
    }
    #expect(throws: DatasetError.tooFewClasses(split: .train, found: 8, ways: 9)) {
      try self.sampler(store, 9, 1, 3, .class)
    }
  }

  @Test("a turn of the episode keeps the name and takes every multiple of 90 degrees")
  func episodeRotations() throws {
    let store = try Fixtures.glyphs.get().store
    let sampler = try sampler(store, 5, 1, 1, .episode)
    let episodes = try (0..<40).map(sampler.episode)
    #expect(Set(episodes.flatMap(\.rotations)) == [0, 90, 180, 270])
    #expect(episodes.flatMap(\.classes).allSatisfy { !$0.contains("@") })
  }

  @Test("copies of one picture in a class never stand on both sides")
  func copies() throws {
    // 20 images of which 2 are the same, and all 20 are needed: as Omniglot's Braille/character01.
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 19)
    for name in ["a", "b"] { try folder.write(Fixtures.picture(name == "a" ? 3 : 22), "train/\(name)/x.png") }
    let store = try Fixtures.store(folder)
    #expect(store.duplicates.count == 2)
    let sampler = try sampler(store, 2, 5, 15)
    for i in 0..<300 { check(try sampler.episode(i), store, sampler.shape) }
    #expect(throws: DatasetError.self) { try self.sampler(store, 2, 1, 20) }
  }

  @Test("a picture that two classes share never stands on both sides")
  func shared() throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 6)
    for i in 0..<3 { try folder.write(Fixtures.picture(200 + i), "train/a/same\(i).png") }
    for i in 0..<3 { try folder.write(Fixtures.picture(200 + i), "train/b/same\(i).png") }
    let store = try Fixtures.store(folder)
    let sampler = try sampler(store, 2, 3, 4)
    for i in 0..<300 { check(try sampler.episode(i), store, sampler.shape) }
  }

  @Test("what cannot be drawn is explained with names and numbers")
  func impossible() throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 4)
    for i in 0..<9 { try folder.write(Fixtures.picture(7), "validation/copies/\(i).png") }
    let store = try Fixtures.store(folder)
    let few = complaint { _ = try sampler(store, 2, 1, 4) }
    #expect(
      few.contains("train/a has 4 images, train/b has 4 images") && few.contains("5 (1 shots + 4 queries)"))
    #expect(complaint { _ = try sampler(store, 3, 1, 1) }.contains("2 classes, but an episode needs 3"))
    // Nine copies of one picture are one picture.
    #expect(complaint { _ = try sampler(store, 1, 1, 1, split: .validation) }.contains("1 different"))
  }

  @Test("identical pictures around an odd ring of classes cannot be kept apart, and that is said")
  func inseparable() throws {
    // a = {0, 1}, b = {1, 2}, c = {2, 0}: each class needs one picture on each side, but three pictures
    // cannot alternate around a ring of three.
    let folder = try TemporaryFolder()
    for (name, pictures) in [("a", [0, 1]), ("b", [1, 2]), ("c", [2, 0])] {
      for i in pictures { try folder.write(Fixtures.picture(i), "train/\(name)/\(i).png") }
    }
    try folder.write(Fixtures.picture(9), "test/d/0.png")
    let store = try Fixtures.store(folder)
    let ring = try sampler(store, 3, 1, 1)
    #expect(throws: DatasetError.inseparable(split: .train, index: 4)) { try ring.episode(4) }
    let pair = try sampler(store, 2, 1, 1)
    for i in 0..<50 { check(try pair.episode(i), store, pair.shape) }
  }

  @Test(
    "with any pattern of copies a class is refused, or its episodes are whole",
    arguments: [[1, 1, 1, 1], [2, 2, 2], [3, 1, 1], [1, 3, 2], [4, 2], [2, 1, 1, 1, 1], [6]])
  func patterns(copies: [Int]) throws {
    let folder = try Fixtures.folder(["test/other"], images: 1)
    for (content, count) in copies.enumerated() {
      for i in 0..<count { try folder.write(Fixtures.picture(content + 50), "train/a/\(content)-\(i).png") }
    }
    let store = try Fixtures.store(folder)
    let total = copies.reduce(0, +)
    for shots in 1..<total {
      for queries in 1...total - shots {
        guard let sampler = try? sampler(store, 1, shots, queries) else {
          // Without copies enough different pictures are always enough.
          #expect(copies.count < shots + queries)
          continue
        }
        for i in 0..<20 { check(try sampler.episode(i), store, sampler.shape) }
      }
    }
  }

  @Test("pixels are laid out [C, N, H, W], by class, turned, divided by 255", arguments: [1, 3])
  func pixels(channels: Int) throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 5)
    let store = try ImageStore(
      DatasetIndex(root: folder.path), preparation: ImagePreparation(imageSize: 4, channels: channels))
    let description = try sampler(store, 2, 2, 3, .episode).episode(4)
    let episode = try store.episode(description)
    #expect(episode.support.labels == [0, 0, 1, 1] && episode.query.labels == [0, 0, 0, 1, 1, 1])
    for (images, paths) in [(episode.support, description.support), (episode.query, description.query)] {
      #expect(images.pixels.count == channels * images.count * 16)
      for (n, path) in paths.joined().enumerated() {
        let bytes = Array(try #require(store.bytes(of: path)))
        for c in 0..<channels {
          let plane = rotated(
            Array(bytes[c * 16..<c * 16 + 16]), size: 4, degrees: description.rotations[images.labels[n]])
          let start = (c * images.count + n) * 16
          #expect(Array(images.pixels[start..<start + 16]) == plane.map { Float($0) / 255 })
        }
      }
    }
    var unknown = description
    unknown.support[0][0] = "nowhere.png"
    #expect(throws: DatasetError.unknownImage(path: "nowhere.png")) { try store.episode(unknown) }
  }
}
