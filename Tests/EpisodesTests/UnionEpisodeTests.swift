import Episodes
import Foundation
import Images
import TestData
import Testing

@Suite("Episodes of a union")
struct UnionEpisodeTests {
  /// Data sets by name, each with classes and how many images each of them has.
  private func store(
    _ sets: [(name: String, classes: [String])], images: Int = 6, split: SplitSource = .whole(.train)
  ) throws -> (folder: TemporaryFolder, store: ImageStore) {
    let folder = try TemporaryFolder()
    var number = 0
    for (name, classes) in sets {
      for item in classes {
        for i in 0..<images {
          try folder.write(Fixtures.picture(number), "\(name)/\(item)/\(i).png")
          number += 1
        }
      }
    }
    let roots = try DataRoots(sets.map { "\(folder.path)/\($0.name)" })
    return (
      folder,
      try ImageStore(
        DatasetIndex(roots, split: split), preparation: ImagePreparation(imageSize: 4))
    )
  }

  private static let three: [(name: String, classes: [String])] = [
    ("few", (0..<3).map { "c\($0)" }), ("many", (0..<40).map { "c\($0)" }),
    ("groups", (0..<12).map { "g\($0 / 4)/c\($0)" }),
  ]

  private func sampler(
    _ store: ImageStore, _ shape: EpisodeShape = EpisodeShape(ways: 3, shots: 1, queries: 2),
    _ rotations: RotationPolicy = .none, seed: UInt64 = 5
  ) throws -> EpisodeSampler {
    try EpisodeSampler(store, split: .train, shape: shape, rotations: rotations, seed: seed)
  }

  private func set(_ name: String) -> Substring { name.prefix { $0 != "/" } }

