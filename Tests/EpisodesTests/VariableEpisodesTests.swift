import Episodes
import Images
import Randomness
import TestData
import Testing

@Suite("Episodes of variable size")
struct VariableEpisodesTests {
  /// Classes of 2 to 60 images, in two folders of five and one of two.
  private static let counts = [
    "a/1": 2, "a/2": 7, "a/3": 12, "a/4": 30, "a/5": 60, "b/1": 4, "b/2": 9, "b/3": 20, "b/4": 40, "b/5": 45,
    "c/1": 25, "c/2": 50,
  ]

  private static let store: Result<ImageStore, any Error> = Result {
    let folder = try TemporaryFolder()
    var number = 0
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      for i in 0..<count {
        try folder.write(Fixtures.picture(number), "train/\(name)/\(i + 100).png")
        number += 1
      }
    }
    return try Fixtures.store(folder)
  }

  private func sampler(
    _ fewest: Int = 3, _ most: Int = 8, queries: Int = 10, sampling: ClassSampling = .uniform,
    rotations: RotationPolicy = .none, sizes: ClassSizes = .variable
  ) throws -> EpisodeSampler {
    let store = try Self.store.get()
    return try EpisodeSampler(
      store, split: .train,
      shape: EpisodeShape(
        ways: most, shots: 5, queries: queries, fewestWays: fewest, sizes: sizes, sampling: sampling),
      rotations: rotations, seed: 3)
  }

  private func images(_ name: String) -> Int {
    let plain = name.split(separator: "@")[0].dropFirst("train/".count)
    return Self.counts[String(plain)] ?? 0
  }

  @Test("every episode keeps the limits of Meta-Dataset", arguments: RotationPolicy.allCases)
  func limits(rotations: RotationPolicy) throws {
    let sampler = try sampler(rotations: rotations)
    var ways: Set<Int> = []
    for i in 0..<400 {
      let episode = try sampler.episode(i)
      ways.insert(episode.classes.count)
      let sizes = episode.classes.map(images)
      let queries = min(10, (sizes.min() ?? 0) / 2)
      #expect(episode.query.allSatisfy { $0.count == queries })
      for (support, size) in zip(episode.support, sizes) {
        #expect((1...(size - queries)).contains(support.count))
      }
      #expect(episode.support.joined().count <= 500)
      #expect(Set(episode.support.joined()).isDisjoint(with: episode.query.joined()))
      #expect((episode.support + episode.query).allSatisfy { Set($0).count == $0.count })
      #expect(Set(episode.classes).count == episode.classes.count)
    }
    #expect(ways == Set(3...8))
    #expect(try sampler.episode(7) == sampler.episode(7))
  }

  @Test("ways are drawn evenly from their range")
  func evenWays() throws {
    let sampler = try sampler()
    let counts = Dictionary(
      try (0..<3000).map { (try sampler.episode($0).classes.count, 1) }, uniquingKeysWith: +)
    // 500 expected of each of six, deviation 20.
    #expect(counts.count == 6 && counts.values.allSatisfy { (390...610).contains($0) })
  }

  /// The paper's formulas, written again, with random numbers of their own.
  private func drawn(_ sizes: [Int], _ stream: inout RandomStream) -> [Int] {
    let q = min(10, sizes.map { $0 / 2 }.min() ?? 0)
    let beta = stream.uniform()
    var total = 0
    for n in sizes { total += Int((beta * Double(min(100, n - q))).rounded(.up)) }
    total = min(500, total)
    let weights = sizes.map { n in
      var alpha = 1.0
      // e to a number between ln ½ and ln 2, by its series.
      let x = stream.uniform(-0.6931471805599453, 0.6931471805599453)
      var term = 1.0
      for k in 1..<20 {
        term *= x / Double(k)
        alpha += term
      }
      return alpha * Double(n)
    }
    let sum = weights.reduce(0, +)
    return zip(sizes, weights).map { n, w in
      min(Int(w / sum * Double(total - sizes.count)) + 1, n - q)
    }
  }

  @Test("shots of large and of small classes are as many on average as the formulas give")
  func proportions() throws {
    let sampler = try sampler(12, 12)
    let names = Self.counts.keys.sorted()
    var found = names.map { _ in [Double]() }
    var expected = found
    var stream = RandomStream(seed: 99, purpose: "oracle")
    for i in 0..<2000 {
      let episode = try sampler.episode(i)
      for (c, name) in names.enumerated() {
        let place = try #require(episode.classes.firstIndex(of: "train/\(name)"))
        found[c].append(Double(episode.support[place].count))
      }
      for (c, shots) in drawn(names.map { Self.counts[$0] ?? 0 }, &stream).enumerated() {
        expected[c].append(Double(shots))
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    for c in names.indices {
      let spread = mean(expected[c].map { ($0 - mean(expected[c])) * ($0 - mean(expected[c])) })
      let error = (2 * spread / 2000).squareRoot()
      #expect(abs(mean(found[c]) - mean(expected[c])) <= 5 * error, "\(names[c])")
    }
    // The largest class has most, the smallest, of two images, always one.
    #expect(mean(found[4]) > 3 * mean(found[1]) && found[0].allSatisfy { $0 == 1 })
  }

  @Test("classes of one folder come together, folders alike, at most as many as there are")
  func folders() throws {
    let sampler = try sampler(4, 8, sampling: .folder)
    var counts: [Substring: Int] = [:]
    for i in 0..<600 {
      let episode = try sampler.episode(i)
      let folders = Set(episode.classes.map { $0.split(separator: "/")[1] })
      #expect(folders.count == 1 && (4...5).contains(episode.classes.count))
      for folder in folders { counts[folder, default: 0] += 1 }
    }
    // The folder c has two classes only.
    #expect(counts.count == 2 && counts.values.allSatisfy { (220...380).contains($0) })
    #expect(
      complaint { _ = try self.sampler(6, 8, sampling: .folder) }.contains("has 5, and an episode needs 6"))
  }

  @Test("a class with too few images gives what it has, one to each side at least")
  func available() throws {
    let sampler = try sampler(12, 12, queries: 15, sizes: .available)
    #expect(Set(sampler.shortClasses) == ["train/a/1", "train/a/2", "train/a/3", "train/b/1", "train/b/2"])
    for i in 0..<50 {
      let episode = try sampler.episode(i)
      for c in episode.classes.indices {
        let size = images(episode.classes[c])
        let shots = min(5, size - 1)
        #expect(episode.support[c].count == shots && episode.query[c].count == min(15, size - shots))
        #expect(Set(episode.support[c]).isDisjoint(with: episode.query[c]))
      }
    }
    let store = try Self.store.get()
    #expect(
      complaint {
        _ = try EpisodeSampler(
          store, split: .train, shape: EpisodeShape(ways: 12, shots: 5, queries: 15), seed: 3)
      }.contains("5 classes have too few images"))
  }

  @Test(
    "a frozen list is read as it was written, fits its data, and is refused where it breaks its own rules",
    arguments: ClassSizes.allCases)
  func roundTrip(sizes: ClassSizes) throws {
    let store = try Self.store.get()
    let sampler = try sampler(2, 4, queries: 1, sizes: sizes == .equal ? .available : sizes)
    let list = try EpisodeList(20, from: sampler, of: store)
    let read = try EpisodeList(parsing: Array(list.text.utf8))
    #expect(read == list && read.text == list.text && list.text.contains("\"version\":2"))
    try read.verify(against: store)
    func fault(_ change: (inout EpisodeList) -> Void) -> String {
      var changed = list
      change(&changed)
      return complaint { _ = try EpisodeList(parsing: Array(changed.text.utf8)) }
    }
    #expect(fault { $0.header.shape.ways = 3 }.contains(" entries, the header says 2 to 3 ways"))
    #expect(fault { $0.episodes[0].query[0] = [] }.contains("has 0 query images, not 1 to 1"))
    #expect(fault { $0.episodes[0].support[1] += $0.episodes[0].support[1] }.contains("image"))
    #expect(fault { $0.episodes[0].rotations.removeLast() }.contains("rotations has"))
    // Before there were variable episodes there was no version 2.
    let older = list.text.replacing("\"version\":2", with: "\"version\":1")
    #expect(!complaint { _ = try EpisodeList(parsing: Array(older.utf8)) }.isEmpty)
  }

  @Test("plain episodes and lists are those of earlier versions, byte for byte")
  func plain() throws {
    let store = try Fixtures.glyphs.get().store
    let shape = EpisodeShape(ways: 5, shots: 1, queries: 15)
    #expect(shape.isPlain && shape.words == "5 ways, 1 shots, 15 queries")
    let list = try EpisodeList(
      2, from: EpisodeSampler(store, split: .test, shape: shape, seed: 7), of: store)
    #expect(list.text.hasPrefix("{\"format\":\"fewshot-episodes\",\"version\":1,"))
    #expect(!list.text.contains("fewest_ways"))
  }
}
