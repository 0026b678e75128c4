import Episodes
import Images
import TestData
import Testing

@Suite("Episodes without replacement of images")
struct DisjointEpisodesTests {
  private func sampler(
    _ store: ImageStore, _ ways: Int, _ shots: Int, _ queries: Int, _ rotations: RotationPolicy = .none,
    seed: UInt64 = 1
  ) throws -> EpisodeSampler {
    try EpisodeSampler(
      store, split: .train, shape: EpisodeShape(ways: ways, shots: shots, queries: queries),
      rotations: rotations, seed: seed)
  }

  @Test("no picture is used twice, and every episode is whole", arguments: RotationPolicy.allCases)
  func disjoint(rotations: RotationPolicy) throws {
    let store = try Fixtures.glyphs.get().store
    let sampler = try sampler(store, 5, 1, 4, rotations)
    let episodes = sampler.disjointEpisodes(upTo: 10_000)
    let images = episodes.flatMap { ($0.support + $0.query).joined() }
    #expect(Set(images.map { store.contentKey(of: $0) }).count == images.count)
    for (i, episode) in episodes.enumerated() {
      #expect(episode.index == i && Set(episode.classes).count == 5)
      #expect(episode.support.map(\.count) == Array(repeating: 1, count: 5))
      #expect(episode.query.map(\.count) == Array(repeating: 4, count: 5))
      // It can be read: images lie in the class they are said to.
      for (name, paths) in zip(episode.classes, episode.support) {
        #expect(paths.allSatisfy { $0.hasPrefix(name.split(separator: "@")[0] + "/") })
      }
    }
    #expect(Set(episodes.flatMap(\.rotations)).count == (rotations == .none ? 1 : 4))
    // 20 images a class are 4 parts of 5; all of them are used.
    let classes = store.classes(in: .train).count
    #expect(store.duplicates.isEmpty && episodes.count == classes * 4 / 5)
  }

  @Test("as many episodes as possible come out of classes of different sizes, and no more than wanted")
  func most() throws {
    // Parts of 2 images: 1, 1, 2, 3. With 2 ways at most ⌊7/2⌋ = 3 episodes, if the large class is in all.
    let folder = try Fixtures.folder(["val/y", "test/z"], images: 2)
    for (c, count) in [2, 3, 4, 6].enumerated() {
      for i in 0..<count { try folder.write(Fixtures.picture(100 + 10 * c + i), "train/\(c)/\(i).png") }
    }
    let store = try Fixtures.store(folder)
    for seed in 0..<20 {
      let sampler = try sampler(store, 2, 1, 1, seed: UInt64(seed))
      #expect(sampler.disjointEpisodes(upTo: 50).count == 3)
      #expect(sampler.disjointEpisodes(upTo: 2) == Array(sampler.disjointEpisodes(upTo: 50).prefix(2)))
    }
    #expect(try sampler(store, 2, 1, 1).disjointEpisodes(upTo: 0).isEmpty)
    let orders = try (0..<20).map { try sampler(store, 2, 1, 1, seed: UInt64($0)).disjointEpisodes(upTo: 50) }
    #expect(Set(orders).count > 10)
  }

  @Test("a picture that two classes share is used in one of them")
  func shared() throws {
    let folder = try Fixtures.folder(["train/a", "train/b", "test/c"], images: 3)
    for name in ["a", "b"] {
      for i in 0..<3 { try folder.write(Fixtures.picture(200 + i), "train/\(name)/same\(i).png") }
    }
    let store = try Fixtures.store(folder)
    // Nine different pictures: 6 for a, 3 for b, so 1 episode of 2 ways and 3 images a class, not 2.
    let episodes = try sampler(store, 2, 1, 2).disjointEpisodes(upTo: 9)
    #expect(episodes.count == 1)
    let images = episodes.flatMap { ($0.support + $0.query).joined() }
    #expect(Set(images.map { store.contentKey(of: $0) }).count == 6)
  }
}