  @Test(
    "the classes of an episode come from one set, and each set is as likely",
    arguments: RotationPolicy.allCases,
    [
      EpisodeShape(ways: 3, shots: 1, queries: 2),
      EpisodeShape(ways: 3, shots: 2, queries: 2, sizes: .available),
      EpisodeShape(ways: 10, shots: 1, queries: 2, fewestWays: 3, sizes: .variable),
      EpisodeShape(ways: 3, shots: 1, queries: 2, sampling: .folder),
    ])
  func oneSet(rotations: RotationPolicy, shape: EpisodeShape) throws {
    let (folder, store) = try store(Self.three)
    defer { withExtendedLifetime(folder) {} }
    let sampler = try sampler(store, shape, rotations)
    var counts: [Substring: Int] = [:]
    let all = 1200
    for i in 0..<all {
      let episode = try sampler.episode(i)
      let sets = Set(episode.classes.map(set))
      #expect(sets.count == 1)
      let paths = (episode.support + episode.query).joined()
      #expect(Set(paths.map(set)) == sets)
      counts[sets.first ?? "", default: 0] += 1
      // Within a set of groups, of one group.
      if shape.sampling == .folder, sets == ["groups"] {
        #expect(Set(episode.classes.map { $0.split(separator: "/")[1] }).count == 1)
      }
    }
    #expect(counts.count == 3)
    // Five standard deviations of a binomial draw.
    let spread = 5 * (Double(all) * (1.0 / 3) * (2.0 / 3)).squareRoot()
    for (name, count) in counts { #expect(abs(Double(count) - Double(all) / 3) < spread, "\(name) \(count)") }
  }

  @Test("episodes are a function of seed and index, and a union of one set has those of the set")
  func pure() throws {
    let (folder, store) = try store(Self.three)
    let sampler = try sampler(store)
    let forwards = try (0..<30).map(sampler.episode)
    #expect(try (0..<30).reversed().map(self.sampler(store).episode) == forwards.reversed())
    #expect(try self.sampler(store, seed: 6).episode(0) != forwards[0])
    let root = "\(folder.path)/many"
    func prepared(_ index: DatasetIndex) throws -> ImageStore {
      try ImageStore(index, preparation: ImagePreparation(imageSize: 4))
    }
    let one = try self.sampler(prepared(DatasetIndex(DataRoots([root]), split: .whole(.train))))
    let own = try self.sampler(prepared(DatasetIndex(root: root, split: .whole(.train))))
    for i in 0..<30 { #expect(try one.episode(i) == own.episode(i)) }
    #expect(try own.episode(0).classes.allSatisfy { !$0.contains("/") })
  }

  @Test("a frozen list of a union is verified against it, and against no part of it")
  func lists() throws {
    let (folder, store) = try store(Self.three)
    let list = try EpisodeList(20, from: sampler(store), of: store)
    let again = try EpisodeList(parsing: Array(list.text.utf8))
    #expect(again == list)
    try again.verify(against: store)
    let part = try ImageStore(
      DatasetIndex(root: "\(folder.path)/many", split: .whole(.train)),
      preparation: ImagePreparation(imageSize: 4))
    let sentence = complaint { try again.verify(against: part) }
    #expect(sentence.contains("several folders the same --data in the same order"), "\(sentence)")
  }

  @Test("episodes without a common image come from one set each, from every set as many")
  func disjoint() throws {
    let (folder, store) = try store(Self.three)
    defer { withExtendedLifetime(folder) {} }
    let episodes = try sampler(store).disjointEpisodes(upTo: 100)
    // The smallest set has 3 classes of 6 images, and an episode takes 3 of each.
    #expect(episodes.count == 6)
    #expect(Dictionary(grouping: episodes) { set($0.classes[0]) }.values.allSatisfy { $0.count == 2 })
    #expect(try sampler(store).disjointEpisodes(upTo: 2).isEmpty)
    var seen: Set<String> = []
    for episode in episodes {
      #expect(Set(episode.classes.map(set)).count == 1)
      for path in (episode.support + episode.query).joined() { #expect(seen.insert(path).inserted) }
    }
  }

  @Test("a set with too few classes for the ways is named; one with none in a split takes no part in it")
  func shortage() throws {
    let (folder, store) = try store(Self.three)
    defer { withExtendedLifetime(folder) {} }
    let shape = EpisodeShape(ways: 5, shots: 1, queries: 2)
    let sentence = complaint { _ = try sampler(store, shape) }
    #expect(sentence.contains("The train split of few has 3 classes, but an episode needs 5"), "\(sentence)")
    #expect(try sampler(store, shape, .class).episode(0).classes.count == 5)

    let parts = ["train", "val", "test"].flatMap { part in (0..<4).map { "\(part)/c\($0)" } }
    func divided(_ few: [String]) throws -> (TemporaryFolder, ImageStore) {
      try self.store([("few", few), ("many", parts)], split: .automatic)
    }
    func refused(_ few: [String]) throws -> String {
      let (folder, store) = try divided(few)
      defer { withExtendedLifetime(folder) {} }
      return complaint {
        let three = EpisodeShape(ways: 3, shots: 1, queries: 2)
        try EpisodeSampler.refuseShortage(
          of: store, for: [three, three, three], rotations: .none, divisions: ["first", "second"])
      }
    }
    let small = try refused(["train/a", "train/b", "train/c", "val/d", "test/e", "test/f"])
    for words in [
      "The data set few has too few classes", "val has 1 class and needs 3", "test has 2 classes and needs 3",
      "divided by: first", "--write-split",
    ] { #expect(small.contains(words), "\(small)") }
    #expect(!small.contains("train has"))
    #expect(try refused(["val/d", "val/e", "val/f", "test/a", "test/b", "test/c"]) == "")
    let (kept, tested) = try divided(["val/d", "val/e", "val/f", "test/a", "test/b", "test/c"])
    defer { withExtendedLifetime(kept) {} }
    let training = try EpisodeSampler(
      tested, split: .train, shape: EpisodeShape(ways: 3, shots: 1, queries: 2), seed: 1)
    for i in 0..<40 { #expect(try training.episode(i).classes.allSatisfy { $0.hasPrefix("many/") }) }
  }
}
